"""The area under accuracy by length."""

import numpy as np
import pytest

from genbench.analysis.standings import interval


def test_the_area_is_the_mean_accuracy_at_a_length_drawn_from_the_range_asked(reach):
    accuracy = {10: 1.0, 20: 0.9, 30: 0.8, 50: 0.2, 100: 0.0}

    found = reach(accuracy)

    drawn = np.interp(np.linspace(10, 100, 900_001), list(accuracy), list(accuracy.values()))
    assert found.area.value == pytest.approx(drawn.mean(), abs=1e-5)
    assert reach({10: 1.0, 500: 1.0}).area.value == 1


def test_an_area_of_two_lengths_has_the_interval_of_their_mean(reach):
    """By MOVER; the lengths weigh the same, so two halves of one set of questions make nearly the set's own."""
    found = reach([{10: 0.6, 20: 0.6}, {10: 0.7, 20: 0.7}, {10: 0.8, 20: 0.8}], n=500)

    mean, low, high = interval([0.6, 0.7, 0.8], 1000)
    assert found.area.value == pytest.approx(mean)
    assert (found.area.low, found.area.high) == pytest.approx((low, high), abs=2e-3)
