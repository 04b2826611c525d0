import numpy as np
import pytest
from datasets import Dataset

from genbench.errors import BadValue
from genbench.kit.probe import probe


def rows(count):
    return Dataset.from_dict({"x": list(range(count))})


def test_a_seed_probes_the_same_rows_whoever_asks_and_another_seed_others():
    np.random.seed(1)  # noqa: NPY002  what a submission draws besides moves nothing
    first = probe(rows(100), 10, 0)
    np.random.random(5)  # noqa: NPY002

    assert (probe(rows(100), 10, 0) == first).all()
    assert len(set(first)) == 10
    assert (np.diff(first) > 0).all()
    assert not np.array_equal(probe(rows(100), 10, 1), first)


def test_of_fewer_rows_all_are_probed():
    assert probe(rows(5), 10, 0).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("count", "wanted", "words"), [(5, 0, "a probe of 0 rows"), (0, 5, "no rows to probe")])
def test_a_probe_without_rows_is_refused(count, wanted, words):
    with pytest.raises(BadValue, match=words):
        probe(rows(count), wanted, 0)
