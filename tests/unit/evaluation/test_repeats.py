"""Repeats: what an interval of a median is, and when a measurement has been repeated enough."""

import math

import numpy as np
import pytest

from genbench.evaluation.repeats import Rule, interval, is_tight, repeat, repeat_after

PATIENT = Rule(most=1000, seconds=1e9)


class Clock:
    """A clock that moves only when a measurement takes its time."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def measurement(clock, samples, seconds_each=0.0):
    """A measurement that gives `samples` in turn (the last for ever) and takes `seconds_each` on the clock."""
    calls = []

    def once(number):
        calls.append(number)
        clock.now += seconds_each
        return samples[min(number, len(samples) - 1)]

    once.calls = calls
    return once


# The lower rank is scipy.stats.binom.ppf(0.025, count, 0.5); the upper one lies as far from the other end.
@pytest.mark.parametrize(
    ("count", "low", "high"), [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)]
)
def test_the_interval_of_a_median_lies_between_the_order_statistics_of_the_sign_test(count, low, high):
    ranks = [float(rank) for rank in range(1, count + 1)]

    found = interval(ranks[::2] + ranks[1::2])

    assert found == (low, high)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_fewer_than_six_samples_hold_no_interval(count):
    found = interval([1.0] * count)

    assert found is None


def test_the_interval_leaves_the_median_of_a_skewed_distribution_out_at_most_once_in_twenty():
    samples = np.random.default_rng(0).exponential(size=(2000, 25))
    intervals = [interval(row.tolist()) for row in samples]

    missed = sum(not low <= math.log(2) <= high for low, high in intervals)

    assert missed / len(intervals) < 0.05


def test_an_interval_as_wide_as_allowed_is_not_tight():
    samples = [100.0] * 5 + [105.0] * 5

    tight = is_tight(samples, 5 / 102.5)

    assert not tight


def test_equal_samples_are_enough_as_soon_as_there_is_an_interval():
    clock = Clock()

    found = repeat(measurement(clock, [2.0]), PATIENT, warm_up=0, clock=clock)

    assert (found.samples, found.ended) == ((2.0,) * 6, "tight")


def test_noisy_samples_are_repeated_to_the_most():
    clock = Clock()
    once = measurement(clock, [1.0, 9.0] * 30)

    found = repeat(once, Rule(most=40, seconds=1e9), warm_up=0, clock=clock)

    assert (len(found.samples), found.ended) == (40, "repeats")


def test_no_repeat_begins_that_the_last_one_says_would_end_late():
    clock = Clock()
    once = measurement(clock, [1.0, 9.0] * 30, seconds_each=3.0)

    found = repeat(once, Rule(most=40, seconds=10.0), warm_up=0, clock=clock)

    assert (len(found.samples), found.ended, clock.now) == (3, "seconds", 1009.0)


def test_warm_up_is_no_sample():
    clock = Clock()
    once = measurement(clock, [50.0, 40.0, 1.0])

    found = repeat(once, PATIENT, warm_up=2, clock=clock)

    assert set(found.samples) == {1.0}


def test_warm_up_takes_a_tenth_of_the_seconds_at_most():
    clock = Clock()
    once = measurement(clock, [1.0], seconds_each=0.6)

    repeat(once, Rule(most=1, seconds=10.0), warm_up=50, clock=clock)

    assert once.calls == [0, 1, 2]


def test_a_call_that_leaves_no_time_is_the_sample_though_it_was_meant_to_warm_up():
    clock = Clock()
    once = measurement(clock, [7.0], seconds_each=60.0)

    found = repeat(once, Rule(most=40, seconds=10.0), warm_up=3, clock=clock)

    assert (found.samples, found.ended, once.calls) == ((7.0,), "seconds", [0])


def test_what_takes_longer_than_allowed_is_not_done_again():
    clock = Clock()
    once = measurement(clock, [7.0])

    found = repeat_after(70.0, 70.0, once, Rule(most=40, seconds=10.0), clock=clock)

    assert (found.samples, found.ended, once.calls) == ((70.0,), "seconds", [])


def test_what_was_done_already_is_the_warm_up_of_what_can_be_done_again():
    clock = Clock()
    once = measurement(clock, [1.0])

    found = repeat_after(7.0, 7.0, once, PATIENT, clock=clock)

    assert set(found.samples) == {1.0}
