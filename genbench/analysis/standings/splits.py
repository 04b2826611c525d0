"""The rows of one split: its cells that stand, their scores and marks, and what its card says; split by split.

So memory is bounded by what a split has, and grows with the number of standings alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

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
    from genbench.analysis.standings.sources import Source


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
    source: Source,
    headlines: Mapping[str, Headline],
    evidence: Evidence | None = None,
    kept: Iterable[Cell] | None = None,
) -> Iterator[SplitRows]:
    """The rows of each split, in the order of their labels; `kept` are the cells that stand, where they are known."""
    known = None if kept is None else {where: tuple(own) for where, own in groupby(kept, key=_where)}
    for where in sorted(source.labels() if known is None else known):
        cells, scores = source.of(where)
        facts = Facts(headlines, scores)
        fact = facts.of(where)
        standing = tuple(newest_cells(cells, headlines)) if known is None else known[where]
        data = current(standing, fact)
        well = [cell.cell for cell in standing if cell.status == "ok"]
        yield SplitRows(
            where=where,
            fact=fact,
            facts=facts,
            cells=standing,
            scores=scores,
            marked=(evidence or Evidence()).of(*where, fact.metric, well, data),
            data=data,
        )


def _where(cell: Cell) -> Where:
    return cell.task, cell.split


def current(cells: Iterable[Cell], fact: Headline) -> str:
    """The fingerprint of a split's data today: the card's, else that of most cells that stand."""
    from genbench.analysis.newest import current_data

    if fact.data:
        return fact.data
    found = current_data((("", "", ""), cell.started, cell.data) for cell in cells)
    return next(iter(found.values()), "")
