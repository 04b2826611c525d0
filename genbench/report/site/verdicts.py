"""Published figures of a split as a table: what was published, our row beside it, and what ours says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.report.contests import REPORTED
from genbench.report.site.table import Cell, Column, Row, Table
from genbench.report.wording import span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.report.figures import Held


def verdicts(held: Sequence[Held], page: Callable[[str], str]) -> Table:
    """The table; `page` gives the address of a submission's page, or nothing."""
    columns = (
        Column("model", "published of", "text"),
        Column("asked", "on", "text"),
        Column("metric", "metric", "text"),
        Column("value", "value", "number", about="as its source gives it, with its spread over runs or its range"),
        Column("ours", "our submission", "text"),
        Column("mean", "our mean"),
        Column("span", "95 % interval", "plain"),
        Column("seeds", "seeds"),
        Column("verdict", "verdict", "text", about="by equivalence: docs/reproduction.md has the rule"),
        Column("where", "read in", "text"),
    )
    return Table(
        "published",
        "published figures",
        REPORTED,
        columns,
        tuple(_row(one, page) for one in sorted(held, key=lambda one: bool(one.figure.axis))),
        "own",
    )


def _row(one: Held, page: Callable[[str], str]) -> Row:
    figure, ours = one.figure, one.ours
    known = ours is not None and ours.mean is not None
    least = figure.low if figure.value < 0 else figure.value
    cells = (
        Cell(figure.model, head=True),
        Cell(figure.asked),
        Cell(figure.metric),
        Cell(figure.shown, look="n", value=least),
        Cell(figure.ours, link=page(figure.ours) if known else ""),
        Cell(f"{ours.mean:.3f}" if ours is not None and ours.mean is not None else "", look="n"),
        Cell(span(ours.low, ours.high, bounded=True) if ours is not None and known else "", look="n span"),
        Cell(str(ours.seeds) if ours is not None and known else "", look="n"),
        Cell(one.verdict, tip=f"ours differs: {figure.departs}" if figure.departs else ""),
        Cell(f"{figure.paper}, {figure.where} ({figure.status})", look="notes"),
    )
    return Row(figure.model, cells)
