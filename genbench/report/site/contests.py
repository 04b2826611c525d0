"""The standings of a contest as a table: a row for each submission, its mean and interval drawn on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from genbench.report.contests import (
    QUICK,
    chance_of,
    gap_of,
    kind_of,
    levels_of,
    metric_of,
    normalised,
    notes_on,
    ranks_of,
    units_of,
)
from genbench.report.site.scale import Scale
from genbench.report.site.table import Cell, Column, Row, Table, parted
from genbench.report.wording import NONE, figure, seconds, span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.analysis.standings import Standing

UNGRADED: Final = "no question set was graded"
BAR: Final = '<svg width="100%" height="16" fill="currentColor" stroke="currentColor" aria-hidden="true">{}</svg>'
FAINT: Final = ' stroke-opacity=".6"'
DASHED: Final = ' stroke-dasharray="3 2"' + FAINT
WHISKER: Final = ' stroke-width="3.5" stroke-linecap="round" stroke-opacity=".42"'


def _nowhere(_: Standing) -> str:
    return ""


def table(
    rows: Sequence[Standing],
    number: int,
    life: Callable[[Standing], str] = _nowhere,
    page: Callable[[Standing], str] = _nowhere,
) -> Table:
    """The table of the rows of one contest, on a scale that holds all their ends; `number` is its place on the page.

    `life` gives the address of where a mean comes from, `page` that of its submission.
    """
    one = rows[0]
    ends = [value for row in rows for value in (row.low, row.high, row.mean, row.chance, row.floor, row.bayes)]
    scale = Scale.of([*ends, *(value for row in rows for _, value in row.seed_values)], bounded=one.bounded)
    above, gaps = normalised(list(rows)), any(row.gap is not None for row in rows)
    columns = [
        Column("rank", "#", about="ranks it may have"),
        Column("submission", "submission", "text"),
        Column("mean", "mean"),
        Column("span", "95 % interval", "plain"),
    ]
    if above:
        columns.append(Column("above", "above floor", about="(mean - floor) / (best - floor)"))
    if gaps:
        columns.append(Column("gap", "gap", about="mean on questions drawn as in training, less this mean"))
    columns += [
        Column("bar", f"{scale.least:.4g} to {scale.most:.4g}", "plain"),
        Column("seeds", "seeds"),
        Column("questions", "questions"),
        Column("fit", "fit, s"),
        Column("status", "status", "text"),
    ]
    levels = [(name, scale.at(value)) for name, value in levels_of(one)]
    name = one.question_set or UNGRADED
    return Table(
        name=f"contest-{number}",
        label=f"standings on {name}",
        caption=_caption(one, name),
        columns=tuple(columns),
        rows=tuple(_row(row, scale, levels, (life(row), page(row)), above=above, gaps=gaps) for row in rows),
        look="standings",
    )


def _caption(one: Standing, name: str) -> Markup:
    told = [Markup("<b>{}</b>").format(parted(name))]
    kind = kind_of(one)
    if kind:
        told.append(Markup('<span class="kind {}">{}</span>').format("trained" if one.kind == "trained" else "", kind))
    told += [Markup("<span>{}</span>").format(text) for text in (metric_of(one), chance_of(one), units_of(one)) if text]
    if one.profile == "quick":
        told.append(Markup('<span class="quick">{}</span>').format(QUICK))
    return Markup(" ").join(told)


def _row(
    row: Standing,
    scale: Scale,
    levels: Sequence[tuple[str, float]],
    links: tuple[str, str],
    *,
    above: bool,
    gaps: bool,
) -> Row:
    cells = [
        Cell(ranks_of(row.ranks), look="n rank", value=None if row.ranks is None else row.ranks[0]),
        Cell(row.submission, head=True, look="who", link=links[1]),
        Cell(figure(row.mean, row.bounded), look="n mean", value=row.mean, link=links[0]),
        Cell(span(row.low, row.high, row.bounded), look="n span"),
    ]
    if above:
        cells.append(Cell(figure(row.above_floor, row.bounded), look="n"))
    if gaps:
        cells.append(Cell(gap_of(row.gap, row.bounded), look="n", value=None if row.gap is None else row.gap.value))
    notes = "; ".join(notes_on(row))
    cells += [
        Cell(_bar(row, scale, levels), look="bar"),
        Cell(str(row.seeds), look="n"),
        Cell(f"{row.questions:,}" if row.questions else NONE, look="n"),
        Cell(seconds(row.fit_seconds), look="n"),
        Cell(notes or "ok", look="notes failed" if row.failed else "notes"),
    ]
    look = "first" if row.first else "none" if row.mean is None else "provisional" if row.provisional else ""
    facets = {"profile": row.profile, "provisional": "yes" if row.provisional else "no"}
    return Row(row.submission, tuple(cells), facets, look)


def _bar(row: Standing, scale: Scale, levels: Sequence[tuple[str, float]]) -> Markup:
    """The mean as a dot, its interval as a line, seeds as ticks, and chance dashed across; figures stand beside it.

    It brings its own looks, for a notebook shows it, too.
    """
    if row.mean is None:
        return Markup("")
    parts = [_line(at, at, (0, 16), DASHED if name == "chance" else FAINT) for name, at in levels]
    if row.low is not None and row.high is not None:
        parts.append(_line(scale.at(row.low), scale.at(row.high), (7, 7), WHISKER))
    if row.seeds > 1:
        parts += [_line(at, at, (12, 16), "") for at in (scale.at(value) for _, value in row.seed_values)]
    parts.append(f'<circle cx="{scale.at(row.mean):g}%" cy="7" r="3.5"/>')
    return Markup(BAR.format("".join(parts)))  # noqa: S704 - of numbers alone, and of what is written here


def _line(left: float, right: float, down: tuple[int, int], look: str) -> str:
    return f'<line x1="{left:g}%" x2="{right:g}%" y1="{down[0]}" y2="{down[1]}"{look}/>'
