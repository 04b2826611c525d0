"""Rows are put in the order of their cells, however they were read."""

import pyarrow as pa
import pytest

from genbench.rows import pieces
from genbench.rows.pieces import Piece, in_order


def rows(*values):
    return pa.table({"cell": pa.array(values).dictionary_encode()})


MIXED = [
    Piece(["a", "c", "e"], [2, 1, 1], rows("a", "a", "c", "e")),
    Piece(["d"], [1], rows("d")),
    Piece(["b", "f"], [3, 0], rows("b", "b", "b")),
]


@pytest.mark.parametrize("most", [1 << 30, 0], ids=["copied", "put together of parts"])
def test_cells_of_several_files_come_in_the_order_of_their_places(monkeypatch, most):
    monkeypatch.setattr(pieces, "_MOST", most)

    found = in_order(MIXED)

    assert found.column("cell").to_pylist() == ["a", "a", "b", "b", "b", "c", "d", "e"]


def test_what_is_in_order_is_not_copied():
    first, second = rows("a", "b"), rows("c")

    found = in_order([Piece(["a", "b"], [1, 1], first), Piece(["c"], [1], second)])

    assert [chunk.indices.buffers()[1].address for chunk in found.column("cell").chunks] == [
        one.column("cell").chunk(0).indices.buffers()[1].address for one in (first, second)
    ]
