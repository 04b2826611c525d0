"""Official files that are text: their lines, and tables separated by tabs. Strict, for a file cut short looks whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from genbench.errors import SourceFault

if TYPE_CHECKING:
    from collections.abc import Sequence


def lines(content: bytes, where: str) -> list[str]:
    """The lines of a text file with Unix line ends. Raises `SourceFault` for others and for what is not UTF-8."""
    if b"\r" in content:
        at = content[: content.index(b"\r")].count(b"\n") + 1
        raise SourceFault(f"{where}, line {at}: Windows line ends; lines must end in a line feed alone")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise SourceFault(f"{where}: not UTF-8: {fault}") from None
    if not text.endswith("\n"):
        raise SourceFault(f"{where}: the last line has no end; the file may be truncated")
    return text[:-1].split("\n")


def columns(content: bytes, names: Sequence[str], where: str) -> pa.Table:
    """A tab-separated file without header as a table of strings, in the file's order.

    Raises `SourceFault` for a line with another number of columns, and as `lines` does.
    """
    rows = [line.split("\t") for line in lines(content, where)]
    for at, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise SourceFault(f"{where}, line {at}: {len(row)} columns; there must be {len(names)}: {', '.join(names)}")
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})
