"""Standings along the axes of a split: accuracy by length, by label, by frequency. Never ranked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.analysis.ordering import by_number
from genbench.analysis.standings.cells import by_submission
from genbench.analysis.standings.floors import constant
from genbench.analysis.standings.order import section
from genbench.analysis.standings.sources import Held
from genbench.analysis.standings.splits import splits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.analysis.standings.evidence import Evidence
    from genbench.analysis.standings.headlines import Headline
    from genbench.analysis.standings.scores import Part
    from genbench.analysis.standings.splits import SplitRows


@dataclass(frozen=True, slots=True)
class SliceStanding:
    """A standing on one slice of a question set, never ranked.

    `chance` and `floor` are the slice's own, as the card says them or as measured, None where none is known: those of
    the whole say little of a part.
    `failed` counts the submission's cells that are in no mean, by status.
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
    bounded: bool
    mean: float
    low: float | None
    high: float | None
    seeds: int
    questions: int
    chance: float | None
    floor: float | None = None
    failed: tuple[tuple[str, int], ...] = ()
    inner: tuple[float, float] | None = None  # the 90 % interval


def by_slice(
    cells: pa.Table, scores: pa.Table, headlines: Mapping[str, Headline], evidence: Evidence | None = None
) -> tuple[SliceStanding, ...]:
    """The headline metric along the axes of each split: per slice, the mean and interval as in `standings`.

    Sorted by split, question set (`length_30` before `length_100`), axis in the card's order, slice (as numbers where
    all are) and submission.
    """
    return tuple(one for rows in splits(Held(cells, scores), headlines, evidence) for one in of_split(rows))


def _chance(rows: SplitRows, part: Part) -> float | None:
    """The chance that the card gives a slice, else what was measured."""
    known = rows.fact.chance_along.get(part.axis, {}).get(part.slice)
    return rows.marked.chance(part.question_set, part.axis, part.slice) if known is None else known


def of_split(rows: SplitRows) -> list[SliceStanding]:
    """The slices of one split, in their order. Of cells that failed there are none, and `failed` counts them."""
    marks, bounded, together = rows.graded((cell for cell in rows.cells if cell.status == "ok"), whole=False)
    kinds = {mark.question_set: mark.kind for mark in marks}
    lost = {
        who: Counter(cell.status for cell in own if cell.status != "ok")
        for who, own in by_submission(rows.cells).items()
    }
    fact = rows.fact
    found = [
        SliceStanding(
            task=part.task,
            split=part.split,
            question_set=part.question_set,
            kind=kinds[part.question_set],
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
            chance=_chance(rows, part),
            floor=constant(rows, together, part.profile, part.question_set, part.axis, part.slice),
            inner=graded.inner,
            failed=tuple(sorted(lost[part.submission, part.profile].items())),
        )
        for part, graded in together.items()
        if graded.mean is not None
    ]

    def order(one: SliceStanding) -> tuple[object, ...]:
        axis = (fact.axes.index(one.axis) if one.axis in fact.axes else len(fact.axes), one.axis)
        return (*section(one), axis, by_number(one.slice), one.submission)

    return sorted(found, key=order)
