"""The rows of one split: its cells that stand, their scores and marks, and what its card says; split by split.

So memory is bounded by what a split has, and grows with the number of standings alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from genbench.analysis.standings.cells import newest_cells
from genbench.analysis.standings.evidence import Evidence
from genbench.analysis.standings.headlines import Facts
from genbench.analysis.standings.scores import bounded_sets, counted, over_seeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.evidence import Marked
    from genbench.analysis.standings.headlines import Headline, Where
    from genbench.analysis.standings.scores import OverSeeds, Part, Score


@dataclass(frozen=True, slots=True)
class SplitRows:
    """The rows of one split. `data` is the fingerprint of its data today."""

    where: Where
    fact: Headline
    facts: Facts
    cells: tuple[Cell, ...]
    scores: pa.Table
    marked: Marked
    data: str

    def graded(
        self, cells: Iterable[Cell], *, whole: bool
    ) -> tuple[list[Score], Mapping[tuple[str, str, str], bool], Mapping[Part, OverSeeds]]:
        """The scores that count, of whole question sets or of slices; which sets are bounded; and seeds together."""
        known = {cell.cell: cell for cell in cells}
        marks = counted(self.scores, self.facts, known, whole=whole)
        bounded = bounded_sets(marks, self.facts)
        return marks, bounded, over_seeds(marks, known, bounded, self.fact, self.marked)


def splits(
    cells: pa.Table,
    scores: pa.Table,
    headlines: Mapping[str, Headline],
    evidence: Evidence | None = None,
    kept: Iterable[Cell] | None = None,
) -> Iterator[SplitRows]:
    """The rows of each split, in the order of their labels; `kept` are the cells that stand, where they are known."""
    facts = Facts(headlines, scores)
    for where, standing in _by_split(cells, headlines) if kept is None else _grouped(kept):
        task, split = where
        fact = facts.of(where)
        data = current(standing, fact)
        well = [cell.cell for cell in standing if cell.status == "ok"]
        yield SplitRows(
            where=where,
            fact=fact,
            facts=facts,
            cells=standing,
            scores=_of(scores, task, split),
            marked=(evidence or Evidence()).of(task, split, fact.metric, well, data),
            data=data,
        )


def _by_split(cells: pa.Table, headlines: Mapping[str, Headline]) -> Iterator[tuple[Where, tuple[Cell, ...]]]:
    """The cells that stand, split by split: never those of all splits at once."""
    labels = cells.select(["task", "split"]).group_by(["task", "split"]).aggregate([]).to_pylist()
    for task, split in sorted((row["task"], row["split"]) for row in labels):
        yield (task, split), tuple(newest_cells(_of(cells, task, split), headlines))


def _grouped(kept: Iterable[Cell]) -> Iterator[tuple[Where, tuple[Cell, ...]]]:
    for where, own in groupby(kept, key=lambda cell: (cell.task, cell.split)):
        yield where, tuple(own)


def _of(table: pa.Table, task: str, split: str) -> pa.Table:
    return table.filter(pc.and_(pc.equal(table["task"], task), pc.equal(table["split"], split)))


def current(cells: Iterable[Cell], fact: Headline) -> str:
    """The fingerprint of a split's data today: the card's, else that of most cells that stand."""
    from genbench.analysis.newest import current_data

    if fact.data:
        return fact.data
    found = current_data((("", "", ""), cell.started, cell.data) for cell in cells)
    return next(iter(found.values()), "")
