"""Columns of vectors as one matrix."""

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value

from genbench.kit import vectors


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_vectors_stand_beside_each_other_in_the_order_of_columns(rows):
    left = np.arange(2 * rows, dtype=np.float32).reshape(rows, 2)
    right = -np.arange(3 * rows, dtype=np.float32).reshape(rows, 3)
    kinds = {"left": List(Value("float32"), length=2), "right": List(Value("float32"), length=3)}
    given = Dataset.from_dict({"left": list(left), "right": list(right)}, features=Features(kinds))

    found = vectors.matrix(given, ["right", "left"])

    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.c_[right, left])


def test_rows_that_were_chosen_are_those_that_are_read():
    kinds = Features({"x": List(Value("float32"), length=1)})
    given = Dataset.from_dict({"x": [[float(number)] for number in range(9)]}, features=kinds)

    assert vectors.matrix(given.select([4, 2]), ["x"]).tolist() == [[4.0], [2.0]]
