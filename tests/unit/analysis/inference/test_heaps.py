"""When seeds are told as heaps."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from genbench.analysis.inference import clopper_pearson, heap


@pytest.mark.parametrize(("many", "of"), [(0, 4), (3, 3), (4, 5)])
def test_the_share_of_seeds_has_the_exact_interval(many, of):
    assert clopper_pearson(many, of) == pytest.approx(proportion_confint(many, of, method="beta"))


def test_seeds_that_part_are_counted():
    found = heap([0.97, 0.05, 0.99, 0.93, 0.95])

    assert (found.many, found.seeds, found.least) == (4, 5, 0.9)


@pytest.mark.parametrize("values", [[0.1, 0.9], [0.3, 0.5, 0.7, 0.9], [0.5, 0.51, 0.52], [0.1, 0.5, 0.9]])
def test_two_seeds_and_seeds_that_scatter_evenly_are_no_heaps(values):
    assert heap(values) is None


def test_where_seeds_are_known_to_part_those_that_all_succeed_are_counted_too():
    found = heap([0.99, 0.97, 1.0], bimodal=True)

    assert (found.many, found.seeds, found.low) == (3, 3, pytest.approx(0.292, abs=1e-3))
    assert heap([0.99, 0.97, 1.0]) is None
