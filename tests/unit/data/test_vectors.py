"""Vectors lie where they lay: in the file that crosses the wall, seen as a matrix."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from genbench.data import tables, vectors
from genbench.errors import BadData
from genbench.evaluation import worker
from genbench.evaluation.cell import TRAIN

ROWS, WIDTH = 400, 40_000


def of(numbers):
    return pa.FixedSizeListArray.from_arrays(pa.array(np.asarray(numbers, np.float32).ravel()), np.shape(numbers)[1])


def test_a_matrix_shares_the_memory_of_its_column_and_knows_slices():
    column = of(np.arange(12).reshape(4, 3))

    found = vectors.matrix(column.slice(1, 2))

    assert found.tolist() == [[3, 4, 5], [6, 7, 8]]
    assert np.shares_memory(found, column.flatten().to_numpy())


def test_chunks_are_put_together():
    assert vectors.matrix(pa.chunked_array([of([[1, 2]]), of([[3, 4]])])).tolist() == [[1, 2], [3, 4]]
    assert vectors.matrix(pa.chunked_array([], pa.list_(pa.float32(), 2))).shape == (0, 2)


def test_wide_vectors_are_trained_on_where_they_lie_in_the_file(tmp_path):
    stream = np.random.default_rng(0)
    table = pa.table({"x": of(stream.random((ROWS, WIDTH), np.float32)), "y": pa.array(np.zeros(ROWS))})
    tables.write(tables.described(table, {"x": f"vector({WIDTH})", "y": "float64"}), tmp_path / TRAIN)
    before = pa.total_allocated_bytes()

    train, _ = worker.training(tmp_path)
    seen = vectors.matrix(train.data.column("x"))

    assert pa.total_allocated_bytes() - before < 2**20 < table.nbytes
    assert seen.shape == (ROWS, WIDTH)
    assert np.array_equal(seen[7], vectors.matrix(table.column("x"))[7])


@pytest.mark.parametrize("form", ["numpy", "torch"])
def test_vectors_come_in_the_form_that_people_ask_for(tmp_path, form):
    tables.write(pa.table({"x": of([[1, 2, 3], [4, 5, 6]])}), tmp_path / TRAIN)

    train, _ = worker.training(tmp_path)
    found = train.with_format(form)[:]["x"]

    assert str(found.dtype).endswith("float32")
    assert found.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_fingerprint_is_of_the_type_and_the_bytes():
    column = of([[1, 2], [3, 4], [5, 6]])
    told = b"subset train rows 3\ncolumn x fixed_size_list<item: float>[2]\n"

    digest = hashlib.sha256(told + np.arange(1, 7, dtype="<f4").tobytes()).hexdigest()

    assert tables.fingerprint({"train": pa.table({"x": column})}) == f"sha256:{digest}"
    assert tables.fingerprint({"train": pa.table({"x": pa.chunked_array([column[:1], column[1:]])})}).endswith(digest)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_vector_that_is_not_finite_is_named(bad):
    column = of(np.where(np.arange(6).reshape(3, 2) == 5, bad, 0))

    with pytest.raises(
        BadData, match=r"^t/s train: column 'x' holds a vector with NaN or an infinity: \[0, (nan|inf)\]$"
    ):
        vectors.refuse_unsound(pa.chunked_array([column]), "t/s train: column 'x'")


def test_a_list_with_a_gap_is_named():
    column = pa.chunked_array([pa.array([[[1], [None]]], pa.list_(pa.list_(pa.int64())))])

    with pytest.raises(BadData, match="^here holds lists with 1 nulls in them$"):
        vectors.refuse_unsound(column, "here")
