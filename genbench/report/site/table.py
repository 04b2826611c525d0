"""Tables of the site: plain HTML, of which the script sorts and filters rows; of very many the rest lies beside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup, escape

from genbench import strangers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST: Final = 100  # rows that a page itself has
LONGEST: Final = 300  # letters of a cell; the whole text is its title
STEPS: Final = 20  # shades of a heat map
PARTS: Final = re.compile(r"(?<=[@_,:])(?!\d)")  # where a line may break


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the address bar, its heading, how its cells are sorted, and what it is, for a tip.

    `group` is the heading above it, which columns side by side may share. One of the kind `plain` is not sorted.
    """

    key: str
    label: str
    kind: Literal["number", "text", "plain"] = "number"
    about: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, or markup made here; `shade` from 0 to 1 on a heat map; what it is sorted by, if not its text.

    `head` says that it names its row; `link` leads from its text, `tip` is its title.
    """

    text: str | Markup = ""
    shade: float | None = None
    value: float | None = None
    look: str = ""
    head: bool = False
    link: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the submission it is of, what filters ask of it (`kind`, `profile`), and its cells."""

    name: str
    cells: tuple[Cell, ...]
    facets: Mapping[str, str] = field(default_factory=dict)
    look: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `name` is its place on the page, `caption` markup made here, `look` a class of the style sheet."""

    name: str
    label: str
    caption: str | Markup
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    look: str = ""


def html(table: Table, rest: str = "", first: int = FIRST, plain: str = "") -> Markup:
    """The table with its `first` rows; `rest` is the path from the page to the script with the others.

    `plain` is that to the first page with them that needs no scripting.
    """
    left = len(table.rows) - first
    beside = f' data-rest="{escape(rest)}"' if left > 0 and rest else ""
    shown = _grid(table, [row_html(row) for row in table.rows[:first]])
    lead = f': <a href="{escape(plain)}">all of them, for reading without scripting</a>' if plain else ""
    more = f'<p class="more">and {left:,} more{lead}</p>' if left > 0 else ""
    return Markup(  # noqa: S704 - every text in it was escaped
        f'<div class="tabled {table.look}" id="{escape(table.name)}"{beside}>\n{shown}\n{more}</div>'
    )


def part_html(table: Table, rows: Sequence[str]) -> Markup:
    """The table with these rows, which are HTML, in place of its own; nothing sorts them."""
    return Markup(f'<div class="{table.look}">\n{_grid(table, rows)}\n</div>')  # noqa: S704 - likewise


def _grid(table: Table, rows: Sequence[str]) -> str:
    body = "\n".join(rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(_kept(table.label))}"><table>'
        f"<caption>{escape(table.caption)}</caption>\n<thead>{_head(table.columns)}</thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _head(columns: Sequence[Column]) -> str:
    named = "".join(
        f'<th scope="col" data-key="{escape(one.key)}" data-sort="{one.kind}"'
        + (f' title="{escape(one.about)}"' if one.about else "")
        + (' class="n"' if one.kind == "number" else "")
        + (f' data-of="{escape(one.group)}"' if one.group else "")
        + f">{escape(one.label)}</th>"
        for one in columns
    )
    if not any(one.group for one in columns):
        return f"<tr>{named}</tr>"
    groups: list[list[Column]] = []
    for one in columns:
        if groups and groups[-1][0].group == one.group:
            groups[-1].append(one)
        else:
            groups.append([one])
    above = "".join(
        f'<th scope="colgroup" colspan="{len(own)}" data-group="{escape(own[0].group)}">{escape(own[0].group)}</th>'
        if own[0].group
        else f'<td colspan="{len(own)}"></td>'
        for own in groups
    )
    return f'<tr class="groups">{above}</tr><tr>{named}</tr>'


def row_html(row: Row) -> str:
    """A row as HTML."""
    facets = "".join(f' data-{name}="{escape(value)}"' for name, value in row.facets.items() if value)
    look = f' class="{row.look}"' if row.look else ""
    return f'<tr data-name="{escape(row.name)}"{facets}{look}>{"".join(map(_cell, row.cells))}</tr>'


def _cell(one: Cell) -> str:
    looks = [one.look] if one.look else []
    if one.shade is not None:
        looks.append(f"h{round(STEPS * min(1.0, max(0.0, one.shade)))}")
    attributes = f' class="{" ".join(looks)}"' if looks else ""
    if one.value is not None:
        attributes += f' data-v="{one.value:.6g}"'.replace("inf", "Infinity")  # as JavaScript reads it
    text, tip = one.text, one.tip
    if not isinstance(text, Markup) and len(text) > LONGEST:
        text, tip = text[:LONGEST] + "…", tip or f"{text[: 4 * LONGEST]} ({len(text):,} letters)"
    if tip:
        attributes += f' title="{escape(tip)}"'
    inner = escape(text) if isinstance(text, Markup) else parted(text)
    if one.link:
        inner = Markup('<a href="{}">{}</a>').format(one.link, inner)
    return f'<th scope="row"{attributes}>{inner}</th>' if one.head else f"<td{attributes}>{inner}</td>"


def parted(name: str) -> Markup:
    """A text, escaped, and where a line may break in a name: between its words, and never in a number."""
    parts = PARTS.split(strangers.plain(name))
    return escape(parts[0]) if len(parts) == 1 else Markup("<wbr>").join(parts)  # it escapes each


def number(text: str) -> Markup:
    """A number as it is shown, which no line breaks."""
    return escape(text)


def _kept(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
