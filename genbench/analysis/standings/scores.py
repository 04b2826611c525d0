"""The rows of SCORES that count, and what one submission's are together over its seeds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.inference import between, layout, of_values, stratified
from genbench.analysis.newest import tuples_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jaxtyping import Float, Int

    from genbench.analysis.inference import Layout
    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.evidence import Marked
    from genbench.analysis.standings.headlines import Facts, Headline, Where
    from genbench.cards import Direction


COLUMNS: Final = (
    *("task", "split", "metric", "cell"),
    *("question_set", "kind", "axis", "slice", "value", "n", "error"),  # as Score has them
)
INNER: Final = 0.95  # quantile of the ends of an interval of 90 %


@dataclass(frozen=True, slots=True)
class Score:
    """One value of the headline metric: a row of SCORES that counts."""

    cell: str
    where: Where
    question_set: str
    kind: str
    axis: str
    slice: str
    value: float
    n: int
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What the seeds of a submission are put together on: a question set, or a slice of one along an axis."""

    task: str
    split: str
    submission: str
    profile: str
    question_set: str
    axis: str = ""
    slice: str = ""


@dataclass(frozen=True, slots=True)
class OverSeeds:
    """The cells that were graded on a part, the value of each seed, and their mean with its interval.

    `questions` are those of one seed; `layout` what the mean's variance is made of, with marks where there are any.
    """

    cells: tuple[Cell, ...] = ()
    values: tuple[tuple[int, float], ...] = ()
    questions: int = 0
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    layout: Layout | None = None
    inner: tuple[float, float] | None = None  # the 90 % interval, which equivalence asks for
    same: bool | None = None  # whether all seeds have the same marks; None where there are none, or one seed


def counted(scores: pa.Table, facts: Facts, cells: Iterable[str], *, whole: bool) -> list[Score]:
    """The headline metric's rows, of whole question sets or of slices; a cell read twice counts once, at its worst."""
    on_whole = pc.equal(scores.column("axis"), "")
    kept = pa.array(sorted(cells), pa.string())
    mask = pc.and_(on_whole if whole else pc.invert(on_whole), pc.is_in(scores.column("cell"), value_set=kept))
    found: dict[tuple[str, str, str, str], Score] = {}
    for task, split, metric, cell, *said in tuples_of(scores.filter(mask), COLUMNS):
        fact = facts.of((task, split))
        if metric != fact.metric or not math.isfinite(said[4]):
            continue
        score = Score(cell, (task, split), *said)
        key = (cell, score.question_set, score.axis, score.slice)
        if key not in found or worse(score.value, found[key].value, fact.direction) == score.value:
            found[key] = score
    return list(found.values())


def worse(one: float, other: float, direction: Direction) -> float:
    """The worse of two values."""
    return min(one, other) if direction == "higher" else max(one, other)


def bounded_sets(scores: Iterable[Score], facts: Facts) -> dict[tuple[str, str, str], bool]:
    """Per question set, whether all its scores lie in [0, 1], as its metric is said to."""
    found: dict[tuple[str, str, str], bool] = {}
    for score in scores:
        key = (*score.where, score.question_set)
        found[key] = found.get(key, facts.of(score.where).bounded) and 0 <= score.value <= 1
    return found


def over_seeds(
    scores: Iterable[Score],
    cells: Mapping[str, Cell],
    bounded: Mapping[tuple[str, str, str], bool],
    fact: Headline,
    marked: Marked,
) -> dict[Part, OverSeeds]:
    """What the scores of a split's cells that ended well are together, a submission and part at a time.

    Where the marks of all seeds are kept, the mean's variance is that of seeds and questions; else of values alone.
    """
    groups: dict[Part, list[tuple[Cell, Score]]] = defaultdict(list)
    for score in scores:
        cell = cells[score.cell]
        if cell.status == "ok":
            part = Part(*score.where, cell.submission, cell.profile, score.question_set, score.axis, score.slice)
            groups[part].append((cell, score))
    found = {}
    for part, own in groups.items():
        own.sort(key=lambda pair: (pair[0].seed, pair[1].value))
        values = [score.value for _, score in own]
        within = bounded[part.task, part.split, part.question_set]
        marks = _marks(part, own, marked)
        if marks is None:
            errors = [score.error for _, score in own if score.error is not None]
            least = min(score.n for _, score in own)
            one = of_values(values, least, bounded=within, errors=errors)
        else:
            one = _layout(marks, part, own[0][1], fact, marked)
        found[part] = OverSeeds(
            cells=tuple(cell for cell, _ in own),
            values=tuple((cell.seed, score.value) for cell, score in own),
            questions=min(score.n for _, score in own),
            mean=one.mean if marks is None else math.fsum(values) / len(values),  # as SCORES have it, to the last bit
            **dict(zip(("low", "high"), between(one, bounded=within, ends=fact.ends), strict=True)),
            layout=one,
            inner=_inner(one, fact, bounded=within),
            same=None if marks is None or len(marks) < 2 else bool((marks == marks[0]).all()),
        )
    return found


def _inner(one: Layout, fact: Headline, *, bounded: bool) -> tuple[float, float] | None:
    low, high = between(one, bounded=bounded, ends=fact.ends, tail=INNER)
    return None if low is None or high is None else (low, high)


def _marks(part: Part, own: Sequence[tuple[Cell, Score]], marked: Marked) -> Float[np.ndarray, "seed question"] | None:
    """The marks of a part, seed by seed; None where they are not there, or are none of these scores."""
    cells = [score.cell for _, score in own]
    if not part.axis:
        return marked.of(part.question_set, [(score.cell, score.value) for _, score in own])
    within = marked.places(part.question_set, part.axis, part.slice, cells[0])
    return (
        None
        if within is None
        else marked.of(part.question_set, [(score.cell, score.value) for _, score in own], within)
    )


def _layout(
    marks: Float[np.ndarray, "seed question"], part: Part, score: Score, fact: Headline, marked: Marked
) -> Layout:
    """The layout of a part's marks, by the clusters or the strata of its questions where the card declares some."""
    strata = _numbers(part, score, fact.strata, marked, marks.shape[1])
    return (
        layout(marks, _numbers(part, score, fact.cluster, marked, marks.shape[1]))
        if strata is None
        else stratified(marks, strata)
    )


def _numbers(part: Part, score: Score, axis: str, marked: Marked, count: int) -> Int[np.ndarray, " question"] | None:
    """The value of each question of a part along an axis, numbered from 0; None where no axis is named."""
    along = marked.along(part.question_set, axis, score.cell) if axis else None
    if along is None:
        return None
    numbers = along[0]
    if part.axis:
        within = marked.places(part.question_set, part.axis, part.slice, score.cell)
        numbers = numbers if within is None else numbers[within]
    return np.unique(numbers, return_inverse=True)[1] if len(numbers) == count else None
