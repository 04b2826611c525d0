"""All splits together: of each submission the mean above the floor, and beside it what does not depend on scales.

Within a task it is the mean over splits, and of a split the mean over its question sets that ask for generalization;
then the mean over tasks. Scores are above the floor, 0 for whatever looks at no question and 1 where all is right, so
that tasks can be added; what is below the floor stays below 0. A split that a submission has not answered, or whose
cells failed, counts as the floor here, and only here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genbench.analysis.inference import overall as together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jaxtyping import Float

    from genbench.analysis.standings.question_sets import Standing

Split = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Overall:
    """A submission over all splits, in the order of `mean`, its mean above the floor with a 95 % interval.

    `borda` is the share of rivals beaten, over splits, `improvement` the probability of scoring above a rival drawn by
    lot on a split drawn by lot. `splits` are those that it has a score on, of `of`. `moved` is how many places Borda's
    order puts it above this one: where they disagree the mean rests on how far apart scores are, not on how often it
    wins.
    """

    submission: str
    mean: float
    low: float
    high: float
    borda: float
    improvement: float
    splits: int
    of: int
    moved: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far tasks order submissions alike: the mean of Kendall's tau over pairs of tasks; None for fewer than two."""

    tau: float | None
    tasks: int


def generalizing(standings: Sequence[Standing]) -> list[Standing]:
    """Of each split its question sets that ask for generalization; of a task with splits as on its card, only those."""
    graded = [one for one in standings if one.kind != "trained"]
    asks = {(one.task, one.split) for one in graded if one.kind == "ood"}
    plain = {one.task for one in graded if ":" not in one.split}
    return [
        one
        for one in graded
        if (one.kind != "id" or (one.task, one.split) not in asks) and (":" not in one.split or one.task not in plain)
    ]


def overall(standings: Sequence[Standing]) -> tuple[list[Overall], Agreement]:
    """Every submission of the full profile over all splits of which a floor is known, and how far tasks agree.

    Rows that are never ranked, of another edition or without the wall, do not count; provisional ones do.
    """
    counted = [
        one
        for one in generalizing(standings)
        if one.profile == "full" and (not one.unranked or one.provisional or one.failed)
    ]
    sets: dict[Split, set[str]] = defaultdict(set)
    scores: dict[tuple[str, Split], dict[str, tuple[float, float]]] = defaultdict(dict)
    for one in counted:
        found = _above(one)
        if found is not None:
            sets[one.task, one.split].add(one.question_set)
            if not one.failed:
                scores[one.submission, (one.task, one.split)][one.question_set] = found
    splits, names = sorted(sets), sorted({one.submission for one in counted if (one.task, one.split) in sets})
    if not splits or not names:
        return [], Agreement(None, 0)
    tasks = sorted({task for task, _ in splits})
    means, variances = np.zeros((2, len(names), len(splits)))
    there = np.zeros(len(names), int)
    for row, name in enumerate(names):
        for column, split in enumerate(splits):
            own = scores.get((name, split), {})
            if own.keys() == sets[split]:
                there[row] += 1
                means[row, column] = math.fsum(mean for mean, _ in own.values()) / len(own)
                variances[row, column] = math.fsum(variance for _, variance in own.values()) / len(own) ** 2
    return _ordered(names, means, variances, np.array([tasks.index(task) for task, _ in splits]), there)


def _ordered(
    names: Sequence[str],
    means: Float[np.ndarray, "submission split"],
    variances: Float[np.ndarray, "submission split"],
    task: np.ndarray,
    there: Iterable[int],
) -> tuple[list[Overall], Agreement]:
    whole = together.over_tasks(means, task)
    ends = together.interval(means, variances, task)
    borda, improvement = together.borda(means), together.improvement(means, variances)
    by_borda = {place: at for at, place in enumerate(together.orders(borda.tolist()))}
    found = [
        Overall(
            submission=names[place],
            mean=float(whole[place]),
            low=float(ends[place, 0]),
            high=float(ends[place, 1]),
            borda=float(borda[place]),
            improvement=float(improvement[place]),
            splits=int(list(there)[place]),
            of=len(task),
            moved=at - by_borda[place],
        )
        for at, place in enumerate(together.orders(whole.tolist()))
    ]
    by_task = np.column_stack([means[:, task == one].mean(axis=1) for one in np.unique(task)])
    return found, Agreement(together.agreement(by_task), by_task.shape[1])


def _above(one: Standing) -> tuple[float, float] | None:
    """A standing above its floor, and the variance of that; of a failed one (0, 0); None where there is no scale."""
    score = one.above_floor
    if one.mean is None or score is None:
        return (0.0, 0.0) if one.failed and one.ground is not None else None
    best = one.ends[0] if one.direction == "lower" else one.ends[1]
    best = best if math.isfinite(best) else 1.0
    assert one.ground is not None  # noqa: S101  above_floor is known
    return score, (one.variance or 0.0) / (best - one.ground) ** 2
