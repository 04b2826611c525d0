"""Standings along the axes of a split: accuracy by length, by label, by frequency. Never ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.analysis.ordering import by_number
from genbench.analysis.standings.cells import newest_cells
from genbench.analysis.standings.headlines import Facts
from genbench.analysis.standings.order import section
from genbench.analysis.standings.scores import bounded_sets, counted, over_seeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.analysis.standings.headlines import Headline


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


def by_slice(cells: pa.Table, scores: pa.Table, headlines: Mapping[str, Headline]) -> tuple[SliceStanding, ...]:
    """The headline metric along the axes of each split: per slice, the mean and interval as in `standings`.

    Sorted by split, question set (`length_30` before `length_100`), axis in the card's order, slice (as numbers where
    all are) and submission.
    """
    kept = {cell.cell: cell for cell in newest_cells(cells) if cell.status == "ok"}
    facts = Facts(headlines, scores)
    marks = counted(scores, facts, kept, whole=False)
    bounded = bounded_sets(marks, facts)
    kinds = {(*mark.where, mark.question_set): mark.kind for mark in marks}
    found = []
    for part, graded in over_seeds(marks, kept, bounded, facts).items():
        fact = facts.of((part.task, part.split))
        if graded.mean is not None:
            found.append(
                SliceStanding(
                    task=part.task,
                    split=part.split,
                    question_set=part.question_set,
                    kind=kinds[part.task, part.split, part.question_set],
                    axis=part.axis,
                    slice=part.slice,
                    submission=part.submission,
                    profile=part.profile,
                    metric=fact.metric,
                    bounded=bounded[part.task, part.split, part.question_set],
                    mean=graded.mean,
                    low=graded.low,
                    high=graded.high,
                    seeds=len(graded.values),
                    questions=graded.questions,
                    chance=fact.chance_along.get(part.axis, {}).get(part.slice, fact.chance.get(part.question_set)),
                )
            )

    def order(one: SliceStanding) -> tuple[object, ...]:
        axes = facts.of((one.task, one.split)).axes
        axis = (axes.index(one.axis) if one.axis in axes else len(axes), one.axis)
        return (*section(one), axis, by_number(one.slice), one.submission)

    return tuple(sorted(found, key=order))
