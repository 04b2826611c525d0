"""Rows in, standings out: means, intervals and shared ranks. Pure: no files, no clock, no card is opened here.

A standing is one submission on one question set of one split, over its seeds. What a card knows of the question
(metric, direction, chance) arrives as a `Headline`; where no card is known, the first metric by name is shown, higher
is taken for better, and chance is left open.

Three rules keep a standing honest:

- A cell that failed is counted and shown, and its submission is not ranked until every seed came back: leaving a bad
  seed out of a mean would otherwise be a way to climb.
- Where a cell was run again (same submission, split, seed and profile; other code or data), the newest one counts,
  also when it is the newest that failed; how many it superseded is said.
- Ranks compare like with like: the full profile, behind the wall, on the newest edition of the questions.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.evaluation.cell import DIAGNOSTIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from genbench.cards import Direction, SplitCard, TaskCard

Z: Final = 1.96  # two-sided 95 % of the normal distribution
TAIL: Final = 0.975  # the same, as the quantile asked of Student's t

KINDS: Final = ("ood", "id", "trained")  # generalization first, in tables and on the page
PROFILES: Final = ("full", "quick")
_NAMED: Final = ("task", "split", "submission", "profile", "seed")  # of cells with these equal the newest counts
UNGRADED: Final = "ungraded"  # a cell that is ok but has no finite score for the question set

_Where = tuple[str, str]  # task, split


@dataclass(frozen=True, slots=True)
class Headline:
    """What a card says about one split and a standing rests on.

    `chance` and `kinds` are by question set, `chance_along` by axis and slice; `axes` in the card's order; `bounded`
    says that the metric lies in [0, 1] for each question, so that questions contribute a Wilson interval. `title` is
    the task's and `about` the split's, for a page to show.
    """

    metric: str
    direction: Direction = "higher"
    chance: Mapping[str, float] = field(default_factory=dict)
    chance_along: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    axes: tuple[str, ...] = ()
    bounded: bool = True
    title: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One submission on one question set, over its seeds.

    `mean` is None where no seed was graded; `low` and `high` also where there is no ground for an interval. `seeds`
    counts the graded cells, `questions` those of one seed, `failed` the others by status. `rank` is None where
    `unranked` says why. `editions` above 1 means that the seeds were run with different code, data or parameters.
    """

    task: str
    split: str
    question_set: str
    kind: str
    submission: str
    profile: str
    metric: str
    direction: Direction
    bounded: bool
    mean: float | None
    low: float | None
    high: float | None
    seeds: int
    questions: int
    chance: float | None
    seed_values: tuple[tuple[int, float], ...]
    failed: tuple[tuple[str, int], ...]
    fit_seconds: float | None
    superseded: int
    editions: int
    rank: int | None = None
    unranked: str = ""

    @property
    def one_seed(self) -> bool:
        """Whether the interval knows nothing of how much seeds differ."""
        return self.seeds == 1

    @property
    def above_chance(self) -> float | None:
        """(mean - chance) / (1 - chance): 0 at chance, 1 where all is right; None where chance is not known.

        Of scores in [0, 1] of which the higher is better only.
        """
        if self.mean is None or self.chance is None or not self.bounded or self.direction == "lower":
            return None
        return (self.mean - self.chance) / (1 - self.chance) if self.chance < 1 else None


