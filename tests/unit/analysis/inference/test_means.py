"""Where an interval lies; how often it holds the truth, tests/bench/test_coverage.py says."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from genbench.analysis.inference import between, layout, of_values, wilson


def test_one_seed_without_clusters_has_wilsons_interval(drawn):
    marks = drawn(1, 200)

    found = between(layout(marks))

    assert found == pytest.approx(proportion_confint(marks.sum(), 200, method="wilson"), abs=1e-4)  # 1.96, rounded
    assert found == pytest.approx(wilson(float(marks.mean()), 200))


def test_seeds_that_answer_alike_are_no_more_questions():
    once = (np.arange(50) % 3 == 0).astype(float)[None]

    assert between(layout(np.repeat(once, 3, axis=0))) == pytest.approx(between(layout(once)))


def test_seeds_that_scatter_widen_the_interval(drawn):
    (low, high), (least, most) = (between(layout(drawn(5, 500, spread=spread))) for spread in (0.0, 1.5))

    assert most - least > 2 * (high - low)


def test_all_answers_right_leave_room_below(drawn):
    low, high = between(layout(np.ones((3, 100))))

    assert (low, high) == (pytest.approx(wilson(1.0, 100)[0]), 1.0)


def test_few_clusters_make_an_interval_wider_than_their_questions_would(drawn):
    marks = np.repeat(drawn(1, 10), 40, axis=1)

    low, high = between(layout(marks, np.arange(400) // 40))

    assert high - low > 4 * np.subtract(*between(layout(marks))[::-1])


@pytest.mark.parametrize("ends", [(-np.inf, np.inf), (2.9, np.inf)])
def test_an_unbounded_mean_lies_between_the_ends_of_its_metric(ends):
    low, high = between(of_values([3.0, 3.4, 2.8], 40, bounded=False, errors=[0.1, 0.2, 0.1]), bounded=False, ends=ends)

    assert ends[0] <= low < 3.07 < high


def test_one_seed_of_which_nothing_else_is_known_has_no_interval():
    assert between(of_values([3.5], 40, bounded=False), bounded=False) == (None, None)
