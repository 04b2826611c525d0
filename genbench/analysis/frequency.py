"""Accuracy against frequency: how much better a submission knows what it has seen more often.

For any split with an axis that holds frequencies, `frequency` unless another is named. What is counted there are
*concepts*: the slices of the axis `class` where the split has one, single questions otherwise.

The log-linear trend follows Udandarao, Prabhu et al. 2024 (arXiv:2404.04125) and the code of their figures. With c the
count of a concept, x = ln(max(c, 1)), so that what was never seen stands with what was seen once. `BINS` edges are
equally spaced from the least x to the greatest; a concept falls in the bin of the first edge that is not below its x,
so the first bin holds the least x alone. A bin's accuracy is the mean over its concepts. Pearson's r is that of the
edges (their logarithms) with the accuracies, the first and the last bin left out, with a two-sided p.

Beside their figures stand: the slope of the least-squares line through the same bins, in points (hundredths) per decade
of frequency; the accuracy of concepts never seen, apart; and the correlation of x with accuracy over single concepts,
which binning flatters. Intervals are 95 % percentiles of a bootstrap over seeds and concepts, the edges kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import seeds
from genbench.errors import BadValue
from genbench.rows.schema import column, to_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jaxtyping import Float, Int

BINS: Final = 12
INNER: Final = (1, BINS - 1)  # the bins that the trend is read from: all but the first and the last
LEAST: Final = 3  # bins with concepts; through two points there is always a line
REPLICATES: Final = 1000
BLOCK: Final = 4_000_000  # concepts drawn at once in all replicates; bounds memory to some hundred megabytes
AXIS: Final = "frequency"
BY: Final = "class"

_WHO = [
    column("task", pa.string(), "task, as its card names it"),
    column("split", pa.string(), "split, with overridden parameters"),
    column("question_set", pa.string(), "name of the question set"),
    column("submission", pa.string(), "submission, with variant and overridden parameters"),
    column("profile", pa.string(), "quick (never ranked) or full"),
]


def _number(name: str, about: str) -> list[Any]:
    ends = [(f"{name}_low", f"2.5th percentile of {name}"), (f"{name}_high", f"97.5th percentile of {name}")]
    return [column(key, pa.float64(), text, null=True) for key, text in ((name, about), *ends)]


TRENDS: Final = pa.schema(
    [
        *_WHO,
        column("seeds", pa.int64(), "training seeds"),
        column("concepts", pa.int64(), "concepts asked for"),
        *_number("slope", "points of accuracy per decade of frequency, over the inner bins"),
        *_number("r", "Pearson's r of log frequency and accuracy over the inner bins"),
        column("p", pa.float64(), "two-sided p of r", null=True),
        *_number("concept_r", "Pearson's r of log frequency and accuracy over concepts"),
        column("concept_p", pa.float64(), "two-sided p of concept_r", null=True),
        column("unseen", pa.int64(), "concepts with the count 0"),
        *_number("unseen_accuracy", "their mean accuracy"),
    ]
)
POINTS: Final = pa.schema(
    [
        *_WHO,
        column("bin", pa.int64(), "0 for the least frequent"),
        column("edge", pa.float64(), "the greatest frequency of the bin"),
        column("concepts", pa.int64(), "concepts in the bin"),
        *_number("accuracy", "mean accuracy over them"),
    ]
)


@dataclass(frozen=True, slots=True)
class Trend:
    """Accuracy by bins of frequency. The arrays have shape (bins,); a bin without concepts has NaN.

    `edges` are frequencies, `deviations` those of a bin's concepts (divided by their number). `slope` is in units of
    the scores per decade. `slope`, `r` and `p` are NaN where fewer than `LEAST` of the bins in use hold concepts.
    """

    edges: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    concepts: np.ndarray
    used: tuple[int, int]
    slope: float
    r: float
    p: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its 95 % interval; NaN where there is no ground for it."""

    value: float
    low: float
    high: float


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


@dataclass(frozen=True, slots=True)
class Found:
    """An analysis and whose it is."""

    task: str
    split: str
    question_set: str
    submission: str
    profile: str
    analysis: Analysis


def binned(counts: Int[np.ndarray, " concept"]) -> tuple[Float[np.ndarray, " bin"], Int[np.ndarray, " concept"]]:
    """The logarithms of the edges, and the bin of each concept. Raises `BadValue` for counts that cannot be binned."""
    if not len(counts):
        raise BadValue("there are no concepts whose frequency is known")
    if (counts < 0).any():
        raise BadValue(f"a frequency is {counts.min()}; it must be a count, 0 or more")
    x = np.log(np.maximum(counts, 1))
    if x.min() == x.max():
        raise BadValue(f"all {len(counts)} concepts are equally frequent, so there is no trend to read")
    edges = np.linspace(x.min(), x.max(), BINS)
    return edges, np.minimum(np.searchsorted(edges, x, side="left"), BINS - 1)


