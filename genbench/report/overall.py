"""All splits together, as a table: the mean above the floor, how often rivals are beaten, where the two disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from genbench.report.tables import Column, Table, table_of
from genbench.report.wording import figure, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.filters import Filter
    from genbench.report.tables import Row

FAR: Final = 3  # places between two orders from which on they are said to disagree


def _moved(row: Row) -> str:
    moved = row["moved"]
    return f"by Borda {abs(moved)} places {'higher' if moved > 0 else 'lower'}" if abs(moved) >= FAR else ""


COLUMNS: Final = (
    Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
    Column(
        "overall",
        "number",
        "mean of (mean - floor) / (best - floor) over splits, then over tasks; missing splits count as the floor",
        "overall",
        lambda row: figure(row["overall"], bounded=True),
    ),
    Column(
        "low",
        "number",
        "lower end of its 95 % interval, over seeds, questions and splits",
        "95 % interval",
        lambda row: span(row["low"], row["high"], bounded=True),
    ),
    Column("high", "number", "upper end of it"),
    Column(
        "borda",
        "number",
        "share of rivals beaten, over splits; a tie counts for one half",
        "Borda",
        lambda row: f"{row['borda']:.2f}",
    ),
    Column(
        "improvement",
        "number",
        "probability of scoring above a rival drawn by lot on a split drawn by lot",
        "P(better)",
        lambda row: f"{row['improvement']:.2f}",
    ),
    Column(
        "splits",
        "integer",
        "splits that it has a score on",
        "splits",
        lambda row: f"{row['splits']} of {row['of']}",
    ),
    Column("of", "integer", "splits that any submission has a score on, and whose floor is known"),
    Column("moved", "integer", "places that Borda's order puts it above this one", "", _moved),
)


def beside(summary: Table, whole: Table | None) -> Table:
    """The summary with what all splits together say of each submission: one table for who reads one, as CSV is read.

    Only rows of the full profile have it, and none where there is no such table.
    """
    of_whole = {} if whole is None else {row["submission"]: row for row in whole.rows}
    taken = {column.name for column in summary.columns}
    named = {column: f"overall_{column.name}" if column.name != "overall" else "overall" for column in COLUMNS[1:]}
    columns = [replace(column, name=name) for column, name in named.items() if name not in taken]
    empty: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
    rows = []
    for row in summary.rows:
        own = of_whole.get(row["submission"], empty) if row["profile"] != "quick" else empty
        rows.append({**row, **{name: own[column.name] for column, name in named.items() if name not in taken}})
    return replace(summary, columns=(*summary.columns, *columns), rows=tuple(rows))


def empty_table() -> Table:
    """The same without a row."""
    return table_of("overall", COLUMNS, [])


def overall_table(standings: Sequence[Standing], chosen: Filter) -> Table | None:
    """The table of all splits together; None where fewer than two submissions have rows of the full profile."""
    from genbench.analysis.standings.overall import overall

    found, agreement = overall([one for one in standings if chosen.takes_split(f"{one.task}/{one.split}")])
    rows = [
        [one.submission, one.mean, one.low, one.high, one.borda, one.improvement, one.splits, one.of, one.moved]
        for one in found
        if chosen.takes_submission(one.submission)
    ]
    if len(found) < 2 or not rows or chosen.profile == "quick":
        return None
    notes = ["overall: above the floor, over splits and then over tasks; what is missing counts as the floor. No rank"]
    if agreement.tau is not None:
        notes.append(
            f"tasks order submissions alike by Kendall's tau {agreement.tau:.2f}, over {agreement.tasks} tasks"
        )
    return table_of("overall", COLUMNS, chosen.best(rows), title="All splits together", notes=tuple(notes))
