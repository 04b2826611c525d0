"""What one submission has on a split: the marks of its seeds, and of each question the slice it belongs to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from genbench.analysis.inference import layout, of_values, stratified
from genbench.analysis.standings.cells import newest_cells
from genbench.analysis.standings.editions import asked_by, count
from genbench.analysis.standings.sources import Held
from genbench.analysis.standings.splits import splits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa
    from jaxtyping import Float, Int

    from genbench.analysis.inference import Layout
    from genbench.analysis.standings.editions import Edition
    from genbench.analysis.standings.evidence import Evidence
    from genbench.analysis.standings.headlines import Headline
    from genbench.analysis.standings.scores import OverSeeds, Part
    from genbench.analysis.standings.splits import SplitRows


@dataclass(frozen=True, slots=True)
class Rows:
    """Results folders, read: CELLS, SCORES, and the marks that they keep."""

    cells: pa.Table
    scores: pa.Table
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Side:
    """A submission on a question set: its layout, and where they are kept its marks and their questions' order."""

    layout: Layout
    seeds: tuple[int, ...]
    kind: str
    bounded: bool
    order: str
    marks: Float[np.ndarray, "seed question"] | None
    rows: SplitRows
    cell: str
    _parts: dict[tuple[str, str], tuple[Layout, Float[np.ndarray, " question"]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def part(
        self, question_set: str, name: tuple[str, str], within: Int[np.ndarray, " part"] | None
    ) -> tuple[Layout, Float[np.ndarray, " question"]]:
        """The layout of a slice, by axis and name, or of the whole, and the means of its questions over seeds.

        It is held, for one submission is compared with many.
        """
        assert self.marks is not None  # noqa: S101  those without are left out
        if name not in self._parts:
            marks = self.marks if within is None else np.asarray(self.marks[:, within])
            self._parts[name] = self.layout_of(marks, question_set, within), marks.mean(axis=0)
        return self._parts[name]

    def along(self, question_set: str, axis: str) -> tuple[Int[np.ndarray, " question"], tuple[str, ...]] | None:
        """For each question the number of its slice along an axis, and the slices' names."""
        return self.rows.marked.along(question_set, axis, self.cell)

    def layout_of(
        self,
        marks: Float[np.ndarray, "seed question"],
        question_set: str,
        within: Int[np.ndarray, " part"] | None = None,
    ) -> Layout:
        """The layout of its marks, all or `within`, by the clusters or strata that the card declares."""
        strata = self._numbers(question_set, self.rows.fact.strata, within)
        if strata is not None:
            return stratified(marks, strata)
        return layout(marks, self._numbers(question_set, self.rows.fact.cluster, within))

    def _numbers(
        self, question_set: str, axis: str, within: Int[np.ndarray, " part"] | None
    ) -> Int[np.ndarray, " q"] | None:
        """The value of each question along an axis, numbered from 0; None where no axis is named."""
        found = self.along(question_set, axis) if axis else None
        if found is None:
            return None
        return np.unique(found[0] if within is None else found[0][within], return_inverse=True)[1]


@dataclass(frozen=True, slots=True)
class Sides:
    """A submission on a split: its side of each question set; none where no cell was graded.

    `failed` counts the cells that are in none, by status. `editions` above 1 says that its seeds are of different code,
    parameters, data or versions; `asked_by` is what decides in the task's folder and engine.
    """

    sets: Mapping[str, Side]
    failed: Mapping[str, int]
    editions: int
    asked_by: frozenset[Edition]


def sides(
    rows: Rows, submission: str, headlines: Mapping[str, Headline], wanted: Callable[[str], bool]
) -> Iterator[tuple[tuple[str, str, str], Sides]]:
    """By task, split and profile: what a submission has there."""
    kept = [
        cell
        for cell in newest_cells(rows.cells, headlines)
        if cell.submission == submission and wanted(f"{cell.task}/{cell.split}")
    ]
    for own in splits(Held(rows.cells, rows.scores), headlines, rows.evidence, kept):
        for profile in sorted({cell.profile for cell in own.cells}):
            these = [cell for cell in own.cells if cell.profile == profile]
            marks, bounded, together = own.graded(these, whole=True)
            kinds = {mark.question_set: mark.kind for mark in marks}
            found = {
                part.question_set: _side(own, part, graded, kinds[part.question_set], bounded)
                for part, graded in together.items()
            }
            editions = [cell.editions for cell in these]
            yield (
                (*own.where, profile),
                Sides(
                    found,
                    Counter(cell.status for cell in these if cell.status != "ok"),
                    count(editions),
                    asked_by(frozenset().union(*editions)),
                ),
            )


def _side(
    rows: SplitRows,
    part: Part,
    graded: OverSeeds,
    kind: str,
    bounded: Mapping[tuple[str, str, str], bool],
) -> Side:
    names = [cell.cell for cell in graded.cells]
    scored = list(zip(names, (value for _, value in graded.values), strict=True))
    marks = rows.marked.of(part.question_set, scored)
    within = bounded[(*rows.where, part.question_set)]
    side = Side(
        layout=of_values([value for _, value in graded.values], 0, bounded=within),
        seeds=tuple(seed for seed, _ in graded.values),
        kind=kind,
        bounded=within,
        order=rows.marked.marks[names[0], part.question_set][0] if marks is not None else "",
        marks=marks,
        rows=rows,
        cell=names[0],
    )
    if marks is None:
        return side
    return replace(side, layout=side.layout_of(marks, part.question_set))
