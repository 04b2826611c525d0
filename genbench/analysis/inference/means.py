"""The interval of a mean over seeds and questions: Wilson's for the questions, Student's t for the seeds, joined."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from genbench.analysis.inference.layout import Layout

Z: Final = 1.96  # two-sided 95 % of the normal distribution
TAIL: Final = 0.975  # the same, as the quantile asked of Student's t
MANY: Final = 1e9  # degrees of freedom at which Student's t is normal


def wilson(share: float, n: float, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval for a share of `n` questions (Wilson 1927); it holds `share` and lies in [0, 1].

    >>> [round(end, 3) for end in wilson(8 / 10, 10)]
    [0.49, 0.943]
    """
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


@functools.lru_cache(4096)
def student(freedom: float, tail: float = TAIL) -> float:
    """The quantile of Student's t."""
    from scipy.special import stdtrit  # scipy.stats has the same and takes a second to import

    return float(stdtrit(freedom, tail))


def between(
    one: Layout, *, bounded: bool = True, ends: tuple[float, float] = (-math.inf, math.inf), tail: float = TAIL
) -> tuple[float | None, float | None]:
    """The interval of a layout's mean, of 95 % or by `tail`: (low, high), None where there is no ground for one.

    Two things make a mean uncertain, and their distances from it are squared and added, each side by itself (MOVER;
    Zou & Donner 2008, doi:10.1002/sim.3095): the seeds, by Student's t with one degree of freedom less than there are;
    and the questions. Of a `bounded` metric, in [0, 1], theirs is Wilson's interval at as many questions as would give
    their variance, with t of the clusters in place of the normal quantile where there are such, and where there are
    strata those of each, put together in the same way with what each weighs. Of others it is t times the standard
    error, within `ends`. With one seed the questions' part stands alone.
    """
    count = len(one.values)
    spread = student(count - 1, tail) * math.sqrt(one.of_seeds) if count > 1 else 0.0
    variance, mean, normal = one.of_questions, one.mean, Z if tail == TAIL else student(MANY, tail)
    if variance is None:
        return (None, None) if count < 2 else (max(ends[0], mean - spread), min(ends[1], mean + spread))
    if bounded:
        low, high = _wilson(one, variance, student(one.groups - 1, tail) if one.clustered else normal)
        return max(0.0, mean - math.hypot(mean - low, spread)), min(1.0, mean + math.hypot(high - mean, spread))
    half = math.hypot(student(one.groups - 1, tail) * math.sqrt(variance), spread)
    return min(mean, max(ends[0], mean - half)), max(mean, min(ends[1], mean + half))


def _wilson(one: Layout, variance: float, z: float) -> tuple[float, float]:
    """The questions' part of a bounded metric's interval; of strata as Zou, Huang & Zhang 2009 join proportions.

    A stratum of which all answers are right, or all wrong, still says no more than its questions can.
    """
    if not one.strata:
        return wilson(one.mean, _questions(one, variance), z)
    below = above = 0.0
    for weight, own in one.strata:
        low, high = wilson(own.mean, _questions(own, own.of_questions or 0.0), z)
        below, above = math.hypot(below, weight * (own.mean - low)), math.hypot(above, weight * (high - own.mean))
    return one.mean - below, one.mean + above


def _questions(one: Layout, variance: float) -> float:
    """How many questions, each right or wrong, would give the variance: of one seed without clusters, those asked.

    Where all answers are right, or all wrong, they are as many as were drawn.
    """
    if not one.clustered:
        variance *= (one.groups - 1) / one.groups  # Wilson's interval has the variance over n, not n - 1
    whole = one.mean * (1 - one.mean)
    most = one.groups if one.clustered else one.groups * len(one.values)
    return min(whole / variance, most) if variance > 0 and whole > 0 else one.groups
