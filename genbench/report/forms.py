"""Tables written out: as text for a terminal or a pipe, as JSON, as CSV, and as GitHub Markdown (`latex` has LaTeX).

JSON is one object, `{"schema": 1, "tables": [{"name", "title", "columns": [{"name", "type", "about"}], "rows"}]}`; a
row is an object with every column as key, and a value that is not known is null. `schema` grows when a reader of the
old form would read the new one wrongly; tables and columns may be added without. What a terminal would obey stands in
strings as JSON escapes it, so that a text is read as it was.

CSV has a header line for each table, and a blank line between tables. A text that a spreadsheet would run as a formula
(it begins with = + - @, a tab or a line's end) gets an apostrophe in front, unless it is a number; what a terminal
would obey is told as Python escapes it.

Text for a pipe is never wrapped or cut; on a terminal a table that is too wide folds its widest column.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import textwrap
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal

from genbench import strangers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from genbench.report.tables import Column, Row, Table

Form = Literal["terminal", "json", "csv", "markdown", "latex"]
SCHEMA: Final = 1
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # wide ones, too
NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
GAP: Final = "  "
NARROWEST: Final = 16  # characters that a folded column keeps


def as_json(tables: Sequence[Table]) -> str:
    """The tables as one JSON object."""
    told = [
        {
            "name": table.name,
            "title": table.title,
            "columns": [{"name": one.name, "type": one.type, "about": one.about} for one in table.columns],
            "rows": [{name: _finite(value) for name, value in row.items()} for row in table.rows],
        }
        for table in tables
    ]
    return _spelled(json.dumps({"schema": SCHEMA, "tables": told}, ensure_ascii=False, allow_nan=False)) + "\n"


def as_csv(tables: Sequence[Table]) -> str:
    """The tables as CSV, each with its header, a blank line between two."""
    return "\n".join(_csv_of(table) for table in tables)


def as_markdown(tables: Sequence[Table]) -> str:
    """The tables as GitHub Markdown, a heading above each section that has one."""
    return _ended("\n".join(line for table in tables for line in _markdown_of(table)).strip("\n"))


def as_text(tables: Sequence[Table], *, width: int | None = None, coloured: bool = False) -> str:
    """The tables as text: folded to `width` characters where it is given, bold and dim where `coloured`."""
    return _ended("\n".join(line for table in tables for line in _text_of(table, width, coloured)).rstrip("\n"))


def _ended(text: str) -> str:
    """Text with its last line ended, where there is one."""
    return f"{text}\n" if text else ""


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _spelled(text: str) -> str:
    """JSON with what cannot be seen, which stands in its strings alone, as JSON escapes it."""
    odd = {ord(one): json.dumps(one)[1:-1] for one in set(text) if not one.isprintable()}
    return text.translate(odd) if odd else text


def _csv_of(table: Table) -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([_csv_cell(column.name) for column in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(value) for value in row.values()])
    return sink.getvalue()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        formula = value.startswith(FORMULA) and not NUMBER.fullmatch(value)
        return strangers.plain(f"'{value}" if formula else value)
    return _finite(value)


def sections_of(table: Table) -> Iterator[tuple[str, list[Row], list[Column]]]:
    """Heading, rows and shown columns of each section; a table without rows has none."""
    shown = [column for column in table.columns if column.head is not None]
    shown = shown or [replace(column, head=column.name) for column in table.columns]

    def where(row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in table.sections)

    for _, own in groupby(table.rows, key=where):
        rows = list(own)
        columns = [
            one for one in shown if one.name not in table.optional or any(one.spelled(row).strip() for row in rows)
        ]
        yield table.heading(rows[0]), rows, columns


def _markdown_of(table: Table) -> Iterator[str]:
    if table.title:
        yield from ("", f"### {_escaped(table.title)}")
    for heading, rows, columns in sections_of(table):
        if heading:
            yield from ("", f"#### {_escaped(heading)}")
        rules = [" --- |" if to_left(one) else " --: |" for one in columns]
        yield from ("", f"| {' | '.join(_escaped(one.head or '') for one in columns)} |", f"|{''.join(rules)}")
        for row in rows:
            yield f"| {' | '.join(_escaped(one.spelled(row)) for one in columns)} |"
        remarks = table.remarks(rows)
        if remarks:
            yield from ("", *(f"- {_escaped(line)}" for line in remarks))
    if table.notes:
        yield from ("", *(f"- {_escaped(line)}" for line in table.notes))


def _escaped(text: str) -> str:
    """Text as Markdown shows it, whatever it holds: no cell ends early and nothing becomes markup."""
    flat = strangers.plain(" ".join(text.split()))
    return re.sub(r"([\\`*|\[\]])", r"\\\1", flat.replace("&", "&amp;").replace("<", "&lt;"))


def _text_of(table: Table, width: int | None, coloured: bool) -> Iterator[str]:
    if table.title:
        yield _bold(table.title, coloured)
    for heading, rows, shown in sections_of(table):
        if heading:
            yield _bold(printable(heading), coloured)
        columns = _fitting(shown, rows, table.spare, width)
        cells = [[printable(one.spelled(row)) for one in columns] for row in rows]
        strong = [coloured and table.strong(row) for row in rows]
        heads, left = [one.head or "" for one in columns], [*map(to_left, columns)]
        yield from _aligned(heads, cells, left, strong, width, coloured)
        yield from (_dim(printable(line), coloured) for line in table.remarks(rows))
        yield ""
    yield from (_dim(printable(line), coloured) for line in table.notes)
    if table.notes:
        yield ""


def _fitting(columns: list[Column], rows: Sequence[Row], spare: Collection[str], width: int | None) -> list[Column]:
    """The columns, those that can be spared left out where all together are too wide for a terminal."""
    rooms = [max(len(one.head or ""), *(len(one.spelled(row)) for row in rows)) for one in columns]
    whole = width is None or sum(rooms) + len(GAP) * (len(rooms) - 1) <= width
    return columns if whole else [one for one in columns if one.name not in spare]


def _aligned(
    heads: Sequence[str],
    cells: Sequence[Sequence[str]],
    left: Sequence[bool],
    strong: Sequence[bool],
    width: int | None,
    coloured: bool,
) -> Iterator[str]:
    rooms = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    over = 0 if width is None else sum(rooms) + len(GAP) * (len(rooms) - 1) - width
    if over > 0:  # the widest of the columns with text gives way, down to what is readable
        widest = max(range(len(rooms)), key=lambda place: (left[place], rooms[place]))
        rooms[widest] = min(rooms[widest], max(NARROWEST, rooms[widest] - over))

    def lines(texts: Sequence[str]) -> Iterator[str]:
        folded = [
            [text] if len(text) <= room else textwrap.wrap(text, room) for text, room in zip(texts, rooms, strict=True)
        ]
        for number in range(max(map(len, folded))):
            parts = [part[number] if number < len(part) else "" for part in folded]
            placed = [
                part.ljust(room) if at_left else part.rjust(room)
                for part, room, at_left in zip(parts, rooms, left, strict=True)
            ]
            yield GAP.join(placed).rstrip()

    if any(heads):
        yield from (_dim(line, coloured) for line in lines(heads))
    for texts, stands_out in zip(cells, strong, strict=True):
        yield from (_bold(line, stands_out) for line in lines(texts))


def to_left(column: Column) -> bool:
    """Whether its cells stand at the left: text does, numbers do not."""
    return column.type in {"text", "boolean"}


def printable(text: str) -> str:
    """Text in one line and without control characters, which a terminal would obey."""
    flat = re.sub(r"\s", " ", text)
    return flat if flat.isprintable() else "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in flat)


def _bold(text: str, coloured: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if coloured else text


def _dim(text: str, coloured: bool) -> str:
    return f"\x1b[2m{text}\x1b[0m" if coloured else text
