"""Inputs as points between which there are distances: vectors as they are, others where the card names an embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from genbench.analysis.difficulty.words import one_array
from genbench.cards import entries
from genbench.cards.columns import vector_length
from genbench.data.vectors import matrix
from genbench.errors import BadData, GenbenchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from jaxtyping import Float, Float64

    from genbench.cards import TaskCard
    from genbench.cards.values import Value

NUMBERS: Final = 2**24  # of all rows together, 128 MiB; of longer tables every nth row is looked at


def points_of(card: TaskCard, table: pa.Table, params: Mapping[str, Value]) -> Float[np.ndarray, "row number"] | None:
    """The rows of a table as vectors, those of several columns one after the other; None where they are none.

    An embedding is called with the input columns and the parameters, and gives a matrix of a row each.
    Raises `BadData` where it gives none.
    """
    inputs = table.select(list(card.inputs))
    if card.embedding:
        return _embedded(card, inputs, params)
    if not all(vector_length(kind) for kind in card.inputs.values()):
        return None
    columns = [matrix(one_array(inputs[name])) for name in card.inputs]
    return columns[0] if len(columns) == 1 else np.concatenate(columns, axis=1)


def thinned(points: Float[np.ndarray, "row number"]) -> tuple[Float64[np.ndarray, "some number"], int]:
    """Every nth row in double precision, and n, which is 1 unless vectors are many and long."""
    every = int(np.ceil(points.size / NUMBERS)) or 1
    return points[::every].astype(np.float64), every


def _embedded(card: TaskCard, inputs: pa.Table, params: Mapping[str, Value]) -> Float[np.ndarray, "row number"]:
    where = f"{card.name}: {card.embedding}"
    try:
        given: Any = np.asarray(entries.load_entry(card.folder, card.embedding)(inputs, params))
    except GenbenchError:
        raise
    except Exception as fault:
        raise BadData(f"{where} raised {type(fault).__name__}: {entries.first_line(fault)}") from fault
    if given.ndim != 2 or len(given) != inputs.num_rows or not given.shape[1]:
        raise BadData(f"{where} gave an array of shape {given.shape} for {inputs.num_rows} rows; it must be a matrix")
    if not np.isfinite(given).all():
        raise BadData(f"{where} gave a number that is not finite")
    return np.asarray(given)
