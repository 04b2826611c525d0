"""Standings for a person at a terminal: a compact table for each contest."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from genbench.report.contests import (
    EMPTY,
    QUICK,
    REPORTED,
    chance_of,
    contest,
    kind_of,
    normalised,
    notes_on,
    reported_on,
)
from genbench.report.families import apart_from, families, mean_at
from genbench.report.wording import NONE, figure, seconds, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from genbench.analysis.standings import Standing
    from genbench.report.contests import Reported
    from genbench.report.families import Family, Grid


def show(standings: Sequence[Standing], console: Console, reported: Reported | None = None) -> None:
    """Print one compact table per question set: rank, mean, interval, seeds, seconds of fit, and what failed.

    Below the full profile's rows of a question set stand the published figures on it (`reported`). Many settings of one
    split are one table of means.
    """
    from rich.table import Table
    from rich.text import Text

    if not standings:
        console.print(EMPTY, markup=False)
    alike = families(standings)
    for (task, split, question_set, profile), own in groupby(apart_from(standings, alike), key=contest):
        rows = list(own)
        one = rows[0]
        asked = f"{question_set} ({kind_of(one)})" if question_set else ""
        about = " · ".join(part for part in (asked, one.metric, chance_of(one)) if part)
        console.print(Text.assemble((f"{task}/{split}", "bold"), "  ", about))
        if profile == "quick":
            console.print(Text(QUICK, "dim"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        beside = ("above chance",) if normalised(rows) else ()
        for name in ("#", "submission", "mean", "95 % interval", *beside, "seeds", "fit s", ""):
            left = name in {"submission", ""}
            table.add_column(name, justify="left" if left else "right", no_wrap=not left, overflow="fold")
        for row in rows:
            texts = [
                NONE if row.rank is None else str(row.rank),
                row.submission,
                figure(row.mean, row.bounded),
                span(row.low, row.high, row.bounded),
                *(figure(row.above_chance, row.bounded) for _ in beside),
                str(row.seeds),
                seconds(row.fit_seconds),
                "; ".join(notes_on(row)),
            ]
            table.add_row(
                *(Text(text) for text in texts), style="bold" if row.rank == 1 else "" if row.seeds else "dim"
            )
        console.print(table)
        told = reported_on(one, reported or {})
        for line in (f"{REPORTED}:", *told) if told else ():
            console.print(Text(line, "dim"))
        console.print()
    for family in alike:
        _print_family(family, console)


def _print_family(family: Family, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    for grid in family.grids:
        about = " · ".join(part for part in (*_asked(grid), grid.submission) if part)
        console.print(Text.assemble((f"{family.task}/{family.title}", "bold"), "  ", about))
        if family.profile == "quick":
            console.print(Text(QUICK, "dim"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column(family.up)
        for name in grid.columns:
            table.add_column(name, justify="right", no_wrap=True)
        for row in grid.rows:
            means = (mean_at(grid, row, column) for column in grid.columns)
            table.add_row(Text(row, "dim"), *(Text(text) for text in means))
        console.print(table)
        console.print()


def _asked(grid: Grid) -> tuple[str, str, str]:
    """What a grid's cells have in common: question set, metric, chance."""
    kind = kind_of(grid.one)
    return f"{grid.question_set} ({kind})" if kind else grid.question_set, grid.one.metric, chance_of(grid.one)
