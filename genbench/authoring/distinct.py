"""The distinct rows of a table, by value, to tell what stands in two of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa

from genbench.data import vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Whole(bytes):
    """A list of int64 by its bytes: as Python's numbers it would take ten times the memory, and the time."""

    __slots__ = ()
    kind: ClassVar[type[np.number[Any]]] = np.int64

    def __repr__(self) -> str:
        return repr(tuple(np.frombuffer(self, self.kind).tolist()))


class _Real(_Whole):
    """A list of float64, likewise, with 0.0 for -0.0, which is equal to it; NaN is what has its bytes."""

    __slots__ = ()
    kind = np.float64


def distinct(table: pa.Table, columns: Sequence[str]) -> set[tuple[object, ...]]:
    """The distinct rows of the named columns, as hashable tuples."""
    lists = [_values(table.column(name)) for name in columns]
    return {tuple(_hashable(value) for value in row) for row in zip(*lists, strict=True)}


def _values(column: pa.ChunkedArray) -> list[object]:
    """A column's values; of vectors and lists of numbers their bytes."""
    if pa.types.is_fixed_size_list(column.type):
        return [row.tobytes() for chunk in column.chunks for row in vectors.matrix(chunk)]
    for kind in (_Whole, _Real):
        if column.type == pa.list_(pa.from_numpy_dtype(kind.kind)):
            return [row for chunk in column.chunks for row in _numbers(chunk, kind)]
    return list(column.to_pylist())


def _numbers(lists: pa.Array, kind: type[_Whole]) -> Iterator[object]:
    raw, ends = (lists.values.to_numpy(zero_copy_only=False) + kind.kind(0)).tobytes(), lists.offsets.to_pylist()
    yield from (kind(raw[8 * begin : 8 * end]) for begin, end in pairwise(ends))


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
