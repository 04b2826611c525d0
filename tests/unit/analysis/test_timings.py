"""Timings beside older ones: ratios of medians, at equal speed where the machine is another, and what is sure."""

import math
import statistics
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy import stats

from genbench.analysis.timings import changes
from genbench.evaluation.repeats import interval

NOON = datetime(2026, 1, 1, tzinfo=UTC)


def rows(samples, measure="fit", unit="seconds", machine="{}", cell="a", started=NOON, batch=None):
    """TIMINGS rows of one measure, its median and interval as `genbench timing` writes them."""
    about = {"task": "toy", "split": "echo", "submission": "mlp", "profile": "quick", "device": "cpu", "cell": cell}
    about |= {"measure": measure, "batch": batch, "unit": unit, "machine": machine, "started": started}
    told = {"median": statistics.median(samples)}
    told |= dict(zip(("low", "high"), interval(samples) or (), strict=False))
    return [{**about, "statistic": name, "value": value} for name, value in told.items()]


def draws(middle, count, seed, spread=0.1):
    return list(middle * np.exp(spread * np.random.default_rng(seed).standard_normal(count)))


STEADY = [*rows([1e9] * 40, "matmul", "flop/s"), *rows([1e9] * 40, "copy", "bytes/s")]  # a run adds nothing


def first(before, now):
    """The change of what stands first, on a machine whose runs do not differ."""
    return changes([*before, *STEADY], [*now, *STEADY])[0]


@pytest.mark.parametrize(
    ("unit", "twice", "half"),
    [("seconds", "worse", "better"), ("bytes", "worse", "better"), ("examples/s", "better", "worse")],
)
def test_twice_as_much_is_worse_of_seconds_and_bytes_and_better_of_rates(unit, twice, half):
    before, now = rows(draws(1.0, 40, 0), unit=unit), rows(draws(2.0, 40, 1), unit=unit)

    up, down = first(before, now), first(now, before)

    assert (up.verdict, down.verdict) == (twice, half)
    assert up.ratio == pytest.approx(2.0, rel=0.1)
    assert up.ratio * down.ratio == pytest.approx(1.0)
    assert up.low < 2.0 < up.high


def test_intervals_hold_the_true_ratio_about_as_often_as_they_say():
    held = 0
    for seed in range(300):
        one = first(rows(draws(1.0, 25, 2 * seed)), rows(draws(1.3, 25, 2 * seed + 1)))
        held += one.low <= 1.3 <= one.high

    assert 0.92 <= held / 300 <= 0.995  # an interval of the median holds it at least as often as it says


def test_of_many_measures_that_stayed_alike_few_tables_call_one_other():
    wrong = 0
    for seed in range(100):
        before = [row for at in range(12) for row in rows(draws(1.0, 25, (seed, at, 0)), batch=at)]
        now = [row for at in range(12) for row in rows(draws(1.0, 25, (seed, at, 1)), batch=at)]
        found = changes([*before, *STEADY], [*now, *STEADY])
        wrong += any(one.verdict in {"better", "worse"} for one in found)

    assert wrong <= 10


def machine(speed, copied, seed, **more):
    """A product of matrices and a copy at these speeds."""
    found = rows(draws(speed, 40, (seed, 0), 0.01), "matmul", "flop/s", **more)
    return found + rows(draws(copied, 40, (seed, 1), 0.01), "copy", "bytes/s", **more)


def test_another_machine_is_told_and_its_speed_taken_out():
    old = [*rows(draws(1.0, 40, 0, 0.01)), *machine(1e9, 1e9, 1)]
    new = [*rows(draws(0.5, 40, 2, 0.01), machine="x"), *machine(2e9, 2.02e9, 3, machine="x")]

    fit, product, copied = changes(old, new)

    assert (fit.moved, fit.verdict) == (True, "no difference")
    assert fit.ratio == pytest.approx(0.5, rel=0.02)
    assert fit.beside == pytest.approx(1.0, rel=0.02)
    assert (product.beside, product.verdict, copied.verdict) == (None, "unknown", "unknown")


def test_on_one_machine_the_ratio_itself_decides():
    old, new = [*rows(draws(1.0, 40, 0, 0.01)), *machine(1e9, 1e9, 1)], [*rows(draws(0.5, 40, 2, 0.01))]

    fit, *_ = changes(old, new + machine(1.002e9, 0.998e9, 3))

    assert fit.verdict == "better"
    assert fit.low < 0.5 < fit.high


def test_runs_of_which_the_machine_itself_differed_as_much_say_nothing_of_time_and_much_of_memory():
    old = [
        *rows(draws(1.0, 40, 0, 0.01)),
        *machine(1e9, 1e9, 1),
        *rows(draws(5e8, 40, 4, 0.01), "peak_memory", "bytes"),
    ]
    new = [
        *rows(draws(1.3, 40, 2, 0.01)),
        *machine(0.8e9, 1.3e9, 3),
        *rows(draws(6e8, 40, 5, 0.01), "peak_memory", "bytes"),
    ]

    fit, *_, memory = changes(old, new)

    assert (fit.verdict, memory.verdict, memory.beside) == ("no difference", "worse", None)
    assert fit.low < 0.7
    assert memory.high - memory.low < 0.05


def test_how_much_runs_differ_is_learned_as_a_t_test_learns_it():
    """Both measures of the machine at their very medians: the variance of a run is that of two numbers about 0."""
    exact = {"before": [1.0] * 40, "now": [1.1] * 40}
    old = [*rows(exact["before"]), *rows([1e9] * 40, "matmul", "flop/s"), *rows([1e9] * 40, "copy", "bytes/s")]
    new = [*rows(exact["now"]), *rows([1.02e9] * 40, "matmul", "flop/s"), *rows([0.97e9] * 40, "copy", "bytes/s")]

    fit, *_ = changes(old, new)

    sd = math.sqrt((math.log(1.02) ** 2 + math.log(0.97) ** 2) / 2)
    assert fit.p == pytest.approx(2 * stats.t.sf(math.log(1.1) / sd, 2))
    assert fit.high == pytest.approx(1.1 * math.exp(stats.t.isf(0.025, 2) * sd))


def test_too_few_repeats_have_a_ratio_and_no_verdict():
    one = first(rows([1.0, 1.1, 0.9]), rows(draws(2.0, 40, 1)))
    (alone,) = changes(rows(draws(1.0, 40, 0)), rows(draws(2.0, 40, 1)))  # nothing says how much runs differ

    assert (alone.p, alone.verdict) == (None, "unknown")
    assert (one.low, one.high, one.p, one.verdict) == (None, None, None, "unknown")
    assert math.isclose(one.ratio, one.now / one.before)


def test_what_only_one_of_them_has_is_left_out_and_the_newest_counts():
    later = datetime(2026, 2, 1, tzinfo=UTC)
    before = [*rows(draws(9.0, 40, 0)), *rows(draws(1.0, 40, 0), cell="b", started=later), *rows([1.0], "cold_start")]

    one = first(before, rows(draws(1.0, 40, 0)))

    assert (one.measure, one.ratio, one.p) == ("fit", 1.0, 1.0)