@dataclass(frozen=True, slots=True)
class SliceStanding:
    """A standing on one slice of a question set, never ranked. `chance` is the slice's, or else the question set's."""

    task: str
    split: str
    question_set: str
    kind: str
    axis: str
    slice: str
    submission: str
    profile: str
    metric: str
    bounded: bool
    mean: float
    low: float | None
    high: float | None
    seeds: int
    questions: int
    chance: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a learning curve: the mean at one step over the seeds that reached it, and their least and most.

    `axis` and `slice` are empty for the whole question set. `fit_seconds` is the mean wall clock in fit up to here.
    """

    task: str
    split: str
    question_set: str
    kind: str
    axis: str
    slice: str
    submission: str
    profile: str
    metric: str
    step: int
    mean: float
    least: float
    most: float
    seeds: int
    fit_seconds: float


@dataclass(frozen=True, slots=True)
class Board:
    """All that a leaderboard shows. `cells` counts those that stand, `failed` among them, `superseded` beside them.

    `first` and `last` are when cells started; `versions` holds each library's name and the versions that occur.
    """

    standings: tuple[Standing, ...]
    slices: tuple[SliceStanding, ...]
    curves: tuple[CurvePoint, ...]
    headlines: Mapping[str, Headline]
    cells: int
    failed: int
    superseded: int
    first: datetime | None
    last: datetime | None
    versions: tuple[tuple[str, tuple[str, ...]], ...]


def headline(card: TaskCard, split: SplitCard, *, bounded: bool = True) -> Headline:
    """The facts of a split's card that its standings rest on; `bounded` is the metric's to say."""
    return Headline(
        metric=card.headline,
        direction=card.direction,
        chance={name: split.chance_of(name) for name in split.questions},
        chance_along=card.chance_along,
        kinds={name: question.kind for name, question in split.questions.items()},
        axes=split.axes,
        bounded=bounded,
        title=card.title,
        about=split.about,
    )


def board(cells: pa.Table, scores: pa.Table, curves: pa.Table, headlines: Mapping[str, Headline]) -> Board:
    """Everything a leaderboard shows, from the CELLS, SCORES and CURVES tables and the facts of `task/split`."""
    kept = _newest(cells)
    versions: dict[str, set[str]] = defaultdict(set)
    for cell in kept:
        for name, version in cell.versions:
            versions[name].add(version)
    return Board(
        standings=standings(cells, scores, headlines),
        slices=by_slice(cells, scores, headlines),
        curves=learning_curves(cells, curves, headlines),
        headlines=headlines,
        cells=len(kept),
        failed=sum(cell.status != "ok" for cell in kept),
        superseded=sum(cell.superseded for cell in kept),
        first=min((cell.started for cell in kept), default=None),
        last=max((cell.started for cell in kept), default=None),
        versions=tuple((name, tuple(sorted(found))) for name, found in sorted(versions.items())),
    )


def standings(cells: pa.Table, scores: pa.Table, headlines: Mapping[str, Headline]) -> tuple[Standing, ...]:
    """Every submission's standing on every question set of every split, ranked and in the order of a leaderboard.

    The order of the rows has no say. Out-of-distribution sets come before those drawn as in training; within a set,
    ranked ones by rank, then the unranked by mean, then those with failed cells, then those with nothing else.
    """
    kept = _newest(cells)
    facts = _Facts(headlines, scores)
    marks: dict[tuple[str, str], _Mark] = {}
    asked: dict[_Where, dict[str, str]] = defaultdict(dict)
    for mark in _marks(scores, facts, {cell.cell for cell in kept}, whole=True):
        marks[mark.cell, mark.question_set] = mark
        asked[mark.where][mark.question_set] = mark.kind
    bounded = _bounded(marks.values(), facts)
    current = _current_data(kept)

    found = []
    for (task, split, submission, profile), own in _grouped(kept).items():
        fact = facts.of((task, split))
        # A submission that only failed has no scores to name the question sets: its rivals' do, or else the card.
        for question_set, kind in (asked[task, split] or fact.kinds or {"": ""}).items():
            graded = {
                cell: marks[cell.cell, question_set]
                for cell in own
                if cell.status == "ok" and (cell.cell, question_set) in marks
            }
            lost = Counter(UNGRADED if cell.status == "ok" else cell.status for cell in own if cell not in graded)
            values = sorted((cell.seed, mark.value) for cell, mark in graded.items())
            questions = min((mark.n for mark in graded.values()), default=0)
            within = bounded.get((task, split, question_set), fact.bounded)
            mean, low, high = interval([value for _, value in values], questions, bounded=within)
            fits = [cell.fit_seconds for cell in graded if cell.fit_seconds is not None]
            standing = Standing(
                task=task,
                split=split,
                question_set=question_set,
                kind=kind,
                submission=submission,
                profile=profile,
                metric=fact.metric,
                direction=fact.direction,
                bounded=within,
                mean=mean,
                low=low,
                high=high,
                seeds=len(values),
                questions=questions,
                chance=fact.chance.get(question_set),
                seed_values=tuple(values),
                failed=tuple(sorted(lost.items())),
                fit_seconds=math.fsum(fits) / len(fits) if fits else None,
                superseded=sum(cell.superseded for cell in own),
                editions=len({cell.edition for cell in own}),
            )
            found.append(
                replace(standing, unranked=_why_unranked(standing, list(graded), current[task, split, profile]))
            )
    return tuple(sorted(_ranked(found), key=_place))


def by_slice(cells: pa.Table, scores: pa.Table, headlines: Mapping[str, Headline]) -> tuple[SliceStanding, ...]:
    """The headline metric along the axes of each split: per slice, the mean and interval as in `standings`.

    Sorted by split, question set (`length_30` before `length_100`), axis in the card's order, slice (as numbers where
    all are) and submission.
    """
    kept = {cell.cell: cell for cell in _newest(cells) if cell.status == "ok"}
    facts = _Facts(headlines, scores)
    marks = list(_marks(scores, facts, kept.keys(), whole=False))
    bounded = _bounded(marks, facts)
    groups: dict[tuple[str, ...], list[_Mark]] = defaultdict(list)
    for mark in marks:
        cell = kept[mark.cell]
        groups[
            (*mark.where, mark.question_set, mark.kind, mark.axis, mark.slice, cell.submission, cell.profile)
        ].append(mark)
    found = []
    for (task, split, question_set, kind, axis, part, submission, profile), own in groups.items():
        fact = facts.of((task, split))
        within = bounded[task, split, question_set]
        questions = min(mark.n for mark in own)
        mean, low, high = interval(sorted(mark.value for mark in own), questions, bounded=within)
        if mean is not None:
            found.append(
                SliceStanding(
                    task=task,
                    split=split,
                    question_set=question_set,
                    kind=kind,
                    axis=axis,
                    slice=part,
                    submission=submission,
                    profile=profile,
                    metric=fact.metric,
                    bounded=within,
                    mean=mean,
                    low=low,
                    high=high,
                    seeds=len(own),
                    questions=questions,
                    chance=fact.chance_along.get(axis, {}).get(part, fact.chance.get(question_set)),
                )
            )

    def order(one: SliceStanding) -> tuple[object, ...]:
        axes = facts.of((one.task, one.split)).axes
        axis = (axes.index(one.axis) if one.axis in axes else len(axes), one.axis)
        return (*_section(one), axis, by_number(one.slice), one.submission)

    return tuple(sorted(found, key=order))


def learning_curves(cells: pa.Table, curves: pa.Table, headlines: Mapping[str, Headline]) -> tuple[CurvePoint, ...]:
    """The headline metric by training step, averaged over the seeds that reached the step.

    So is what submissions said of themselves by `diagnostics`, for which there is no question set.
    Cells that failed later keep their points: what they had learnt by then was measured. Sorted by split, question
    set, slice, metric, submission and step.
    """
    kept = {cell.cell: cell for cell in _newest(cells)}
    facts = _Facts(headlines, curves)
    groups: dict[tuple[Any, ...], dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in _rows(curves):
        where = (row["task"], row["split"])
        cell = kept.get(row["cell"])
        shown = row["metric"] == facts.of(where).metric or row["metric"].startswith(DIAGNOSTIC)
        if cell is None or not shown or not math.isfinite(row["value"]):
            continue
        key = (
            *where,
            row["question_set"],
            row["kind"],
            row["axis"],
            row["slice"],
            cell.submission,
            cell.profile,
            row["metric"],
            row["step"],
        )
        value, seconds = groups[key].get(row["cell"], (row["value"], row["fit_seconds"]))
        groups[key][row["cell"]] = (
            _worse(value, row["value"], facts.of(where).direction),
            max(seconds, row["fit_seconds"]),
        )
    found = []
    for (task, split, question_set, kind, axis, part, submission, profile, metric, step), points in groups.items():
        values = sorted(value for value, _ in points.values())
        found.append(
            CurvePoint(
                task=task,
                split=split,
                question_set=question_set,
                kind=kind,
                axis=axis,
                slice=part,
                submission=submission,
                profile=profile,
                metric=metric,
                step=step,
                mean=math.fsum(values) / len(values),
                least=values[0],
                most=values[-1],
                seeds=len(values),
                fit_seconds=math.fsum(seconds for _, seconds in points.values()) / len(points),
            )
        )

    def order(one: CurvePoint) -> tuple[object, ...]:
        return (*_section(one), one.axis, by_number(one.slice), one.metric, one.submission, one.step)

    return tuple(sorted(found, key=order))


def wilson(share: float, n: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval for a share of `n` questions (Wilson 1927); it holds `share` and lies in [0, 1].

    For marks between 0 and 1 that are not all-or-nothing it is too wide, never too narrow: of all marks with a given
    mean those have the largest variance.

    >>> [round(end, 3) for end in wilson(8 / 10, 10)]
    [0.49, 0.943]
    """
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def interval(
    values: Sequence[float], questions: int, *, bounded: bool = True
) -> tuple[float | None, float | None, float | None]:
    """Mean over seeds and its 95 % interval: (mean, low, high), each None where there is no ground for it.

    `values` holds one score per seed, each over `questions` questions. Two things make a mean uncertain: the seeds
    (Student's t over `values`) and the finite questions (Wilson's interval of the mean, for one seed's questions, as
    all seeds answer the same). Their distances from the mean are squared and added, each side by itself (MOVER; Zou &
    Donner 2008, doi:10.1002/sim.3095). With one seed, the questions' part stands alone. A metric that is not bounded
    has no Wilson interval, and with one seed none at all.

    This is the first form. The hierarchical bootstrap over (seed, question) of the design, and comparisons paired on
    the same questions, need the predictions.
    """
    if not values:
        return None, None, None
    mean = math.fsum(values) / len(values)
    spread = 0.0
    if len(values) > 1:
        from scipy.special import stdtrit  # scipy.stats has the same and takes a second to import

        spread = float(stdtrit(len(values) - 1, TAIL) * np.std(values, ddof=1) / math.sqrt(len(values)))
    if bounded and questions:
        mean = min(max(mean, 0.0), 1.0)  # a sum of ones may round above
        low, high = wilson(mean, questions)
        return mean, max(0.0, mean - math.hypot(mean - low, spread)), min(1.0, mean + math.hypot(high - mean, spread))
    if len(values) == 1:
        return mean, None, None
    return mean, mean - spread, mean + spread


