"""A trend with its intervals: drawn again as it might have been, with other concepts and other seeds.

A bin's accuracy is drawn about what was measured: by the spread of its concepts, and by Student's t over the seeds, in
whatever direction these differ. Concepts are not drawn with replacement: where a bin holds one concept, as those of the
most frequent do, nothing would ever be seen to vary. The spread of a bin's concepts is moderated by that of all bins,
which counts for `PRIOR` concepts more. What concepts and seeds have in common, the noise of single answers, is taken
from each by one half, as of the interval of a mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.analysis.bootstrap import between_percentiles, stream
from genbench.analysis.frequency.log_linear import BINS, INNER, LEAST, Trend, binned, correlation, trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Bool, Float, Int

    from genbench.analysis.intervals import Estimate

REPLICATES: Final = 2_000
PRIOR: Final = 8.0  # concepts that the spread within all bins counts for in each bin
LIMIT: Final = 1 - 1e-12  # of r, whose transform ends at 1
BLOCK: Final = 2_000_000  # concepts drawn at once in all replicates; bounds memory to some fifty megabytes


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
    """The trend of the mean over seeds, with intervals. The stream of chance is that of `name`.

    Raises `BadValue` for counts that cannot be binned.
    """
    whole = scores.mean(axis=0)
    found = trend(counts, whole, used)
    x = np.log(np.maximum(counts, 1))
    edges, places = binned(counts)
    concept_r, concept_p = correlation(x, whole)
    unseen = counts == 0
    chance = stream("frequency", *name)
    weights = _over_seeds(chance, len(scores))
    inner = (found.concepts > 0) & (np.arange(BINS) >= used[0]) & (np.arange(BINS) < used[1])
    line = _line(edges, inner)
    bins = _bins(chance, weights, scores, places, np.nan_to_num(line))
    never = _bins(chance, weights, scores, np.where(unseen, 0, 1), np.zeros(BINS))[:, 0]
    drawn = [
        *np.clip(bins, 0, 1).T,
        100 * (bins[:, inner] @ line[inner]),
        _r(bins[:, inner], line[inner]),
        _correlations(chance, weights, scores, x),
        np.clip(never, 0, 1),
    ]
    share = float(whole[unseen].mean()) if unseen.any() else np.nan
    values = [*found.means, 100 * found.slope, found.r, concept_r, share]
    estimates = [between_percentiles(value, each) for value, each in zip(values, drawn, strict=True)]
    slope_, r_, raw, never_ = estimates[BINS:]
    return Analysis(
        trend=found,
        spectrum=np.sort(counts)[::-1],
        accuracy=tuple(estimates[:BINS]),
        slope=slope_,
        r=r_,
        concept_r=raw,
        concept_p=concept_p,
        unseen=int(unseen.sum()),
        unseen_accuracy=never_,
        seeds=len(scores),
        concepts=len(counts),
    )


def _over_seeds(chance: np.random.Generator, many: int) -> Float[np.ndarray, "draw seed"]:
    """Weights of the seeds' distances from their mean, so that any figure linear in them is drawn by Student's t."""
    if many == 1:
        return np.zeros((REPLICATES, 1))
    weights = chance.standard_normal((REPLICATES, many)) / math.sqrt(many * (many - 1))
    return np.asarray(weights * np.sqrt((many - 1) / chance.chisquare(many - 1, size=(REPLICATES, 1))))


def _bins(
    chance: np.random.Generator,
    weights: Float[np.ndarray, "draw seed"],
    scores: Float[np.ndarray, "seed concept"],
    places: Int[np.ndarray, " concept"],
    line: Float[np.ndarray, " bin"],
) -> Float[np.ndarray, "draw bin"]:
    """The mean of each bin as it might have been; NaN where it holds no concept.

    `line` gives the slope of a curve as a sum over its bins. What seeds differ in is parted into that and the rest, and
    the noise of single answers taken from each by itself: it hides how much slopes differ where bins hold one concept.
    """
    many = len(scores)
    held = np.bincount(places, minlength=BINS)
    there = held > 0
    size = np.maximum(held, 1)
    each = np.stack([np.bincount(places, weights=row, minlength=BINS) for row in scores]) / size
    means = each.mean(axis=0)
    apart = scores - scores.mean(axis=0) - (each - means)[:, places]  # what a seed has on a concept alone
    concepts = _variance((scores.mean(axis=0) - means[places])[None], places, held)
    rest = _variance(apart, places, held) / ((many - 1) * many) if many > 1 else np.zeros(BINS)
    spare = max(len(places) - int(there.sum()), 1)
    noise = chance.standard_normal((REPLICATES, BINS)) * np.sqrt(spare / chance.chisquare(spare, (REPLICATES, 1)))
    drawn = means + noise * np.sqrt(np.maximum(concepts - rest / 2, concepts / 2))
    seeds, tilt = each - means, line / max(float(line @ line), np.finfo(float).tiny)
    slopes = seeds @ line
    seeds = np.where(there, seeds - np.outer(slopes, tilt), 0.0)
    drawn += _own(seeds, float(rest[there].sum()) - float(rest @ tilt**2) * float(line @ line)) * (weights @ seeds)
    drawn += _own(slopes[:, None], float(rest @ line**2)) * np.outer(weights @ slopes, tilt)
    return np.where(there, drawn, np.nan)


def _own(apart: Float[np.ndarray, "seed figure"], rest: float) -> float:
    """How much of what seeds lie apart is theirs, as a factor; `rest` is what single answers add to its variance."""
    spread = float((apart**2).sum()) / max(len(apart) * (len(apart) - 1), 1)
    return math.sqrt(min(max(1 - rest / 2 / spread, 0.0), 1.0)) if spread > 0 else 0.0


def _variance(
    left: Float[np.ndarray, "row concept"], places: Int[np.ndarray, " concept"], held: Int[np.ndarray, " bin"]
) -> Float[np.ndarray, " bin"]:
    """Of each bin's mean, summed over rows, from what concepts differ from it; moderated by all bins."""
    squares = np.bincount(places, weights=(left**2).sum(axis=0), minlength=BINS)
    spare = np.maximum(held - 1, 0)
    whole = squares.sum() / max(int(spare.sum()), 1)
    return np.asarray((squares + PRIOR * whole) / (spare + PRIOR) / np.maximum(held, 1))


