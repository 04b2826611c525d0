"""Submissions that answered the same questions, by pairs: how much they differ, and which differences are sure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from genbench.analysis.inference.means import student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Bool, Float

    from genbench.analysis.inference.layout import Layout

LEVEL: Final = 0.05  # of false separations in a contest
NOTHING: Final = 1.9  # below this |t| no p is at most LEVEL, whatever the degrees of freedom
PRIOR: Final = 2.5  # degrees of freedom that the spread of the other submissions' seeds counts for
UPPER: Final = 0.75  # quantile of these spreads that is taken: of rivals whose seeds scatter little, little is believed
MANY: Final = 1e9  # degrees of freedom of what is known


@dataclass(frozen=True, slots=True)
class Pair:
    """The difference of two means with its 95 % interval, its degrees of freedom and two-sided p."""

    difference: float
    low: float
    high: float
    freedom: float
    p: float
    variance: float
    of_seeds: float


def pair(one: Layout, other: Layout) -> Pair:
    """One minus other, as a contest of these two has it."""
    found = _Differences([one, other])
    variance, freedom = found.variances(0, 1)
    difference = one.mean - other.mean
    t = difference / math.sqrt(variance) if variance > 0 else math.inf * np.sign(difference) if difference else 0.0
    half = student(float(freedom)) * math.sqrt(variance)
    p = float(_two_sided(np.array([t]), np.array([freedom]))[0])
    of_seeds = float(np.sum(found.seeds)) / variance if variance > 0 else 0.0
    return Pair(
        difference, difference - half, difference + half, float(freedom), p, float(variance), min(of_seeds, 1.0)
    )


def surely_better(layouts: Sequence[Layout], *, lower: bool = False) -> Bool[np.ndarray, "one other"]:
    """Whether i is surely better than j: their difference on the same questions stands Holm's test at LEVEL.

    All pairs are one family. `lower` says that less is better.
    """
    count = len(layouts)
    better = np.zeros((count, count), bool)
    if count < 2:
        return better
    found = _Differences(layouts)
    ones, others = np.triu_indices(count, 1)
    differences = found.means[ones] - found.means[others]
    variances, freedom = found.variances(ones, others)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(differences == 0, 0.0, differences / np.sqrt(variances))
    far = np.flatnonzero(np.abs(t) > NOTHING)
    p = _two_sided(t[far], freedom[far])
    order = np.argsort(p, kind="stable")
    stands = p[order] <= LEVEL / (len(t) - np.arange(len(order)))
    sure = far[order[: len(stands) if stands.all() else int(np.argmin(stands))]]
    up = (differences[sure] > 0) != lower
    better[np.where(up, ones[sure], others[sure]), np.where(up, others[sure], ones[sure])] = True
    return better


def holm(p: Sequence[float]) -> list[float]:
    """The p-values adjusted for their number (Holm 1979), in the order given.

    >>> [round(one, 3) for one in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * (len(values) - np.arange(len(values)))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps)) if len(values) else steps
    return [float(one) for one in adjusted]


class _Differences:
    """Variances of the differences of a contest's means, and their degrees of freedom.

    The variance is MSA_i/S_i + MSA_j/S_j + Var_q(d)/Q - MSE_i/(S_i Q) - MSE_j/(S_j Q), where d are the differences of
    the questions' means, and never less than what the questions alone say. What the questions say of a pair is one
    entry of a product of matrices. Degrees of freedom are Satterthwaite's.

    Three seeds say little of their own spread, by two degrees of freedom, and a board makes many comparisons. So the
    spread of the other submissions' seeds counts for PRIOR more, at the upper quartile of the contest; but no
    submission's seeds are taken to scatter less than they were seen to.
    """

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self.means = np.array([one.mean for one in layouts])
        self.seeds = np.array([one.seeds for one in layouts])
        self.freedom = np.array([len(one.values) - 1.0 for one in layouts])
        self.rest = np.array([one.rest for one in layouts])
        self.questions = np.array([one.questions or 0.0 for one in layouts])
        self.groups = np.array([max(one.groups - 1, 1) for one in layouts], dtype=np.float64)
        self._moderate()
        sizes = {len(one.deviations) for one in layouts if one.deviations is not None}
        width = sizes.pop() if len(sizes) == 1 else 0  # of other questions there is nothing to pair
        rows = np.zeros((len(layouts), width))
        for place, one in enumerate(layouts):
            if one.deviations is not None and len(one.deviations) == width:
                rows[place] = one.deviations
        self.shared: Float[np.ndarray, "one other"] = rows @ rows.T

    def _moderate(self) -> None:
        from scipy.special import gammaincinv

        several = self.freedom > 0
        if several.sum() < 2:
            return
        own, freedom = self.seeds[several], self.freedom[several]
        expected = 2 * gammaincinv(freedom / 2, UPPER) / freedom  # the quartile of chi squared over its degrees
        prior = float(np.quantile(own / expected, UPPER))
        self.seeds[several] = np.maximum(own, (PRIOR * prior + freedom * own) / (PRIOR + freedom))
        self.freedom[several] += PRIOR

    def variances(self, one: Any, other: Any) -> tuple[Any, Any]:
        """The variance and degrees of freedom of the differences one - other."""
        questions = self.questions[one] + self.questions[other] - 2 * self.shared[one, other]
        groups = np.minimum(self.groups[one], self.groups[other])
        # One right of all questions and the other wrong of all: no variance is seen, and some there is.
        questions = np.maximum(questions, ((self.means[one] - self.means[other]) / (groups + 1)) ** 2)
        seeds = self.seeds[one] + self.seeds[other]
        whole = np.maximum(questions + seeds - self.rest[one] - self.rest[other], questions)
        parts = questions**2 / groups
        for which in (one, other):
            parts = parts + self.seeds[which] ** 2 / np.where(self.freedom[which] > 0, self.freedom[which], MANY)
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom = np.where(parts > 0, whole**2 / parts, MANY)
        return whole, np.clip(freedom, 1.0, MANY)


def _two_sided(t: Float[np.ndarray, " pair"], freedom: Float[np.ndarray, " pair"]) -> Float[np.ndarray, " pair"]:
    from scipy.special import stdtr

    return np.asarray(2 * stdtr(freedom, -np.abs(t)))
