"""Seeds that part into heaps, those that succeed and those that fail: a mean of them misleads, a count does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST: Final = 3  # seeds; of two, any difference is two heaps
APART: Final = 0.3  # of the metric, between the heaps at least
CLOSE: Final = 1 / 3  # of the distance between the heaps: how far those of one heap may lie apart at most
HIGH: Final = 0.9  # where all seeds of a metric that is declared bimodal lie above, they are one heap


@dataclass(frozen=True, slots=True)
class Heap:
    """`many` of `seeds` lie at `least` or above, the upper heap; their share is `low` to `high` (Clopper & Pearson)."""

    many: int
    seeds: int
    least: float
    low: float
    high: float


def clopper_pearson(many: int, of: int) -> tuple[float, float]:
    """The exact 95 % interval of a share, of which `many` of `of` were seen (Clopper & Pearson 1934).

    >>> [round(end, 3) for end in clopper_pearson(3, 3)]
    [0.292, 1.0]
    """
    from scipy.special import betaincinv

    low = float(betaincinv(many, of - many + 1, 0.025)) if many else 0.0
    high = float(betaincinv(many + 1, of - many, 0.975)) if many < of else 1.0
    return low, high


def heap(values: Sequence[float], *, bimodal: bool = False) -> Heap | None:
    """The upper heap of seeds' values in [0, 1], of which more is better; None where they do not part.

    They part where two neighbours are APART or more, and neither heap is wider than CLOSE of that. Of a metric declared
    `bimodal`, seeds that all lie high are told as one heap: three of three say little of the next.
    """
    ordered = sorted(values)
    if len(ordered) < FEWEST:
        return None
    width, cut = max((high - low, place) for place, (low, high) in enumerate(pairwise(ordered), 1))
    within = max(ordered[cut - 1] - ordered[0], ordered[-1] - ordered[cut])
    if width >= APART and within <= CLOSE * width:
        many, least = len(ordered) - cut, ordered[cut]
    elif bimodal and ordered[0] >= HIGH:
        many, least = len(ordered), ordered[0]
    else:
        return None
    return Heap(many, len(ordered), math.floor(least * 10) / 10, *clopper_pearson(many, len(ordered)))
