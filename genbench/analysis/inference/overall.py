"""Many splits together: the mean above the floor with its interval, Borda's count, the probability of improvement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from genbench import seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float, Int

DRAWS: Final = 1_000
TAILS: Final = (0.025, 0.975)


def above(mean: float, floor: float, best: float) -> float:
    """(mean - floor) / (best - floor): 0 at the floor, 1 where all is right, below 0 below the floor.

    >>> above(0.75, 0.5, 1.0), above(0.375, 0.5, 0.0)
    (0.5, 0.25)
    """
    return (mean - floor) / (best - floor)


def over_tasks(
    scores: Float[np.ndarray, "submission split"], task: Int[np.ndarray, " split"]
) -> Float[np.ndarray, " submission"]:
    """The mean over tasks of the mean over a task's splits."""
    return np.asarray(scores @ _weights(np.ones((1, len(task))), task)[0])


def interval(
    scores: Float[np.ndarray, "submission split"],
    variances: Float[np.ndarray, "submission split"],
    task: Int[np.ndarray, " split"],
) -> Float[np.ndarray, "submission 2"]:
    """The 95 % interval of each overall: over the splits, by a bootstrap, and over seeds and questions of each.

    Splits are drawn within their task, as count vectors, so all submissions have the same draws; a task always counts.
    What is unsure of each split's score is drawn beside, as normal. A task with one split has no spread of splits.
    """
    stream = np.random.default_rng(seeds.derive("overall"))
    counts = np.zeros((DRAWS, len(task)))
    for one in np.unique(task):
        own = np.flatnonzero(task == one)
        counts[:, own] = stream.multinomial(len(own), np.full(len(own), 1 / len(own)), size=DRAWS)
    weights = _weights(counts, task)
    ends = np.empty((len(scores), 2))
    for place, (values, variance) in enumerate(zip(scores, variances, strict=True)):
        noise = stream.standard_normal(DRAWS) * np.sqrt(weights**2 @ variance)
        ends[place] = np.quantile(weights @ values + noise, TAILS)
    return ends


def _weights(
    counts: Float[np.ndarray, "draw split"], task: Int[np.ndarray, " split"]
) -> Float[np.ndarray, "draw split"]:
    tasks = int(task.max()) + 1
    size = np.bincount(task, minlength=tasks)
    return np.asarray(counts / (size[task] * np.count_nonzero(size)))


def borda(scores: Float[np.ndarray, "submission split"]) -> Float[np.ndarray, " submission"]:
    """The share of rivals that are beaten, a tie for one half, averaged over splits (de Borda 1784)."""
    count = len(scores)
    if count < 2:
        return np.full(count, 0.5)
    beaten = np.empty(scores.shape)
    for place, column in enumerate(scores.T):
        order = np.sort(column)
        beaten[:, place] = (np.searchsorted(order, column) + np.searchsorted(order, column, "right") - 1) / 2
    return np.asarray(beaten.mean(axis=1) / (count - 1))


def improvement(
    scores: Float[np.ndarray, "submission split"], variances: Float[np.ndarray, "submission split"]
) -> Float[np.ndarray, " submission"]:
    """The probability that it scores above a rival drawn by lot on a split drawn by lot (Agarwal et al. 2021).

    Of two scores the probability is that of normal distributions about them with their variances; one half for a tie.
    """
    from scipy.special import ndtr

    count = len(scores)
    found = np.zeros(count)
    for place in range(count):
        spread = np.sqrt(variances + variances[place])
        difference = scores[place] - scores
        with np.errstate(divide="ignore", invalid="ignore"):
            sure = np.where(difference == 0, 0.0, difference / spread)
        found[place] = (ndtr(sure).mean(axis=1).sum() - 0.5) / (count - 1) if count > 1 else 0.5
    return found


def agreement(scores: Float[np.ndarray, "submission task"]) -> float | None:
    """How far tasks order submissions alike: the mean over pairs of tasks of Kendall's tau-b; None for one task.

    A task that scores all alike orders nobody, and counts with none.
    """
    tasks, ordered = scores.shape[1], np.zeros((scores.shape[1],) * 2)
    for place in range(1, len(scores)):  # scipy.stats has the same for two tasks and takes two seconds to import
        signs = np.sign(scores[:place] - scores[place])
        ordered += signs.T @ signs
    apart = np.sqrt(np.outer(np.diag(ordered), np.diag(ordered)))
    known = [
        ordered[one, other] / apart[one, other] for one in range(tasks) for other in range(one) if apart[one, other]
    ]
    return float(np.mean(known)) if known else None


def orders(values: Sequence[float]) -> list[int]:
    """Places by falling values, the first for the highest."""
    return [int(place) for place in np.argsort(-np.asarray(values), kind="stable")]
