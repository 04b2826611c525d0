"""The tables of the page as a notebook shows them: HTML that brings its own looks and touches nothing around it."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.report.charts.looks import looks_of
from genbench.report.contests import EMPTY, QUICK, contest
from genbench.report.drawings.svg import HUES
from genbench.report.page.table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.page.table import Row, Table

TABLES: Final = 20  # contests that are shown; of more, one scrolls past all
WIDE: Final = 160  # pixels, of an interval's scale
HIGH: Final = 14


def tables(standings: Sequence[Standing]) -> str:
    """One table for each question set and profile, with the texts of the page. Names are text, never markup."""
    if not standings:
        return f"<p>{escape(EMPTY)}</p>"
    looks = looks_of(standings)
    contests = [list(own) for _, own in groupby(standings, key=contest)]
    shown = "".join(_contest(rows[0], table(rows, looks, {})) for rows in contests[:TABLES])
    left = len(contests) - TABLES
    more = f"<p>and {left} more; .where(...) chooses, .standings() has all</p>" if left > 0 else ""
    return f"<div>{shown}{more}</div>"


def _contest(one: Standing, table: Table) -> str:
    beside = ["above floor"] * table.normalised + ["gap"] * table.gaps
    head = [
        "#",
        "submission",
        "mean",
        "95 % interval",
        *beside,
        f"{table.least} to {table.most}",
        "seeds",
        "fit, s",
        "",
    ]
    about = [table.question_set or "no question set was graded", table.kind, table.metric, table.chance, table.units]
    told = escape(" \N{MIDDLE DOT} ".join(part for part in about if part))
    quick = f"<br>{escape(QUICK)}" if table.quick else ""
    return (
        '<table style="margin-bottom: 1em"><caption style="text-align: left; caption-side: top">'
        f"<b>{escape(f'{one.task}/{one.split}')}</b> {told}{quick}</caption><thead><tr>"
        + "".join(f"<th>{escape(name)}</th>" for name in head)
        + "</tr></thead><tbody>"
        + "".join(_row(row, table) for row in table.rows)
        + "</tbody></table>"
    )


def _row(row: Row, table: Table) -> str:
    beside = [row.above_floor] * table.normalised + [row.gap] * table.gaps
    texts = [row.rank, row.look.name, row.mean, row.span, *beside]
    first = "".join(f"<td>{escape(text)}</td>" for text in texts)
    last = "".join(f"<td>{escape(text)}</td>" for text in (row.seeds, row.fit, "; ".join(row.notes) or "ok"))
    return f"<tr>{first}<td>{_bar(row, table.chance_at)}</td>{last}</tr>"


def _bar(row: Row, chance_at: float | None) -> str:
    """The mean and its interval on the table's scale; chance is the dashed line."""
    mark = row.bar
    if mark is None:
        return ""
    colour, middle = HUES[mark.look.hue % len(HUES)], HIGH / 2
    parts = []
    if chance_at is not None:
        x = WIDE * chance_at / 100
        parts.append(f'<line x1="{x:g}" x2="{x:g}" y1="0" y2="{HIGH}" stroke="#888" stroke-dasharray="3 2"/>')
    if mark.low is not None and mark.high is not None:
        ends = f'x1="{WIDE * mark.low / 100:g}" x2="{WIDE * mark.high / 100:g}"'
        parts.append(f'<line {ends} y1="{middle:g}" y2="{middle:g}" stroke="{colour}" stroke-width="2"/>')
    parts.append(f'<circle cx="{WIDE * mark.at / 100:g}" cy="{middle:g}" r="3.5" fill="{colour}"/>')
    title = f"<title>{escape(mark.says)}</title>"
    return f'<svg width="{WIDE + 8}" height="{HIGH}" viewBox="-4 0 {WIDE + 8} {HIGH}">{title}{"".join(parts)}</svg>'
