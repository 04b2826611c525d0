"""Rows of cells as they were read, put together in the order of all cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST: Final = (
    1 << 30
)  # bytes of a table that is copied to put its cells in order; a larger one is put together of parts


class Piece(NamedTuple):
    """Rows of some cells, one cell after another: each one's place in the order of all, its rows, and the rows."""

    places: Sequence[str]
    rows: Sequence[int]
    table: Any


def in_order(pieces: Sequence[Piece]) -> Any:
    """One table of the rows of all, sorted by the places of their cells; there is at least one piece."""
    together = [one for one in pieces if len(one.places) > 1]
    if sum(one.table.nbytes for one in together) > _MOST:
        pieces, together = [part for one in pieces for part in _parts(one)], []
    if not together:
        return pa.concat_tables(one.table for one in sorted(pieces, key=lambda one: one.places[0]))
    whole = pa.concat_tables(one.table for one in pieces)
    places = [place for one in pieces for place in one.places]
    order = sorted(range(len(places)), key=places.__getitem__)
    if order == list(range(len(places))):
        return whole
    rows = np.array([count for one in pieces for count in one.rows])
    starts = np.cumsum(rows) - rows
    taken = rows[order]
    within = np.arange(taken.sum()) - np.repeat(np.cumsum(taken) - taken, taken)
    return whole.unify_dictionaries().take(pa.array(np.repeat(starts[order], taken) + within))


def _parts(piece: Piece) -> list[Piece]:
    """Cell by cell."""
    ends = np.cumsum(piece.rows).tolist()
    return [
        Piece((place,), (rows,), piece.table.slice(end - rows, rows))
        for place, rows, end in zip(piece.places, piece.rows, ends, strict=True)
    ]
