"""Tables laid out on a page: the first rows in it, the others beside it, as a script and as plain pages.

The script is for the tables' own; a reader without scripting is led to the plain pages, which lie in the same folder,
so that links of rows lead to the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from genbench.report.site.pages import Rest
from genbench.report.site.places import data_path, rest_path, up
from genbench.report.site.scripts import script
from genbench.report.site.table import FIRST, Table, html, part_html, row_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

LARGEST: Final = 250_000  # letters of rows on a plain page


@dataclass(frozen=True, slots=True)
class Laid:
    """Tables as HTML in their order, the script with their other rows, and the plain pages that have these, too."""

    tables: tuple[Markup, ...]
    beside: Mapping[str, str]
    rest: tuple[Rest, ...]


def laid(tables: Sequence[Table], page: str, first: int = FIRST) -> Laid:
    """The tables of a page with their `first` rows in it."""
    path = data_path(page, "rows")
    others = {one.name: [row_html(row) for row in one.rows[first:]] for one in tables if len(one.rows) > first}
    name = page.rpartition("/")[2]
    made = tuple(html(one, up(page) + path, first, rest_path(name, 1) if one.name in others else "") for one in tables)
    parts = _parts([(one, others[one.name]) for one in tables if one.name in others])
    paths = [rest_path(page, number) for number in range(1, len(parts) + 1)]
    links = tuple((f"part {number}", one.rpartition("/")[2]) for number, one in enumerate(paths, 1))
    rest = tuple(Rest(own, name, links if len(links) > 1 else (), part) for own, part in zip(paths, parts, strict=True))
    return Laid(made, {path: script("rows", others)} if others else {}, rest)


def _parts(tables: Sequence[tuple[Table, list[str]]]) -> list[tuple[Markup, ...]]:
    """The rows of tables on pages of at most `LARGEST` letters, or of one row; a table goes on under its own head."""
    pages: list[list[tuple[Table, list[str]]]] = []
    size = LARGEST
    for table, rows in tables:
        begun = False
        for row in rows:
            if size + len(row) > LARGEST:
                pages.append([])
                size, begun = 0, False
            if not begun:
                pages[-1].append((table, []))
                begun = True
            pages[-1][-1][1].append(row)
            size += len(row)
    return [tuple(part_html(table, rows) for table, rows in page) for page in pages]
