"""Up to which length a submission is right: its accuracy by length, where that breaks, and the area under it.

For any submission on any split with a numeric axis, `length` unless another is named; SCORES has all that is needed.
The *accuracy at a length* is exact match over all questions of that length, whichever question set asks them; training
rows asked again are left out. Over seeds it is their mean, with the interval of `standings.interval`.

- The *break point* is the largest length asked at which accuracy is at least .9, the *length of half accuracy* is where
  it falls below .5, on a straight line between the two lengths asked about it. Both are read off the *fit*: the curve
  that never rises with length and is nearest to what was measured (isotonic least squares, each length weighted by its
  questions; Ayer et al. 1955). On it no length below a break point is under .9, and none beyond is at .9 or above; a
  dip by chance among fifty questions of one length does not break a submission that is right at the next ten.
- Where accuracy is at the level up to the longest length asked, the point lies beyond it (right-censored), and where it
  is below at the shortest, before it (left-censored); their figures are inf and -inf.
- The *area* under the curve as measured is taken by trapezoids over length and divided by the range asked: the accuracy
  at a length drawn uniformly from the shortest to the longest asked, 0 to 1.
- Beside it, where a card grades them: `token_accuracy`, and `prefix_length`, the tokens before the first wrong one.
- `misfit` is the mean distance of measured accuracy from the fit: where it is large, accuracy rises with length
  somewhere, and break points say little.

Intervals hold what `standings.interval` holds, both the questions and the seeds. For a point, the accuracies are drawn
again 2,000 times: questions with replacement at each length (all seeds answer the same ones), and the mean over seeds
moved by Student's t times how they differ; the interval is where 95 % of the points so found lie. For the area both
parts are known in closed form: Wilson's intervals at each length, weighted, and Student's t over the areas of the seeds
(MOVER; Zou & Donner 2008). With one seed, questions alone count, and the tables say so.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import seeds
from genbench.analysis.standings import by_number, interval, newest_rows, wilson
from genbench.errors import BadValue, nearest
from genbench.rows.schema import column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

AXIS: Final = "length"
METRIC: Final = "exact_match"
BESIDE: Final = ("token_accuracy", "prefix_length")  # metrics told beside it where they were graded
KINDS: Final = ("id", "ood")  # of question sets; training asked again is no matter of length
KEPT: Final = 0.9  # accuracy up to which a submission has not broken
HALF: Final = 0.5
DRAWS: Final = 2_000
TAILS: Final = (0.025, 0.975)
BENT: Final = 20  # longest over shortest, from which on pictures have a logarithmic scale
UNSTEADY: Final = 0.1  # misfit from which on a fall with length is no fair picture

_WHO = [
    column("task", pa.string(), "task, as its card names it"),
    column("split", pa.string(), "split, with overridden parameters"),
    column("submission", pa.string(), "submission, with variant and overridden parameters"),
    column("profile", pa.string(), "quick (never ranked) or full"),
    column("axis", pa.string(), "the axis: length, or another with numbers"),
]


def _number(name: str, about: str) -> Any:
    return column(name, pa.float64(), about)


_FIGURES = [
    _number("break_point", "largest length asked with accuracy of .9 at least; inf beyond, -inf before those asked"),
    _number("half_length", "length at which accuracy falls below .5; inf beyond, -inf before those asked"),
    _number("area", "area under accuracy by length, over the range asked: 0 to 1"),
]
ACCURACIES: Final = pa.schema(
    [
        *_WHO,
        _number("length", "the value on the axis"),
        _number("accuracy", "share of the questions of that length answered right, mean over seeds"),
        _number("low", "lower end of its 95 % interval"),
        _number("high", "upper end"),
        _number("fitted", "the nearest accuracy that never rises with length"),
        column("token_accuracy", pa.float64(), "mean of that metric; null where it is not graded", null=True),
        column(
            "prefix_length", pa.float64(), "mean tokens before the first wrong one; null where not graded", null=True
        ),
        column("questions", pa.int64(), "questions of that length"),
        column("seeds", pa.int64(), "seeds"),
    ]
)
SEEDS: Final = pa.schema(
    [*_WHO, column("seed", pa.int64(), "training seed"), column("cell", pa.string(), "digest of the cell"), *_FIGURES]
)
REACHES: Final = pa.schema(
    [
        *_WHO,
        *(
            part
            for figure in _FIGURES
            for part in (
                figure,
                _number(f"{figure.name.partition('_')[0]}_low", "lower end of its 95 % interval"),
                _number(f"{figure.name.partition('_')[0]}_high", "upper end"),
            )
        ),
        _number("shortest", "the shortest length asked"),
        _number("longest", "the longest"),
        column("familiar", pa.float64(), "the longest asked as in training; null where none is", null=True),
        _number("misfit", "mean distance of measured accuracy from one that never rises with length"),
        column("questions", pa.int64(), "questions of all lengths"),
        column("seeds", pa.int64(), "seeds that were graded; with one, intervals know of questions only"),
        column("failed", pa.int64(), "seeds that were not"),
    ]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell's accuracy at each length, shortest first, and over how many questions."""

    task: str
    split: str
    submission: str
    profile: str
    axis: str
    seed: int
    cell: str
    lengths: tuple[float, ...]
    shares: tuple[float, ...]
    counts: tuple[int, ...]
    familiar: float | None = None  # the longest that a question set drawn as in training asks
    beside: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # means of other metrics

    @property
    def who(self) -> tuple[str, str, str, str, str]:
        """Which task, split, submission, profile and axis: what seeds are put together by."""
        return self.task, self.split, self.submission, self.profile, self.axis


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval. A point may be inf or -inf: beyond or before all lengths asked."""

    value: float
    low: float
    high: float


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


def reaches(
    cells: pa.Table, scores: pa.Table, wanted: Callable[[str, str], bool], axis: str = AXIS
) -> tuple[list[Reach], list[str]]:
    """The reach of each submission of which `wanted(task/split, submission)` holds, and a line for each cell left out.

    Of cells run again the newest counts, also where it failed; cells on an older edition of the questions are left out.
    Ordered by split, profile and submission. Raises `BadValue` where none is left.
    """
    newest = newest_rows(cells, ["data_fingerprint"], wanted)
    names = ["task", "split", "submission", "profile", "seed"]
    current: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in newest:
        where = row["task"], row["split"], row["profile"]
        if where not in current or row["started"] > current[where]["started"]:
            current[where] = row
    if not newest:
        raise BadValue("no cell of these results matches; `genbench list results` names them")
    keys = {row["cell"] for row in newest}
    measured, familiar = _measured(scores, keys, axis, METRIC)
    others = {metric: _measured(scores, keys, axis, metric)[0] for metric in BESIDE}

    lacking, single = f"no axis {axis!r} with numbers and graded by {METRIC}", f"one {axis} is asked only"
    groups: dict[tuple[str, ...], list[Reading]] = defaultdict(list)
    failed: Counter[tuple[str, ...]] = Counter()
    left_out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in sorted(newest, key=lambda row: [row[name] for name in names]):
        who = (row["task"], row["split"], row["submission"], row["profile"], axis)
        by_length = measured.get(row["cell"], {})
        data = current[row["task"], row["split"], row["profile"]]["data_fingerprint"]
        why = _why_not(row, data) or (lacking if not by_length else "" if len(by_length) > 1 else single)
        if why:
            failed[who] += row["status"] != "ok"
            who_failed = "" if why == lacking else row["submission"]  # a split that lacks the axis lacks it for all
            left_out[who_failed, why].add(f"{row['task']}/{row['split']}")
            continue
        lengths = sorted(by_length)
        groups[who].append(
            Reading(
                **{name: row[name] for name in names},
                cell=row["cell"],
                axis=axis,
                lengths=tuple(lengths),
                shares=tuple(by_length[length][0] for length in lengths),
                counts=tuple(by_length[length][1] for length in lengths),
                familiar=familiar.get(row["cell"]),
                beside={
                    metric: tuple(found[row["cell"]][length][0] for length in lengths)
                    for metric, found in others.items()
                    if found.get(row["cell"], {}).keys() == by_length.keys()
                },
            )
        )
    lines = [
        f"{who} on {', '.join(sorted(where))}: {why}" if who else f"{', '.join(sorted(where))}: {why}"
        for (who, why), where in sorted(left_out.items())
    ]
    if not groups:
        known = set(scores["axis"].unique().to_pylist()) - {""}
        near = "" if axis in known else nearest(axis, known)
        raise BadValue("\n  ".join([f"no accuracy by {axis!r} can be told{near}", *lines]))
    found = [reach(own, failed[who]) for who, own in groups.items()]
    return sorted(found, key=lambda one: [one.readings[0].who[place] for place in (0, 1, 3, 2)]), lines


def _why_not(row: Mapping[str, Any], data: str) -> str:
    """Why a cell does not count, whatever its split; empty where it does."""
    if row["status"] != "ok":
        return f"seed {row['seed']} ended with {row['status']}"
    return "" if row["data_fingerprint"] == data else f"seed {row['seed']} answered an older edition of the questions"


def _measured(
    scores: pa.Table, cells: set[str], axis: str, metric: str
) -> tuple[dict[str, dict[float, tuple[float, int]]], dict[str, float]]:
    """For each cell: length -> mean of a metric and number of questions, training asked again left out.

    And the longest length that is asked as in training. A cell with a slice that is no number has neither.
    """
    mask = pc.and_(pc.equal(scores["axis"], axis), pc.equal(scores["metric"], metric))
    mask = pc.and_(mask, pc.is_in(scores["kind"], pa.array(KINDS)))
    mask = pc.and_(mask, pc.is_in(scores["cell"], pa.array(sorted(cells), pa.string())))
    names = ["cell", "question_set", "kind", "slice", "value", "n"]
    once = {
        (row["cell"], row["question_set"], row["slice"]): row for row in scores.filter(mask).select(names).to_pylist()
    }  # a cell read from two folders is one cell
    right: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    count: dict[str, Counter[float]] = defaultdict(Counter)
    familiar: dict[str, float] = {}
    words = set()
    for (cell, _, part), row in once.items():
        kind, length, _ = by_number(part)
        if kind or not math.isfinite(row["value"]):
            words.add(cell)
            continue
        right[cell][length] += row["value"] * row["n"]
        count[cell][length] += row["n"]
        if row["kind"] == "id":
            familiar[cell] = max(length, familiar.get(cell, length))
    shares = {
        cell: {length: (right[cell][length] / n, n) for length, n in own.items()}
        for cell, own in count.items()
        if cell not in words
    }
    return shares, familiar


def reach(own: Sequence[Reading], failed: int = 0) -> Reach:
    """What is read off the seeds of one submission on one split, which asked the same questions."""
    lengths, counts = np.array(own[0].lengths), np.array(own[0].counts)
    shares = np.array([one.shares for one in own])
    mean = shares.mean(0)
    drawn = _drawn(shares, counts, own[0].who)
    break_point, half_length = (
        _estimate(points(lengths, mean[None], counts, level)[kind][0], points(lengths, drawn, counts, level)[kind])
        for kind, level in ((0, KEPT), (1, HALF))
    )
    return Reach(
        readings=tuple(own),
        failed=failed,
        shares=tuple(_interval(shares[:, place], int(n)) for place, n in enumerate(counts)),
        fitted=tuple(fall(mean, counts).tolist()),
        break_point=break_point,
        half_length=half_length,
        area=_area(lengths, shares, counts),
    )


def fall(shares: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The accuracies that never rise with length and are nearest to `shares`, weighted by `counts`; both (length,).

    >>> fall(np.array([1.0, 0.8, 0.9, 0.1]), np.array([10, 10, 10, 10])).round(2).tolist()
    [1.0, 0.85, 0.85, 0.1]
    """
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(shares, weights=counts, increasing=False).x)