def by_number(text: str) -> tuple[int, float, str]:
    """A sort key that puts slices in the order of their numbers (2 before 10), and words after them."""
    try:
        number = float(text)
    except ValueError:
        return (1, 0.0, text)
    return (0, number, text) if math.isfinite(number) else (1, 0.0, text)


def newest_rows(cells: pa.Table, columns: Sequence[str], wanted: Callable[[str, str], bool]) -> list[dict[str, Any]]:
    """The newest cell of each submission on a split with a seed and profile, also where it failed, with its `columns`.

    Only cells of which `wanted(task/split, submission)` holds; what names a cell, its status and start come along.
    """
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in _rows(cells.select(list(dict.fromkeys([*_NAMED, "cell", "status", "started", *columns])))):
        if wanted(f"{row['task']}/{row['split']}", row["submission"]):
            key = tuple(row[name] for name in _NAMED)
            if key not in found or (row["started"], row["cell"]) > (found[key]["started"], found[key]["cell"]):
                found[key] = row
    return list(found.values())


def natural(label: str) -> list[tuple[int, float, str]]:
    """A sort key that puts labels in the order of the numbers in them: `weight_decay=5` before `weight_decay=15`."""
    return [by_number(part) for part in re.split(r"(\d+\.?\d*)", label)]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The newest cell of a submission, split, seed and profile, and how many older ones it put aside."""

    cell: str
    task: str
    split: str
    submission: str
    profile: str
    seed: int
    status: str
    fit_seconds: float | None
    sealing: str
    data: str
    edition: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    started: datetime
    superseded: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """One value of the headline metric: a row of SCORES that counts."""

    cell: str
    where: _Where
    question_set: str
    kind: str
    axis: str
    slice: str
    value: float
    n: int


class _Facts:
    """The headline of every split: its card's, or what can be said without one."""

    def __init__(self, headlines: Mapping[str, Headline], graded: pa.Table) -> None:
        self._known = headlines
        self._metrics: dict[_Where, str] = {}
        for row in (
            graded.select(["task", "split", "metric"]).group_by(["task", "split", "metric"]).aggregate([]).to_pylist()
        ):
            where = (row["task"], row["split"])
            self._metrics[where] = min(row["metric"], self._metrics.get(where, row["metric"]))

    def of(self, where: _Where) -> Headline:
        """The facts of `where`. Overridden parameters (`addition:p=113`) keep the card's metric, not its chance."""
        task, split = where
        if (own := self._known.get(f"{task}/{split}")) is not None:
            return own
        if (card := self._known.get(f"{task}/{split.partition(':')[0]}")) is not None:
            return replace(card, chance={}, chance_along={})
        return Headline(metric=self._metrics.get(where, ""))