def _line(x: Float[np.ndarray, " bin"], inner: Bool[np.ndarray, " bin"]) -> Float[np.ndarray, " bin"]:
    """What each bin counts for in the slope per decade; NaN where fewer than `LEAST` are in it, 0 for the others."""
    if inner.sum() < LEAST:
        return np.where(inner, np.nan, 0.0)
    away = np.where(inner, x - x[inner].mean(), 0.0)
    return np.asarray(away * np.log(10) / (away @ away))


def _r(drawn: Float[np.ndarray, "draw bin"], line: Float[np.ndarray, " bin"]) -> Float[np.ndarray, " draw"]:
    """Pearson's r of each draw over the bins of a line."""
    away = drawn - drawn.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(away @ line / np.sqrt((line @ line) * (away * away).sum(axis=1)))


def _correlations(
    chance: np.random.Generator,
    weights: Float[np.ndarray, "draw seed"],
    scores: Float[np.ndarray, "seed concept"],
    x: Float[np.ndarray, " concept"],
) -> Float[np.ndarray, " draw"]:
    """Pearson's r over concepts, which are drawn with replacement, and by t what each seed adds to it.

    It is that of the mean over all seeds: a seed that is drawn twice would count its noise twice, and correlate less.
    """
    many, whole = len(scores), scores.mean(axis=0)
    block = max(1, BLOCK // len(x))
    drawn = []
    for begin in range(0, REPLICATES, block):
        count = min(block, REPLICATES - begin)
        places = chance.integers(len(x), size=(count, len(x)))
        places += len(x) * np.arange(count)[:, None]
        of = np.bincount(places.ravel(), minlength=count * len(x)).reshape(count, len(x)).astype(np.float64)
        drawn.append(_moments(of / len(x), x - x.mean(), whole - whole.mean()))
    dx, dy = x - x.mean(), whole - whole.mean()
    size = math.sqrt(float(dx @ dx) * float(dy @ dy))
    if many == 1 or size == 0:
        return np.concatenate(drawn)
    apart = scores - whole
    adds = apart @ dx / size
    left = apart - apart.mean(axis=1, keepdims=True) - np.outer(apart @ dx / (dx @ dx), dx)
    rest = float((left**2 @ dx**2).sum()) / size**2 / ((many - 1) * many)
    r = np.clip(np.concatenate(drawn), -LIMIT, LIMIT)
    scale = 1 - min(abs(float(whole @ dx)) / size, LIMIT) ** 2
    moved = np.arctanh(r) + _own(adds[:, None], rest) * (weights @ adds) / scale  # by Fisher's z, so never above 1
    return np.asarray(np.tanh(moved))


def _moments(
    of: Float[np.ndarray, "draw concept"], x: Float[np.ndarray, " concept"], y: Float[np.ndarray, " concept"]
) -> Float[np.ndarray, " draw"]:
    """Pearson's r where each draw gives each concept its weight; the weights of a draw add up to 1."""
    mx, my, xx, yy, xy = (of @ np.stack([x, y, x * x, y * y, x * y], axis=1)).T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((xy - mx * my) / np.sqrt((xx - mx * mx) * (yy - my * my)))
