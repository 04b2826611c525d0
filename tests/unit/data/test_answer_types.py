"""What `predict` may return and what `score` reads: one list of types."""

import numpy as np
import pyarrow as pa
import pytest

from genbench.authoring.predictions_file import typed_predictions
from genbench.errors import BadPredictions, SubmissionFault
from genbench.evaluation.answers import as_answers

TWO = {
    "int64": [pa.array([1, 2], kind) for kind in (pa.int64(), pa.int8(), pa.uint8(), pa.uint64())],
    "float64": [pa.array(np.array([1.5, 2], kind)) for kind in (np.float64, np.float32, np.float16)],
    "bool": [pa.array([True, False])],
    "string": [pa.array(["1", "[2]"], kind) for kind in (pa.string(), pa.large_string(), pa.string_view())],
    "list<int64>": [
        pa.array([[1, 2], [2, 3]], kind(one))
        for one in (pa.int64(), pa.int32())
        for kind in (pa.list_, pa.large_list, lambda of: pa.list_(of, 2))
    ],
    "list<float64>": [pa.array([[0.5], [2.0]], pa.list_(one)) for one in (pa.float64(), pa.float32())],
    "list<string>": [pa.array([["a"], ["b"]], pa.list_(one)) for one in (pa.string(), pa.large_string())],
    "list<list<int64>>": [pa.array([[[1]], [[2], []]])],
    "list<list<string>>": [pa.array([[["a"]], [["b"]]])],
    "other": [pa.array([b"1", b"2"]), pa.array([1, 2], pa.date32()), pa.array([1, 2], pa.timestamp("us"))],
    "empty": [pa.array([[], []])],
}
for name in ("int64", "string"):
    TWO[name].append(TWO[name][0].dictionary_encode())
ALSO = {"float64": ["int64"], "list<float64>": ["list<int64>"]}  # integers are numbers
EMPTY = ("list<int64>", "list<float64>", "list<string>", "list<list<int64>>", "list<list<string>>")
KINDS = (*list(TWO)[:9], "set<int64>", "any_of<string>")
TAKEN = {kind: [kind, *ALSO.get(kind, ()), *(["empty"] if kind in EMPTY else [])] for kind in KINDS}
TAKEN |= {"set<int64>": ["list<int64>", "empty"], "any_of<string>": ["string", "list<string>"]}


def taken(of, *given):
    try:
        return of(*given)
    except (SubmissionFault, BadPredictions):
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_both_take_the_same_types_and_make_the_same_of_them(kind):
    for name, forms in TWO.items():
        for form in forms:
            table = pa.table({"question_id": [0, 1], "prediction": form})
            read = taken(typed_predictions, table, kind, "mine")
            returned = [taken(as_answers, one, kind, 2) for one in (form, form.to_pylist())]

            assert (read is not None) == (name in TAKEN[kind]), (kind, form.type)
            for one in returned:
                assert (one is not None) == (read is not None), (kind, form.type)
                assert one is None or one.equals(read["prediction"].combine_chunks()), (kind, form.type)


def test_a_vector_without_numbers_is_none():
    assert taken(as_answers, [[], []], "vector(2)", 2) is None
    assert taken(as_answers, [[[]], [[]]], "list<vector(2)>", 2) is None
    assert as_answers([[], [[1.0, 2.0]]], "list<vector(2)>", 2).to_pylist() == [[], [[1.0, 2.0]]]