def trend(
    counts: Int[np.ndarray, " concept"], scores: Float[np.ndarray, " concept"], used: tuple[int, int] = INNER
) -> Trend:
    """The log-linear trend of `scores` over `counts`, read from the bins `used`, from and up to. Raises `BadValue`."""
    edges, places = binned(counts)
    concepts = np.bincount(places, minlength=BINS)
    with np.errstate(invalid="ignore"):
        means = np.bincount(places, weights=scores, minlength=BINS) / concepts
        squares = np.bincount(places, weights=(scores - means[places]) ** 2, minlength=BINS)
        deviations = np.sqrt(squares / concepts)
    kept = np.arange(*used)[concepts[slice(*used)] > 0]
    slope, r, p = _line(edges[kept], means[kept])
    return Trend(np.exp(edges), means, deviations, concepts, used, slope, r, p)


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Slope per decade of the least-squares line through (x in natural logarithms, y), Pearson's r, two-sided p."""
    if len(x) < LEAST:
        return np.nan, np.nan, np.nan
    slope = float(np.polyfit(x / np.log(10), y, 1)[0])
    return slope, *correlation(x, y)


def correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Pearson's r and its two-sided p; NaN where either does not vary, or there are fewer than `LEAST` points."""
    if len(x) < LEAST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan, np.nan
    from scipy.special import stdtr  # scipy.stats has the same as pearsonr and takes a second to import

    dx, dy = x - x.mean(), y - y.mean()
    r = float(np.clip(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy)), -1, 1))
    freedom = len(x) - 2
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt(freedom / np.float64((1 - r) * (1 + r)))
    return r, float(2 * stdtr(freedom, -t))


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
    stream = np.random.default_rng(seeds.derive("frequency", *name))
    block = max(1, BLOCK // len(counts))
    parts = []
    for begin in range(0, REPLICATES, block):
        drawn = _drawn(stream, min(block, REPLICATES - begin), *scores.shape)
        parts.append(_replicates(*drawn, scores, x, edges, places, unseen, used))
    again = np.concatenate(parts)
    share = float(whole[unseen].mean()) if unseen.any() else np.nan
    values = [*found.means, 100 * found.slope, found.r, concept_r, share]
    estimates = [_estimate(value, again[:, at]) for at, value in enumerate(values)]
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
    stream: np.random.Generator, count: int, seeds_there: int, concepts: int
) -> tuple[Float[np.ndarray, "draw seed"], Float[np.ndarray, "draw concept"]]:
    """How often each seed and each concept is drawn, with replacement, in `count` replicates."""
    found = []
    for among in (seeds_there, concepts):
        places = stream.integers(among, size=(count, among)) + among * np.arange(count)[:, None]
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


def _estimate(value: float, again: np.ndarray) -> Estimate:
    known = again[np.isfinite(again)]
    if not np.isfinite(value) or not len(known):
        return Estimate(float(value), np.nan, np.nan)
    low, high = np.percentile(known, [2.5, 97.5])
    return Estimate(float(value), float(low), float(high))


def per_concept(
    predictions: pa.Table, axis: str = AXIS, by: str = BY
) -> dict[str, tuple[list[str], Int[np.ndarray, " concept"], Float[np.ndarray, " concept"]]]:
    """Of one cell's PREDICTIONS, by question set: concepts by name, their frequencies, the share right of each.

    Concepts are the slices along `by`, or single questions where there is none. Raises `BadValue` where a slice along
    `axis` is no count, and where the questions of a concept differ in it.
    """
    slices = predictions.column("slices").combine_chunks()
    counts = pc.map_lookup(slices, axis, "first")
    concepts = pc.map_lookup(slices, by, "first")
    if concepts.null_count == len(concepts):
        concepts = predictions.column("question_id").combine_chunks().cast(pa.string())
    try:
        numbers = counts.cast(pa.int64())
    except pa.ArrowInvalid as fault:
        raise BadValue(f"the axis {axis!r} holds no frequencies: {str(fault).splitlines()[0]}") from None
    table = pa.table(
        {
            "set": predictions.column("question_set").cast(pa.string()),
            "concept": concepts,
            "count": numbers,
            "right": predictions.column("correct").cast(pa.float64()),
        }
    ).filter(pc.is_valid(numbers))
    grouped = table.group_by(["set", "concept"]).aggregate([("count", "min"), ("count", "max"), ("right", "mean")])
    uneven = grouped.filter(pc.not_equal(grouped["count_min"], grouped["count_max"]))
    if uneven.num_rows:
        one = uneven.slice(0, 1).to_pylist()[0]
        raise BadValue(
            f"{by} {one['concept']!r} has questions of {axis} {one['count_min']} and {one['count_max']}; "
            "all questions of a concept share its frequency"
        )
    found = {}
    for name in sorted(set(grouped["set"].to_pylist())):
        own = grouped.filter(pc.equal(grouped["set"], name)).sort_by("concept")
        found[name] = (own["concept"].to_pylist(), own["count_min"].to_numpy(), own["right_mean"].to_numpy())
    return found


