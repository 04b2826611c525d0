"""The tables of the site as a notebook shows them: HTML that brings its own looks and touches nothing around it."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from genbench.report.contests import EMPTY, QUICK, chance_of, contest, kind_of, metric_of, units_of
from genbench.report.site.contests import UNGRADED, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.site.table import Cell

TABLES: Final = 20  # contests that are shown; of more, one scrolls past all
WIDE: Final = 160  # pixels, of an interval's scale
LEFT_OUT: Final = frozenset({"questions"})  # columns that a notebook has no room for


def tables(standings: Sequence[Standing]) -> str:
    """One table for each question set and profile, with the texts of the site. Names are text, never markup."""
    if not standings:
        return f"<p>{escape(EMPTY)}</p>"
    contests = [list(own) for _, own in groupby(standings, key=contest)]
    shown = "".join(_contest(rows) for rows in contests[:TABLES])
    left = len(contests) - TABLES
    more = f"<p>and {left} more; .where(...) chooses, .standings() has all</p>" if left > 0 else ""
    return f"<div>{shown}{more}</div>"


def _contest(rows: Sequence[Standing]) -> str:
    one, made = rows[0], table(rows, 0)
    kept = [place for place, column in enumerate(made.columns) if column.key not in LEFT_OUT]
    about = [one.question_set or UNGRADED, kind_of(one), metric_of(one), chance_of(one), units_of(one)]
    told = escape(" \N{MIDDLE DOT} ".join(part for part in about if part))
    quick = f"<br>{escape(QUICK)}" if one.profile == "quick" else ""
    return (
        '<table style="margin-bottom: 1em"><caption style="text-align: left; caption-side: top">'
        f"<b>{escape(f'{one.task}/{one.split}')}</b> {told}{quick}</caption><thead><tr>"
        + "".join(f"<th>{escape(made.columns[place].label)}</th>" for place in kept)
        + "</tr></thead><tbody>"
        + "".join(f"<tr>{''.join(_cell(row.cells[place]) for place in kept)}</tr>" for row in made.rows)
        + "</tbody></table>"
    )


def _cell(one: Cell) -> str:
    if isinstance(one.text, Markup):  # the drawn interval
        return f'<td style="min-width: {WIDE}px">{one.text}</td>'
    return f"<td>{escape(one.text)}</td>"
