"""Files of predictions, in the types that people's tools write."""

import re

import pyarrow as pa
import pytest

from genbench.authoring.predictions_file import read_predictions
from genbench.errors import BadPredictions


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pa.array([1, 2], pa.int8()), "int64"),
        (pa.array([1, 2], pa.uint32()), "int64"),
        (pa.array(["a", "b"], pa.large_string()), "string"),
        (pa.array(["a", "b"]).dictionary_encode(), "string"),
        (pa.array([["a"], []]), "list<string>"),
        (pa.array([["a"], []], pa.large_list(pa.large_string())), "list<string>"),
        (pa.array([[1], []], pa.list_(pa.int32())), "list<int64>"),
        (pa.array([[1], [2]], pa.list_(pa.int64(), 1)), "list<int64>"),
        (pa.array([0.5, 1.0], pa.float32()), "float64"),
        (pa.array([1, 2]), "float64"),
        (pa.array([True, False]), "bool"),
    ],
)
def test_types_that_say_the_same_are_taken(path, given, kind):
    found = read_predictions(path(given), kind)

    assert found.column_names == ["question_id", "prediction"]
    assert found.column("prediction").to_pylist() == given.to_pylist()
    assert str(found.column("prediction").type) == kind.replace("list<", "list<item: ").replace("float64", "double")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pa.array([1.0]), "int64"),
        (pa.array([True]), "int64"),
        (pa.array([1]), "bool"),
        (pa.array([1]), "string"),
        (pa.array([b"a"]), "string"),
        (pa.array([[1.0]]), "list<int64>"),
        (pa.array([["a"]]), "string"),
        (pa.array([["a"]]), "list<int64>"),
        (pa.array([None]), "string"),
    ],
)
def test_types_that_say_something_else_are_refused(path, given, kind):
    with pytest.raises(BadPredictions, match=f"prediction is of type .*; the target is of type {re.escape(kind)}$"):
        read_predictions(path(given), kind)


@pytest.mark.parametrize(
    ("given", "kind", "column"),
    [
        (pa.array([[0.5, 1.0]]), "vector(2)", pa.list_(pa.float32(), 2)),
        (pa.array([[1, 2]], pa.list_(pa.int64(), 2)), "vector(2)", pa.list_(pa.float32(), 2)),
        (pa.array([[[0.5, 1.0]], []]), "list<vector(2)>", pa.list_(pa.list_(pa.float32(), 2))),
        (pa.array([[2, 1]], pa.list_(pa.int32())), "set<int64>", pa.list_(pa.int64())),
        (pa.array(["a"]), "any_of<string>", pa.string()),
    ],
)
def test_vectors_sets_and_one_of_several_come_in_what_people_write(path, given, kind, column):
    found = read_predictions(path(given), kind).column("prediction")

    assert (found.type, found.to_pylist()) == (column, given.to_pylist())


def test_a_vector_of_another_length_is_refused(path):
    with pytest.raises(BadPredictions, match="mine.parquet: "):
        read_predictions(path(pa.array([[0.5, 1.0], [0.5]])), "vector(2)")
