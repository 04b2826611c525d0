"""Intervals from figures that were drawn again."""

import math

import numpy as np

from genbench.analysis.bootstrap import between_draws, between_percentiles, stream
from genbench.analysis.intervals import Estimate


def test_an_analysis_has_a_stream_of_its_own():
    one, again, other = (stream("lengths", who).random() for who in ("a", "a", "b"))

    assert one == again != other


def test_percentiles_leave_out_draws_without_a_figure():
    drawn = np.append(np.arange(101.0), [np.nan, np.nan])

    assert between_percentiles(50.0, drawn) == Estimate(50.0, 2.5, 97.5)


def test_without_a_figure_there_is_no_interval():
    found = [between_percentiles(np.nan, np.arange(3.0)), between_percentiles(0.5, np.full(3, np.nan))]

    assert all(math.isnan(one.low) and math.isnan(one.high) for one in found)


def test_between_draws_nothing_is_interpolated_and_the_value_is_held():
    drawn = np.array([1.0] * 50 + [np.inf] * 50)

    assert between_draws(np.inf, drawn) == Estimate(np.inf, 1.0, np.inf)
    assert between_draws(0.0, drawn) == Estimate(0.0, 0.0, np.inf)
