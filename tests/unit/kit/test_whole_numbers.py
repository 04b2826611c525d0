from types import SimpleNamespace

import pytest
from datasets import Dataset

from genbench.kit.whole_numbers import examples, side_by_side

CONTEXT = SimpleNamespace(inputs={"b": "int64", "a": "int64"}, target="sum")


def test_columns_stand_in_the_order_of_their_names():
    given = Dataset.from_dict({"a": [1, 2], "b": [3, 4]})

    assert side_by_side(given, ["b", "a"]).tolist() == [[3, 1], [4, 2]]


@pytest.mark.parametrize(("a", "total", "modulus"), [([1, 2], [4, 6], 7), ([9, 2], [0, 1], 10)])
def test_the_modulus_is_one_above_the_largest_value_on_either_side(a, total, modulus):
    train = Dataset.from_dict({"a": a, "b": [3, 4], "sum": total})

    values, target, found = examples(train, CONTEXT)

    assert values.tolist() == [[3, a[0]], [4, a[1]]]
    assert target.tolist() == total
    assert found == modulus


@pytest.mark.parametrize(("a", "total"), [([-1], [0]), ([0], [-1])])
def test_negative_numbers_are_refused(a, total):
    train = Dataset.from_dict({"a": a, "b": [0], "sum": total})

    with pytest.raises(ValueError, match="inputs and target must be integers from 0 on"):
        examples(train, CONTEXT)
