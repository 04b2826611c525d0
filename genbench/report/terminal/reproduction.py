"""Published figures beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.errors import BadValue
from genbench.report.figures import measured as standings_of
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from genbench.report.output import Output
    from genbench.report.tables import Row


def _span(row: Row) -> str:
    return NONE if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"


COLUMNS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, as its card names it", "split", lambda row: f"{row['task']}/{row['split']}"),
    Column("asked", "text", "question set, or slice of it", "asked"),
    Column("model", "text", "the published model", "published"),
    Column("published", "text", "the published figure", "value"),
    Column("ours", "text", "our submission that is like it; empty where there is none", "ours"),
    Column("mean", "number", "mean of ours", "mean", lambda row: NONE if row["mean"] is None else f"{row['mean']:.3f}"),
    Column("low", "number", "lower end of its 95 % interval", "95 % interval", _span),
    Column("high", "number", "upper end of it"),
    Column("seeds", "integer", "training seeds of ours", "seeds"),
    Column("verdict", "text", "how the two compare", "verdict"),
    Column("paper", "text", "the paper"),
    Column("where", "text", "where in the paper"),
    Column("status", "text", "how the figure was checked"),
    Column("source", "text", "where it was read"),
    Column("departs", "text", "in what ours differs; empty where in nothing that is known"),
)


def reproduction(results: Sequence[str], published: Path | None, output: Output) -> None:
    """Print published figures beside our standings."""
    from genbench.analysis.published import beside, read, table, verdict

    place = registry.published_folder() if published is None else published
    figures = read(place)
    if not figures:
        raise BadValue(f"there are no published figures in {place}; they are TOML files")
    ours, slices = standings_of(results, figures, registry.catalogue().tasks)
    if output.form == "markdown":  # with where each figure was read below it, as docs/reproduction.md has it
        print(table(figures, ours, slices), end="")
        return
    rows: list[list[Any]] = []
    for one in figures:
        own = beside(one, ours, slices)
        mean, low, high = (None, None, None) if own is None else (own.mean, own.low, own.high)
        seeds = own.seeds if own is not None and mean is not None else None
        measured = [one.task, one.split, one.asked, one.model, one.shown, one.ours or "", mean, low, high, seeds]
        rows.append([*measured, verdict(one, own), one.paper, one.where, one.status, one.source, one.departs or ""])
    output.show(table_of("reproduction", COLUMNS, rows))
