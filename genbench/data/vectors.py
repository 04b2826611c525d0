"""Columns of vectors as numpy matrices, where they lie: nothing is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from genbench.errors import BadData

if TYPE_CHECKING:
    from jaxtyping import Float32

AT_ONCE = 2**22  # numbers looked at once; bounds memory to a few megabytes


def matrix(vectors: Any) -> Float32[np.ndarray, "row number"]:
    """The vectors of an Arrow array (fixed_size_list<float32>) as a matrix that shares its memory.

    Those of a chunked array do so where it has one chunk, as a column of a memory-mapped `Dataset` mostly has.
    """
    if isinstance(vectors, pa.ChunkedArray):
        parts = [matrix(chunk) for chunk in vectors.chunks]
        if len(parts) != 1:
            return np.concatenate([np.empty((0, vectors.type.list_size), np.float32), *parts])
        return parts[0]
    flat = vectors.flatten().to_numpy(zero_copy_only=True)
    return np.asarray(flat).reshape(len(vectors), vectors.type.list_size)


def column(rows: Any) -> pa.FixedSizeListArray:
    """The rows of a matrix as an Arrow column of vectors, its numbers as float32: what `matrix` reads.

    >>> column(np.array([[0.5, 1.0], [2.0, 0.0]])).to_pylist()
    [[0.5, 1.0], [2.0, 0.0]]
    """
    return pa.FixedSizeListArray.from_arrays(pa.array(rows.astype(np.float32).ravel()), rows.shape[1])


def first_not_finite(vectors: pa.Array) -> int | None:
    """The place of the first vector that holds NaN or an infinity, if any."""
    numbers = matrix(vectors)
    step = max(1, AT_ONCE // max(1, numbers.shape[1]))
    for begin in range(0, len(numbers), step):
        bad = ~np.isfinite(numbers[begin : begin + step]).all(axis=1)
        if bad.any():
            return begin + int(np.argmax(bad))
    return None


def refuse_unsound(column: pa.ChunkedArray, where: str) -> None:
    """Raise `BadData` for a column whose inner values are not all there, or whose vectors are not all finite.

    `where` names it. Columns without lists have no inner values.
    """
    for chunk in column.chunks:
        inner = chunk
        while pa.types.is_list(inner.type) or pa.types.is_fixed_size_list(inner.type):
            if pa.types.is_fixed_size_list(inner.type) and not inner.flatten().null_count:
                bad = first_not_finite(inner)
                if bad is not None:
                    raise BadData(f"{where} holds a vector with NaN or an infinity: {_shown(inner[bad])}")
            inner = inner.flatten()
            if inner.null_count:
                raise BadData(f"{where} holds lists with {inner.null_count} nulls in them")


def _shown(vector: Any) -> str:
    values = vector.as_py()
    return "[" + ", ".join(f"{value:g}" for value in values[:4]) + (", ...]" if len(values) > 4 else "]")
