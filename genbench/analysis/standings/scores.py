"""The rows of SCORES that count, and what one submission's are together over its seeds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.intervals import interval
from genbench.analysis.newest import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.headlines import Facts, Where
    from genbench.cards import Direction


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

    `questions` are those of one seed.
    """

    cells: tuple[Cell, ...] = ()
    values: tuple[tuple[int, float], ...] = ()
    questions: int = 0
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def counted(scores: pa.Table, facts: Facts, cells: Iterable[str], *, whole: bool) -> list[Score]:
    """The headline metric's rows, of whole question sets or of slices; a cell read twice counts once, at its worst."""
    on_whole = pc.equal(scores.column("axis"), "")
    kept = pa.array(sorted(cells), pa.string())
    mask = pc.and_(on_whole if whole else pc.invert(on_whole), pc.is_in(scores.column("cell"), value_set=kept))
    found: dict[tuple[str, str, str, str], Score] = {}
    for row in rows_of(scores.filter(mask)):
        where = (row["task"], row["split"])
        fact = facts.of(where)
        if row["metric"] != fact.metric or not math.isfinite(row["value"]):
            continue
        score = Score(
            row["cell"],
            where,
            *(row[name] for name in ("question_set", "kind", "axis", "slice", "value", "n", "error")),
        )
        key = (score.cell, score.question_set, score.axis, score.slice)
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
    facts: Facts,
) -> dict[Part, OverSeeds]:
    """What the scores of cells that ended well are together, a submission and part at a time."""
    groups: dict[Part, list[tuple[Cell, Score]]] = defaultdict(list)
    for score in scores:
        cell = cells[score.cell]
        if cell.status == "ok":
            part = Part(*score.where, cell.submission, cell.profile, score.question_set, score.axis, score.slice)
            groups[part].append((cell, score))
    found = {}
    for part, own in groups.items():
        values = sorted((cell.seed, score.value) for cell, score in own)
        questions = min(score.n for _, score in own)
        within = bounded[part.task, part.split, part.question_set]
        errors = [score.error for _, score in own if score.error is not None]
        ends = facts.of((part.task, part.split)).ends
        spread = interval([value for _, value in values], questions, bounded=within, errors=errors, ends=ends)
        found[part] = OverSeeds(tuple(cell for cell, _ in own), tuple(values), questions, *spread)
    return found
