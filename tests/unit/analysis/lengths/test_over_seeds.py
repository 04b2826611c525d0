"""Intervals, and what is read off seeds together."""

import math

import numpy as np
import pytest

from genbench.analysis import lengths


def test_intervals_hold_the_truth_as_often_as_they_say():
    """One seed, 60 questions at each of 12 lengths; the truth is known, and 95 % of intervals hold it."""
    stream = np.random.default_rng(5)
    asked = np.arange(2.0, 26.0, 2)
    truth = 1 / (1 + np.exp((asked - 13.2) / 3))
    counts = np.full(12, 60)
    half = lengths.points(asked, truth[None], counts, 0.5)[1][0]
    area = np.trapezoid(truth, asked) / 22
    held = np.zeros(3)
    for trial in range(300):
        shares = tuple((stream.binomial(counts, truth) / counts).tolist())
        found = lengths.reach(
            [lengths.Reading("t", "s", str(trial), "full", "length", 0, "c", tuple(asked), shares, tuple(counts))]
        )
        held += [
            found.half_length.low <= half <= found.half_length.high,
            found.area.low <= area <= found.area.high,
            found.break_point.low <= 6 <= found.break_point.high,  # truth is .917 at 6, .850 at 8
        ]

    assert (held / 300 > 0.92).all()


def test_seeds_that_differ_widen_the_intervals_as_students_t_would(reach):
    apart, alike = (
        reach([{10: 1.0, 20: 0.7 + step, 40: 0.0} for step in steps], n=100_000)
        for steps in ((-0.1, 0.0, 0.1), (0.0, 0.0, 0.0))
    )

    # Over the seeds alone: accuracy at 20 is .7, by t with 2 degrees of freedom .452 to .948; half is at 34.3 then.
    assert alike.half_length.value == apart.half_length.value == pytest.approx(25.71, abs=0.01)
    assert alike.half_length.high - alike.half_length.low < 0.5
    assert apart.half_length.high == pytest.approx(40 - 20 * 0.5 / 0.948, abs=0.5)
    assert apart.half_length.low == pytest.approx(10 + 10 * 0.5 / 0.548, abs=0.5)
    assert apart.area.high - apart.area.low > 10 * (alike.area.high - alike.area.low)


def test_one_seed_has_the_interval_of_its_questions(reach):
    few, many = reach({10: 0.95, 20: 0.1}, n=20), reach({10: 0.95, 20: 0.1}, n=2000)

    assert few.break_point == lengths.Estimate(10, -math.inf, 10)
    assert many.break_point == lengths.Estimate(10, 10, 10)


def test_the_same_rows_give_the_same_intervals_whatever_stands_beside(cell, scores, told):
    (alone,), _ = told([cell()], scores({10: 0.9, 20: 0.6, 30: 0.3}))
    rows = scores({10: 0.9, 20: 0.6, 30: 0.3}) + scores({10: 0.1, 20: 0.0}, "b", submission="lstm")

    found, _ = told([cell(), cell("b", submission="lstm")], rows)

    assert found[0] == alone
    assert [one.readings[0].submission for one in found] == ["gru", "lstm"]


def test_misfit_is_how_far_accuracy_is_from_falling(reach):
    assert reach({10: 1.0, 20: 0.5, 30: 0.1}).misfit == 0
    assert reach({10: 0.0, 20: 1.0}).misfit == pytest.approx(0.5)
