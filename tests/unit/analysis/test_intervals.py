"""Intervals: of the questions, of the seeds, and of both."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis.standings import interval, wilson

shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596), (1, 1, 0.207, 1.0)],
)
def test_wilson_gives_the_known_intervals(right, n, low, high):
    found = wilson(right / n, n)

    assert found == pytest.approx((low, high), abs=5e-4)


def test_seeds_and_questions_add_in_squares_on_each_side_by_itself():
    # Three seeds: standard deviation 0.1, Student's t 4.303 with two degrees of freedom.
    across = 4.303 * 0.1 / math.sqrt(3)
    low, high = wilson(0.5, 1000)

    mean, found_low, found_high = interval([0.4, 0.5, 0.6], 1000)

    assert mean == pytest.approx(0.5)
    assert found_low == pytest.approx(0.5 - math.hypot(0.5 - low, across), abs=1e-4)
    assert found_high == pytest.approx(0.5 + math.hypot(high - 0.5, across), abs=1e-4)


@given(values=st.lists(shares, min_size=1, max_size=6), questions=st.integers(1, 10**6))
def test_an_interval_holds_its_mean_and_stays_in_range(values, questions):
    mean, low, high = interval(values, questions)

    assert 0 <= low <= mean <= high <= 1


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6))
def test_an_unbounded_metric_has_the_interval_of_its_seeds(values):
    mean, low, high = interval(values, 10, bounded=False)

    assert low <= mean <= high
