"""How often intervals hold the truth, and how often equals are separated: simulated boards, printed (`-s`), not timed.

    uv run pytest tests/bench/test_coverage.py -n0 -s --benchmark-only

Questions share a difficulty over seeds (standard deviation 1.5 logit); seeds differ in skill by nothing (steady), .5
logit (medium) or 1 (large). The truth is the mean over all seeds and questions there might be. Boards have eight
submissions, of which seven are equal.
"""

import numpy as np
import pytest

from genbench import seeds
from genbench.analysis import frequency
from genbench.analysis.frequency import replicates
from genbench.analysis.inference import between, layout, stratified, surely_better

SKILL, HARD = 0.7, 1.5
SPREADS = {"steady": 0.0, "medium": 0.5, "large": 1.0}
SUBMISSIONS = 8


def _answers(stream, skill, spread, count, hard):
    logit = skill + spread * stream.standard_normal((count, 1)) + hard
    return (stream.random((count, len(hard))) < 1 / (1 + np.exp(-logit))).astype(np.float64)


@pytest.mark.parametrize("questions", [200, 1_000, 10_000])
@pytest.mark.parametrize("spread", list(SPREADS))
def test_intervals_hold_the_truth(benchmark, spread, questions):
    boards = 1_000 if questions < 10_000 else 400

    def simulated():
        stream = np.random.default_rng(seeds.derive("coverage", spread, questions))
        drawn = SKILL + np.hypot(SPREADS[spread], HARD) * stream.standard_normal(2_000_000)
        truth = float((1 / (1 + np.exp(-drawn))).mean())
        found = {}
        for count in (3, 5, 10):
            held = wide = 0.0
            for _ in range(boards):
                hard = HARD * stream.standard_normal(questions)
                low, high = between(layout(_answers(stream, SKILL, SPREADS[spread], count, hard)))
                held += low <= truth <= high
                wide += high - low
            found[count] = held / boards, wide / boards
        return found

    found = benchmark.pedantic(simulated, rounds=1)

    told = ", ".join(f"{count} seeds {held:.3f} ({wide:.3f} wide)" for count, (held, wide) in found.items())
    print(f"\ncoverage, {spread}, {questions:,} questions, {boards:,} boards: {told}")
    room = 3 * np.sqrt(0.95 * 0.05 / boards)  # of the simulation itself
    assert all(0.93 - room <= held <= 0.97 + room for held, _ in found.values())


@pytest.mark.parametrize(
    ("spread", "count", "questions", "gap", "power"),
    [
        ((0.0,), 3, 1_000, 0.3, 0.5),
        ((0.0,), 3, 1_000, 0.0, 0.0),
        ((0.0,), 3, 200, 0.0, 0.0),
        ((0.2,), 3, 1_000, 0.3, 0.0),
        ((0.5,), 3, 1_000, 0.3, 0.0),
        ((1.0,), 3, 1_000, 0.3, 0.0),
        ((0.0, 0.5), 3, 1_000, 0.3, 0.0),
        ((0.5,), 5, 1_000, 0.3, 0.0),
        ((0.0,), 5, 1_000, 0.3, 0.9),
    ],
)
def test_equals_are_seldom_separated_and_a_better_one_often(benchmark, spread, count, questions, gap, power):
    boards = 400

    def simulated():
        stream = np.random.default_rng(seeds.derive("power", *map(str, spread), count, questions, gap))
        wrong, right = 0, 0.0
        for _ in range(boards):
            hard = HARD * stream.standard_normal(questions)
            better = surely_better(
                [
                    layout(_answers(stream, SKILL + gap * (not place), spread[place % len(spread)], count, hard))
                    for place in range(SUBMISSIONS)
                ]
            )
            wrong += better[1:, 1:].any()
            right += better[0, 1:].mean()
        return wrong / boards, right / boards

    wrong, right = benchmark.pedantic(simulated, rounds=1)

    told = f"seeds differ by {' and '.join(map(str, spread))} logit, {count} seeds, {questions:,} questions"
    print(f"\n{told}: equals separated on {wrong:.3f} of boards; a better one by {gap} logit from {right:.3f} of them")
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / boards)
    assert right >= power


@pytest.mark.parametrize(
    ("count", "level", "tilt"),
    [
        *((count, level, tilt) for count in (3, 5, 10) for level, tilt in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.3))),
        (1, 0.0, 0.0),
        (1, 0.0, 0.3),
    ],
)
def test_where_there_is_no_trend_the_interval_of_the_slope_holds_zero(benchmark, monkeypatch, count, level, tilt):
    """256 concepts whose counts follow Zipf's law, 20 of them never seen, ten questions each; in the mean no trend.

    Seeds differ in skill by `level` logit, and in what they make of frequency by `tilt` logit for a standard deviation.
    """
    boards = 1_000
    monkeypatch.setattr(replicates, "_correlations", lambda *_: np.zeros(2))  # which is most of the work
    counts = np.maximum(1, 2000 // np.arange(1, 257))
    counts[-20:] = 0
    x = np.log(np.maximum(counts, 1))
    x = (x - x.mean()) / x.std()

    def simulated():
        stream = np.random.default_rng(seeds.derive("slopes", count, level, tilt))
        held = wide = 0.0
        for board in range(boards):
            seed = stream.standard_normal((2, count, 1))
            logit = HARD * stream.standard_normal(len(x)) + level * seed[0] + tilt * seed[1] * x
            scores = stream.binomial(10, 1 / (1 + np.exp(-logit))) / 10
            slope = frequency.analyse(counts, scores, (str(board),)).slope
            held += slope.low <= 0 <= slope.high
            wide += slope.high - slope.low
        return held / boards, wide / boards

    held, wide = benchmark.pedantic(simulated, rounds=1)

    print(f"\nslopes, {count} seeds, level {level}, tilt {tilt} logit: {held:.3f} hold 0 ({wide:.1f} points wide)")
    room = 3 * np.sqrt(0.95 * 0.05 / boards)
    assert held <= 0.97 + room
    assert held >= (0.93 - room if count > 1 or not tilt else 0.5)  # one seed cannot know how much others differ


@pytest.mark.parametrize(("count", "spread"), [(1, 0.0), (3, 0.0), (3, 0.5), (5, 0.0), (5, 0.5)])
def test_intervals_within_strata_hold_the_mean_of_these_strata(benchmark, count, spread):
    """Twenty strata of 50 questions; they differ by 3 logit (standard deviation), so that some are all but solved."""
    boards, strata = 1_000, np.repeat(np.arange(20), 50)

    def simulated():
        stream = np.random.default_rng(seeds.derive("strata", count, spread))
        of_stratum = 3 * stream.standard_normal(20)
        drawn = of_stratum[:, None] + np.hypot(spread, HARD) * stream.standard_normal((20, 100_000))
        truth = float((1 / (1 + np.exp(-drawn))).mean())
        held = wide = plain = 0.0
        for _ in range(boards):
            marks = _answers(stream, 0.0, spread, count, of_stratum[strata] + HARD * stream.standard_normal(1_000))
            low, high = between(stratified(marks, strata))
            held += low <= truth <= high
            wide += high - low
            one, other = between(layout(marks))
            plain += other - one
        return held / boards, wide / boards, plain / boards

    held, wide, plain = benchmark.pedantic(simulated, rounds=1)

    print(f"\nstrata, {count} seeds that differ by {spread}: {held:.3f} ({wide:.3f} wide; one by one {plain:.3f})")
    room = 3 * np.sqrt(0.95 * 0.05 / boards)
    assert 0.93 - room <= held <= 0.97 + room
