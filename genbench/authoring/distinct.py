"""The distinct rows of a table, by value, to tell what stands in two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from genbench.data import vectors

if TYPE_CHECKING:
    from collections.abc import Sequence


def distinct(table: pa.Table, columns: Sequence[str]) -> set[tuple[object, ...]]:
    """The distinct rows of the named columns, as hashable tuples."""
    lists = [_values(table.column(name)) for name in columns]
    return {tuple(_hashable(value) for value in row) for row in zip(*lists, strict=True)}


def _values(column: pa.ChunkedArray) -> list[object]:
    """A column's values; of vectors their bytes, for as Python's numbers they would take ten times the memory."""
    if pa.types.is_fixed_size_list(column.type):
        return [row.tobytes() for chunk in column.chunks for row in vectors.matrix(chunk)]
    return list(column.to_pylist())


def _hashable(value: object) -> object:
    if isinstance(value, list):
        return tuple(_hashable(inner) for inner in value)
    if isinstance(value, dict):
        return tuple(sorted((key, _hashable(inner)) for key, inner in value.items() if inner is not None))
    return value


def shown(rows: set[tuple[object, ...]]) -> str:
    """The first of the rows, short: for a message."""
    first = min(rows, key=repr)
    return repr(first if len(first) > 1 else first[0])[:120]
