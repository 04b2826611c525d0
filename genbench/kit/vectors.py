"""Columns of vectors as one matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasets import Dataset
    from jaxtyping import Float32


def matrix(given: Dataset, columns: Iterable[str]) -> Float32[np.ndarray, "row number"]:
    """All numbers of each row: its vectors beside each other, in the order of `columns`.

    Vectors are of one length a column, as `vector(8)` says; with all their rows they must fit into memory.
    """
    table = given.with_format("arrow")[:]
    parts = []
    for name in columns:
        column = table.column(name).combine_chunks()
        parts.append(column.flatten().to_numpy().reshape(len(column), column.type.list_size))
    return np.concatenate(parts, axis=1)