def _rows(table: pa.Table) -> Iterable[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=65_536):  # never the whole table as Python objects
        yield from batch.to_pylist()


def _newest(cells: pa.Table) -> list[_Cell]:
    # The log may be long and is not looked at.
    wanted = [
        *("cell", "task", "split", "submission", "profile", "seed", "status", "fit_seconds", "sealing", "started"),
        *("data_fingerprint", "submission_fingerprint", "submission_params", "task_params", "versions"),
    ]
    runs: dict[tuple[str, str, str, str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(cells.select(wanted)):
        runs[row["task"], row["split"], row["submission"], row["profile"], row["seed"]].append(row)
    kept = []
    for same in runs.values():
        newest = max(same, key=lambda row: (row["started"], row["cell"], row["status"]))
        kept.append(
            _Cell(
                cell=newest["cell"],
                task=newest["task"],
                split=newest["split"],
                submission=newest["submission"],
                profile=newest["profile"],
                seed=newest["seed"],
                status=newest["status"],
                fit_seconds=newest["fit_seconds"],
                sealing=newest["sealing"],
                data=newest["data_fingerprint"],
                edition=tuple(
                    newest[name]
                    for name in ("data_fingerprint", "submission_fingerprint", "submission_params", "task_params")
                ),
                versions=_versions(newest["versions"]),
                started=newest["started"],
                # The same cell read from two folders is one cell.
                superseded=len({row["cell"] for row in same}) - 1,
            )
        )
    return sorted(kept, key=lambda cell: (cell.task, cell.split, cell.submission, cell.profile, cell.seed))


def _versions(text: str) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple((str(name), str(version)) for name, version in found.items()) if isinstance(found, dict) else ()


def _marks(scores: pa.Table, facts: _Facts, cells: Iterable[str], *, whole: bool) -> Iterable[_Mark]:
    """The headline metric's rows, of whole question sets or of slices; a cell read twice counts once, at its worst."""
    on_whole = pc.equal(scores.column("axis"), "")
    kept = pa.array(sorted(cells), pa.string())
    mask = pc.and_(on_whole if whole else pc.invert(on_whole), pc.is_in(scores.column("cell"), value_set=kept))
    found: dict[tuple[str, str, str, str], _Mark] = {}
    for row in _rows(scores.filter(mask)):
        where = (row["task"], row["split"])
        fact = facts.of(where)
        if row["metric"] != fact.metric or not math.isfinite(row["value"]):
            continue
        mark = _Mark(
            row["cell"], where, row["question_set"], row["kind"], row["axis"], row["slice"], row["value"], row["n"]
        )
        key = (mark.cell, mark.question_set, mark.axis, mark.slice)
        if key not in found or _worse(mark.value, found[key].value, fact.direction) == mark.value:
            found[key] = mark
    return found.values()


def _worse(one: float, other: float, direction: Direction) -> float:
    return min(one, other) if direction == "higher" else max(one, other)


def _bounded(marks: Iterable[_Mark], facts: _Facts) -> dict[tuple[str, str, str], bool]:
    """Per question set, whether all its marks lie in [0, 1], as its metric is said to."""
    found: dict[tuple[str, str, str], bool] = {}
    for mark in marks:
        key = (*mark.where, mark.question_set)
        found[key] = found.get(key, facts.of(mark.where).bounded) and 0 <= mark.value <= 1
    return found


def _current_data(cells: Iterable[_Cell]) -> dict[tuple[str, str, str], str]:
    """The fingerprint of each split's data as the newest cell had them."""
    found: dict[tuple[str, str, str], _Cell] = {}
    for cell in cells:
        key = (cell.task, cell.split, cell.profile)
        if key not in found or (cell.started, cell.data) > (found[key].started, found[key].data):
            found[key] = cell
    return {key: cell.data for key, cell in found.items()}


def _grouped(cells: Iterable[_Cell]) -> dict[tuple[str, str, str, str], list[_Cell]]:
    groups: dict[tuple[str, str, str, str], list[_Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.task, cell.split, cell.submission, cell.profile].append(cell)
    return groups


def _why_unranked(standing: Standing, graded: Sequence[_Cell], data: str) -> str:
    """One short reason, the first that holds; empty where the standing may be ranked."""
    lost = sum(count for _, count in standing.failed)
    reasons = (
        (standing.profile == "quick", "quick profile"),
        (standing.mean is None, "no seed was graded"),
        (standing.kind == "trained", "training asked again"),
        (lost > 0, f"{lost} of {lost + standing.seeds} seeds failed"),
        (any(cell.sealing == "none" for cell in graded), "ran without the wall"),
        (any(cell.data != data for cell in graded), "older edition of the data"),
        (standing.low is None, "one seed, no interval"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _ranked(found: Sequence[Standing]) -> list[Standing]:
    """Rank = 1 + the number of rivals whose interval lies wholly on the better side.

    So a rank is shared where intervals overlap, and being less certain never costs a place: more seeds tell more.
    """
    worst: dict[tuple[str, ...], list[float]] = defaultdict(list)  # the rivals' ends on the worse side, best first

    def contest(one: Standing) -> tuple[str, ...]:
        return one.task, one.split, one.question_set, one.profile

    for one in found:
        if not one.unranked:
            worst[contest(one)].append(_ends(one)[0])
    for ends in worst.values():
        ends.sort()
    return [
        one if one.unranked else replace(one, rank=1 + bisect_left(worst[contest(one)], _ends(one)[1])) for one in found
    ]


def _ends(one: Standing) -> tuple[float, float]:
    """The interval's (worse, better) end, turned so that less is better."""
    low, high = cast("float", one.low), cast("float", one.high)
    return (high, low) if one.direction == "lower" else (-low, -high)


def _place(one: Standing) -> tuple[object, ...]:
    better = 0.0 if one.mean is None else one.mean if one.direction == "lower" else -one.mean
    return (*_section(one), one.mean is None, one.rank is None, one.rank or 0, bool(one.failed), better, one.submission)


def _section(one: Standing | SliceStanding | CurvePoint) -> tuple[object, ...]:
    """Where on a leaderboard it stands: `length_30` before `length_100`."""
    return one.task, one.split, _among(one.kind, KINDS), natural(one.question_set), _among(one.profile, PROFILES)


def _among(name: str, known: Sequence[str]) -> tuple[int, str]:
    return (known.index(name) if name in known else len(known), name)
