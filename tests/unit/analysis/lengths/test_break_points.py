"""Where accuracy breaks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis import lengths


def slow_fit(shares, counts):
    """The nearest accuracies that never rise, by their definition as least of largest means (Robertson et al. 1988)."""
    places = range(len(shares))

    def mean(first, last):
        return np.average(shares[first : last + 1], weights=counts[first : last + 1])

    return [min(max(mean(first, last) for last in places if last >= at) for first in range(at + 1)) for at in places]


curves = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=2, max_size=8)


@given(curves, st.sampled_from([0.9, 0.5, 0.25]))
def test_points_are_where_the_fitted_curve_says(drawn, level):
    counts = np.array([n for _, n in drawn])
    shares = np.array([min(right, n) / n for right, n in drawn])
    asked = np.cumsum(counts).astype(float)  # any lengths that rise

    (last,), (crossing,) = lengths.points(asked, shares[None], counts, level)

    fitted = lengths.fall(shares, counts)
    assert fitted.tolist() == pytest.approx(slow_fit(shares, counts))
    at = int((fitted >= level - 1e-9).sum())
    if at in (0, len(asked)):
        assert last == crossing == (math.inf if at else -math.inf)
    else:
        assert last == asked[at - 1]
        assert np.interp(crossing, asked, fitted) == pytest.approx(level)
        assert asked[at - 1] <= crossing <= asked[at]


def test_a_break_point_is_the_last_length_at_nine_tenths_and_half_accuracy_lies_between_lengths(reach):
    found = reach({10: 1.0, 20: 0.9, 30: 0.8, 50: 0.2, 100: 0.0})

    assert found.break_point.value == 20
    assert found.half_length.value == pytest.approx(30 + 20 * (0.8 - 0.5) / 0.6)


def test_a_dip_by_chance_breaks_nothing_and_a_peak_by_chance_mends_nothing(reach):
    found = reach(
        {length: {5: 0.88, 14: 0.6}.get(length, 1.0 if length < 12 else 0.3) for length in range(1, 16)}, n=50
    )

    assert found.break_point.value == 11
    assert 11 < found.half_length.value < 12


def test_a_curve_that_stays_high_or_low_is_censored_on_that_side(reach):
    high, low = reach({10: 1.0, 20: 0.95}), reach({10: 0.4, 20: 0.0})

    assert [one.value for one in (high.break_point, high.half_length)] == [math.inf, math.inf]
    assert [one.value for one in (low.break_point, low.half_length)] == [-math.inf, -math.inf]
    assert low.half_length.high < 20
    assert high.half_length == lengths.Estimate(math.inf, math.inf, math.inf)