def analyses(
    cells: Iterable[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], pa.Table | str],
    axis: str = AXIS,
    by: str = BY,
) -> tuple[list[Found], list[str]]:
    """The analysis of each submission on each question set that has the axis, over its seeds, and what was left out.

    `cells` are rows of CELLS, each the newest of its submission, split, seed and profile; `read` gives the PREDICTIONS
    of one, or says why it cannot. Seeds that answered other concepts than the first are left out.
    """
    groups: dict[tuple[str, ...], list[tuple[list[str], np.ndarray, np.ndarray]]] = defaultdict(list)
    left_out: list[str] = []
    for row in cells:
        label = f"{row['task']}/{row['split']} {row['submission']} seed {row['seed']}"
        predictions = read(row)
        if isinstance(predictions, str):
            left_out.append(f"{label}: {predictions}")
            continue
        try:
            for question_set, own in per_concept(predictions, axis, by).items():
                key = (row["task"], row["split"], question_set, row["submission"], row["profile"])
                first = groups[key][0] if groups[key] else own
                if own[0] == first[0] and (own[1] == first[1]).all():
                    groups[key].append(own)
                else:
                    left_out.append(f"{label}: other concepts or frequencies on {question_set} than another seed")
        except BadValue as fault:
            left_out.append(f"{label}: {fault}")
    found = []
    for who, each in groups.items():
        try:
            analysis = analyse(each[0][1], np.stack([scores for _, _, scores in each]), who)
            task, split, question_set, submission, profile = who
            found.append(Found(task, split, question_set, submission, profile, analysis))
        except BadValue as fault:
            left_out.append(f"{who[0]}/{who[1]} {who[3]}, {who[2]}: {fault}")
    return found, left_out


def trend_rows(found: Iterable[Found]) -> Iterator[dict[str, object]]:
    """Rows of TRENDS."""
    for one in found:
        of = one.analysis
        yield {
            **_identity(one),
            "seeds": of.seeds,
            "concepts": of.concepts,
            **_spread("slope", of.slope),
            **_spread("r", of.r),
            "p": _known(of.trend.p),
            **_spread("concept_r", of.concept_r),
            "concept_p": _known(of.concept_p),
            "unseen": of.unseen,
            **_spread("unseen_accuracy", of.unseen_accuracy),
        }


def point_rows(found: Iterable[Found]) -> Iterator[dict[str, object]]:
    """Rows of POINTS, bins without concepts among them."""
    for one in found:
        of = one.analysis
        for place, (edge, concepts, accuracy) in enumerate(
            zip(of.trend.edges, of.trend.concepts, of.accuracy, strict=True)
        ):
            yield {
                **_identity(one),
                "bin": place,
                "edge": float(edge),
                "concepts": int(concepts),
                **_spread("accuracy", accuracy),
            }


def _identity(one: Found) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("task", "split", "question_set", "submission", "profile")}


def _spread(name: str, of: Estimate) -> dict[str, float | None]:
    return {name: _known(of.value), f"{name}_low": _known(of.low), f"{name}_high": _known(of.high)}


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def write(found: Sequence[Found], folder: Path) -> None:
    """Write `trends.parquet` and `points.parquet` into the folder; a name appears when the bytes are whole."""
    import pyarrow.parquet as pq

    for name, table in (
        ("trends", to_table(trend_rows(found), TRENDS)),
        ("points", to_table(point_rows(found), POINTS)),
    ):
        partial = folder / f"{name}.parquet.partial"
        pq.write_table(table, partial, compression="zstd")
        partial.replace(folder / f"{name}.parquet")
