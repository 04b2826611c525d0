"""Phase diagrams and the courses behind them: of the rows at hand, and of grids that were put aside beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from genbench.report.plots.of_courses import DRAWN, courses
from genbench.report.plots.of_phases import delay, panels, phases
from genbench.report.site.table import Cell, Column, Row, Table
from genbench.report.wording import figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.grokking import Summary
    from genbench.report.plots.plot import Plot

ACROSS, UP = "share", "corruption"  # parameters along the edges, as `genbench phases` has them
SAYS: Final = (
    "In which phase training ended, memorized or generalized, by the share shown and the labels corrupted. In each "
    "tile: accuracy in % on held-out questions, below it on training rows, then the steps from memorizing to "
    "generalizing. Grids that lie in a folder of their own beside the rows are in no standings."
)


def diagrams(found: Mapping[str, Sequence[Summary]]) -> tuple[Table, list[Plot]] | None:
    """The tiles of all diagrams as a table, the diagrams, and the first courses of each; by the folder of the rows.

    None where no two settings of one split are there.
    """
    rows: list[Row] = []
    tiles: list[Plot] = []
    lines: list[Plot] = []
    for place, summaries in found.items():
        drawn = [one for one in panels(summaries, ACROSS, UP) if len(one.tiles) > 1]
        for one in drawn:
            tiles.append(replace(phases(one, ACROSS, UP), says=place, wide=True))
            rows += [_row(summary, place) for summary in one.tiles.values()]
        shown = [summary for one in drawn for summary in one.tiles.values()]
        lines += [replace(one, own=True) for one in courses(shown[:DRAWN])]
    if not tiles:
        return None
    columns = (
        Column("split", "split", "text"),
        Column("submission", "submission", "text"),
        Column("phase", "phase", "text"),
        Column("test", "held-out", about="accuracy at the end of training"),
        Column("train", "training rows", about="accuracy at the end of training"),
        Column("delay", "delay, steps", about="from memorizing to generalizing; > where it outlasts training"),
        Column("seeds", "seeds"),
        Column("place", "rows in", "text"),
    )
    return Table("phases", "phases", "Phases by setting", columns, tuple(rows), "own"), tiles + lines


def _row(one: Summary, place: str) -> Row:
    first = one.courses[0]
    quick = " (quick)" if first.profile == "quick" else ""
    cells = (
        Cell(f"{first.task}/{first.split}{quick}", head=True),
        Cell(first.submission),
        Cell(one.phase),
        Cell(figure(one.test, bounded=True), one.test, look="n"),
        Cell(figure(one.train, bounded=True), one.train, look="n"),
        Cell(delay(one), look="n"),
        Cell(str(len(one.courses)), look="n"),
        Cell(place),
    )
    return Row(first.submission, cells)
