"""The reach of one submission on one split: what is read off its seeds together, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.analysis.bootstrap import between_draws, stream
from genbench.analysis.intervals import Estimate, interval
from genbench.analysis.lengths.area import area
from genbench.analysis.lengths.break_points import HALF, KEPT, fall, points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.lengths.readings import Reading

DRAWS: Final = 2_000
BENT: Final = 20  # longest over shortest, from which on pictures have a logarithmic scale
UNSTEADY: Final = 0.1  # misfit from which on a fall with length is no fair picture


@dataclass(frozen=True, slots=True)
class Reach:
    """One submission on one split over its seeds: accuracy by length, its fit, and what is read off them."""

    readings: tuple[Reading, ...]
    failed: int
    shares: tuple[Estimate, ...]
    fitted: tuple[float, ...]
    break_point: Estimate
    half_length: Estimate
    area: Estimate

    def mean_of(self, metric: str) -> tuple[float, ...] | None:
        """Another metric's mean over seeds at each length; None where some seed lacks it."""
        if any(metric not in one.beside for one in self.readings):
            return None
        return tuple(np.mean([one.beside[metric] for one in self.readings], axis=0).tolist())

    @property
    def lengths(self) -> tuple[float, ...]:
        """The lengths asked, shortest first."""
        return self.readings[0].lengths

    @property
    def bent(self) -> bool:
        """Whether the lengths span so much that a picture needs a logarithmic scale."""
        return 0 < self.lengths[0] <= self.lengths[-1] / BENT

    @property
    def misfit(self) -> float:
        """The mean distance of accuracy from its fit, over questions."""
        counts = self.readings[0].counts
        away = (n * abs(one.value - fit) for n, one, fit in zip(counts, self.shares, self.fitted, strict=True))
        return math.fsum(away) / sum(counts)


def reach(own: Sequence[Reading], failed: int = 0) -> Reach:
    """What is read off the seeds of one submission on one split, which asked the same questions."""
    lengths, counts = np.array(own[0].lengths), np.array(own[0].counts)
    shares = np.array([one.shares for one in own])
    mean = shares.mean(0)
    drawn = _drawn(shares, counts, own[0].who)
    break_point, half_length = (
        between_draws(points(lengths, mean[None], counts, level)[kind][0], points(lengths, drawn, counts, level)[kind])
        for kind, level in ((0, KEPT), (1, HALF))
    )
    return Reach(
        readings=tuple(own),
        failed=failed,
        shares=tuple(_interval(shares[:, place], int(n)) for place, n in enumerate(counts)),
        fitted=tuple(fall(mean, counts).tolist()),
        break_point=break_point,
        half_length=half_length,
        area=area(lengths, shares, counts),
    )


def _drawn(shares: np.ndarray, counts: np.ndarray, who: Sequence[str]) -> np.ndarray:
    """`DRAWS` curves (draw, length) as they might have been: other questions, other seeds."""
    chance = stream("lengths", *who)
    mean, many = shares.mean(0), len(shares)
    drawn = chance.binomial(counts, np.clip(mean, 0, 1), size=(DRAWS, len(counts))) / counts
    if many > 1:
        # A normal weight for each seed's distance from the mean, all over one chi: Student's t in any direction.
        weights = chance.standard_normal((DRAWS, many)) / math.sqrt(many * (many - 1))
        heavy = np.sqrt((many - 1) / chance.chisquare(many - 1, size=(DRAWS, 1)))
        drawn = np.clip(drawn + heavy * (weights @ (shares - mean)), 0, 1)
    return np.asarray(drawn)


def _interval(values: np.ndarray, questions: int) -> Estimate:
    mean, low, high = interval(values.tolist(), questions)
    assert mean is not None  # noqa: S101  there are values
    assert low is not None  # noqa: S101  and questions
    assert high is not None  # noqa: S101
    return Estimate(mean, low, high)