def points(lengths: np.ndarray, shares: np.ndarray, counts: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """For each row of `shares` (draw, length) the largest length whose fit is at `level`, and where it falls below.

    No fit is made: it is at least `level` up to the length at which the questions right in excess of that share, added
    up from the shortest on, are most; there it leaves with the steepest slope before and the least steep after
    (Groeneboom & Jongbloed 2014, section 2.1, the other way up).
    """
    rows, last = len(shares), len(lengths)
    right = np.concatenate([np.zeros((rows, 1)), np.cumsum(shares * counts, axis=1)], axis=1)
    asked = np.concatenate([[0], np.cumsum(counts)])
    excess = np.round(right - level * asked, 9)
    at = last - np.argmax(excess[:, ::-1], axis=1)  # how many lengths are at the level
    inside = (at > 0) & (at < last)
    place = np.where(inside, at, 1)
    each = np.arange(rows)[:, None]
    away = asked - asked[place][:, None]
    slope = (right - right[each, place[:, None]]) / np.where(away == 0, 1, away)
    before = np.where(away < 0, slope, np.inf).min(1)
    after = np.where(away > 0, slope, -np.inf).max(1)
    above, below = lengths[place - 1], lengths[np.minimum(place, last - 1)]
    part = np.clip((before - level) / np.where(before > after, before - after, 1), 0, 1)
    outside = np.where(at == 0, -np.inf, np.inf)
    return np.where(inside, above, outside), np.where(inside, above + part * (below - above), outside)


def _drawn(shares: np.ndarray, counts: np.ndarray, who: Sequence[str]) -> np.ndarray:
    """`DRAWS` curves (draw, length) as they might have been: other questions, other seeds."""
    stream = np.random.default_rng(seeds.derive("lengths", *who))
    mean, many = shares.mean(0), len(shares)
    drawn = stream.binomial(counts, np.clip(mean, 0, 1), size=(DRAWS, len(counts))) / counts
    if many > 1:
        # A normal weight for each seed's distance from the mean, all over one chi: Student's t in any direction.
        weights = stream.standard_normal((DRAWS, many)) / math.sqrt(many * (many - 1))
        heavy = np.sqrt((many - 1) / stream.chisquare(many - 1, size=(DRAWS, 1)))
        drawn = np.clip(drawn + heavy * (weights @ (shares - mean)), 0, 1)
    return np.asarray(drawn)


def _estimate(value: float, drawn: np.ndarray) -> Estimate:
    ordered = np.sort(drawn)
    low, high = (
        float(ordered[round_(tail * (len(ordered) - 1))])
        for round_, tail in zip((math.floor, math.ceil), TAILS, strict=True)
    )
    return Estimate(float(value), min(low, float(value)), max(high, float(value)))


def _interval(values: np.ndarray, questions: int) -> Estimate:
    mean, low, high = interval(values.tolist(), questions)
    assert mean is not None  # noqa: S101  there are values
    assert low is not None  # noqa: S101  and questions
    assert high is not None  # noqa: S101
    return Estimate(mean, low, high)


def _area(lengths: np.ndarray, shares: np.ndarray, counts: np.ndarray) -> Estimate:
    weights = _weights(lengths)
    mean = np.clip(shares.mean(0), 0, 1)
    ends = np.array([wilson(float(share), int(n)) for share, n in zip(mean, counts, strict=True)])
    each = (shares @ weights).tolist()
    value = min(1.0, max(0.0, math.fsum(each) / len(each)))
    _, least, most = interval(each, 0, bounded=False)  # Student's t over the seeds, none for one
    spread = 0.0 if least is None or most is None else (most - least) / 2
    low, high = (math.hypot(spread, *(weights * (mean - ends[:, side]))) for side in (0, 1))
    return Estimate(value, max(0.0, value - low), min(1.0, value + high))


def _weights(lengths: np.ndarray) -> np.ndarray:
    """What each length weighs in the area: half the way to its neighbours, over the whole range."""
    steps = np.diff(lengths)
    return np.asarray((np.append(steps, 0) + np.insert(steps, 0, 0)) / (2 * (lengths[-1] - lengths[0])))


def accuracy_rows(found: Iterable[Reach]) -> Iterator[dict[str, object]]:
    """Rows of ACCURACIES."""
    for one in found:
        first = one.readings[0]
        beside = {metric: one.mean_of(metric) for metric in BESIDE}
        for at, length in enumerate(one.lengths):
            share = one.shares[at]
            yield {
                **_who(first),
                "length": length,
                "accuracy": share.value,
                "low": share.low,
                "high": share.high,
                "fitted": one.fitted[at],
                **{metric: None if values is None else values[at] for metric, values in beside.items()},
                "questions": first.counts[at],
                "seeds": len(one.readings),
            }


def seed_rows(found: Iterable[Reach]) -> Iterator[dict[str, object]]:
    """Rows of SEEDS: what would be read off each seed alone."""
    for one in found:
        for reading in one.readings:
            asked, shares, counts = (np.array(one) for one in (reading.lengths, reading.shares, reading.counts))
            figures = {
                "break_point": float(points(asked, shares[None], counts, KEPT)[0][0]),
                "half_length": float(points(asked, shares[None], counts, HALF)[1][0]),
                "area": float(shares @ _weights(asked)),
            }
            yield {**_who(reading), "seed": reading.seed, "cell": reading.cell, **figures}


def reach_rows(found: Iterable[Reach]) -> Iterator[dict[str, object]]:
    """Rows of REACHES."""
    for one in found:
        figures: dict[str, float] = {}
        for name in ("break_point", "half_length", "area"):
            estimate, short = getattr(one, name), name.partition("_")[0]
            figures |= {name: estimate.value, f"{short}_low": estimate.low, f"{short}_high": estimate.high}
        first = one.readings[0]
        yield {
            **_who(first),
            **figures,
            "shortest": one.lengths[0],
            "longest": one.lengths[-1],
            "familiar": first.familiar,
            "misfit": one.misfit,
            "questions": sum(first.counts),
            "seeds": len(one.readings),
            "failed": one.failed,
        }


def _who(reading: Reading) -> dict[str, object]:
    return {name: getattr(reading, name) for name in ("task", "split", "submission", "profile", "axis")}
