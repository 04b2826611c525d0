"""A trend with its intervals: seeds and concepts drawn again, with replacement, the edges of the bins kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.analysis.bootstrap import between_percentiles, stream
from genbench.analysis.frequency.log_linear import BINS, INNER, LEAST, Trend, binned, correlation, trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float, Int

    from genbench.analysis.intervals import Estimate

REPLICATES: Final = 1000
BLOCK: Final = 4_000_000  # concepts drawn at once in all replicates; bounds memory to some hundred megabytes


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is said of accuracy against frequency, for scores between 0 and 1. `slope` is in points per decade.

    `spectrum` are the frequencies of the concepts, the greatest first.
    """

    trend: Trend
    spectrum: np.ndarray
    accuracy: tuple[Estimate, ...]  # of each bin
    slope: Estimate
    r: Estimate
    concept_r: Estimate
    concept_p: float
    unseen: int
    unseen_accuracy: Estimate
    seeds: int
    concepts: int


def analyse(
    counts: Int[np.ndarray, " concept"],
    scores: Float[np.ndarray, "seed concept"],
    name: Sequence[str],
    used: tuple[int, int] = INNER,
) -> Analysis:
    """The trend of the mean over seeds, with intervals. The bootstrap's stream is that of `name`.

    Raises `BadValue` for counts that cannot be binned.
    """
    whole = scores.mean(axis=0)
    found = trend(counts, whole, used)
    x = np.log(np.maximum(counts, 1))
    edges, places = binned(counts)
    concept_r, concept_p = correlation(x, whole)
    unseen = counts == 0
    chance = stream("frequency", *name)
    block = max(1, BLOCK // len(counts))
    parts = []
    for begin in range(0, REPLICATES, block):
        drawn = _drawn(chance, min(block, REPLICATES - begin), *scores.shape)
        parts.append(_replicates(*drawn, scores, x, edges, places, unseen, used))
    again = np.concatenate(parts)
    share = float(whole[unseen].mean()) if unseen.any() else np.nan
    values = [*found.means, 100 * found.slope, found.r, concept_r, share]
    estimates = [between_percentiles(value, again[:, at]) for at, value in enumerate(values)]
    slope, r, raw, never = estimates[BINS:]
    return Analysis(
        trend=found,
        spectrum=np.sort(counts)[::-1],
        accuracy=tuple(estimates[:BINS]),
        slope=slope,
        r=r,
        concept_r=raw,
        concept_p=concept_p,
        unseen=int(unseen.sum()),
        unseen_accuracy=never,
        seeds=len(scores),
        concepts=len(counts),
    )


def _drawn(
    chance: np.random.Generator, count: int, seeds_there: int, concepts: int
) -> tuple[Float[np.ndarray, "draw seed"], Float[np.ndarray, "draw concept"]]:
    """How often each seed and each concept is drawn, with replacement, in `count` replicates."""
    found = []
    for among in (seeds_there, concepts):
        places = chance.integers(among, size=(count, among)) + among * np.arange(count)[:, None]
        found.append(np.bincount(places.ravel(), minlength=count * among).reshape(count, among).astype(np.float64))
    return found[0], found[1]


def _replicates(
    of_seeds: Float[np.ndarray, "draw seed"],
    of_concepts: Float[np.ndarray, "draw concept"],
    scores: Float[np.ndarray, "seed concept"],
    x: Float[np.ndarray, " concept"],
    edges: Float[np.ndarray, " bin"],
    places: Int[np.ndarray, " concept"],
    unseen: np.ndarray,
    used: tuple[int, int],
) -> Float[np.ndarray, "draw number"]:
    """For each replicate the accuracy of each bin, slope in points, r, r over concepts, and accuracy of the unseen."""
    means = of_seeds @ scores / len(scores)
    weighted = of_concepts * means
    inside = np.zeros((len(x), BINS))
    inside[np.arange(len(x)), places] = 1
    concepts = of_concepts @ inside
    with np.errstate(invalid="ignore", divide="ignore"):
        bins = weighted @ inside / concepts
        weights = (concepts > 0) & (np.arange(BINS) >= used[0]) & (np.arange(BINS) < used[1])
        slope, r = _weighted(edges, np.where(weights, bins, 0), weights.astype(np.float64))
        # Of the mean over all seeds: a seed that is drawn twice would count its noise twice, and correlate less.
        _, concept_r = _weighted(x, scores.mean(axis=0)[None], of_concepts)
        never = weighted[:, unseen].sum(axis=1) / of_concepts[:, unseen].sum(axis=1)
    few = weights.sum(axis=1) < LEAST
    slope[few], r[few] = np.nan, np.nan
    return np.column_stack([bins, 100 * np.log(10) * slope, r, concept_r, never])


def _weighted(
    x: Float[np.ndarray, " point"], y: Float[np.ndarray, "draw point"], weights: Float[np.ndarray, "draw point"]
) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]]:
    """Slope and Pearson's r of each row of `y` on `x`, each point with its weight in that row."""
    total = weights.sum(axis=1, keepdims=True)
    dx = x - (weights @ x)[:, None] / total
    dy = y - (weights * y).sum(axis=1, keepdims=True) / total
    xx, yy, xy = ((weights * product).sum(axis=1) for product in (dx * dx, dy * dy, dx * dy))
    return xy / xx, xy / np.sqrt(xx * yy)
