"""What a submission returned becomes answers, or a fault that names the first misfit."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from datasets import Dataset

from genbench.cards.columns import answer_column
from genbench.data import tables
from genbench.errors import SubmissionFault
from genbench.evaluation.answers import as_answers

WILL_DO = {
    "a list": ([1, 2], "int64", [1, 2]),
    "a tuple": ((1, 2), "int64", [1, 2]),
    "a range": (range(2), "int64", [0, 1]),
    "an array": (np.array([1, 2], np.int32), "int64", [1, 2]),
    "an array of objects": (np.array([1, 2], object), "int64", [1, 2]),
    "a list of numpy scalars": ([np.int64(1), np.int8(2)], "int64", [1, 2]),
    "a tensor": (torch.tensor([1, 2]), "int64", [1, 2]),
    "a tensor with a gradient": (torch.tensor([1.0, 2.0], requires_grad=True), "float64", [1.0, 2.0]),
    "a tensor of bfloat16": (torch.tensor([1.0, 2.0], dtype=torch.bfloat16), "float64", [1.0, 2.0]),
    "a list of tensors": ([torch.tensor(1), torch.tensor(2)], "int64", [1, 2]),
    "a list of tensors of integers": ([torch.tensor([1, 2]), torch.tensor([3])], "list<int64>", [[1, 2], [3]]),
    "a matrix": (torch.tensor([[1, 2], [3, 4]]), "list<int64>", [[1, 2], [3, 4]]),
    "ragged arrays": ([np.array([1]), np.array([2, 3])], "list<int64>", [[1], [2, 3]]),
    "empty lists": ([[], []], "list<int64>", [[], []]),
    "tuples": ([(1,), (2, 3)], "list<int64>", [[1], [2, 3]]),
    "an Arrow array": (pa.array([1, 2]), "int64", [1, 2]),
    "a chunked Arrow array": (pa.chunked_array([["a"], ["b"]]), "string", ["a", "b"]),
    "an encoded Arrow array": (pa.array(["a", "b"]).dictionary_encode(), "string", ["a", "b"]),
    "a large Arrow array": (pa.array([["a"], ["b"]], pa.large_list(pa.large_string())), "list<string>", [["a"], ["b"]]),
    "a series": (pd.Series([1, 2], index=[7, 3]), "int64", [1, 2]),
    "a series of text": (pd.Series(["a", "b"]), "string", ["a", "b"]),
    "a column": (Dataset.from_dict({"x": ["a", "b"]})["x"], "string", ["a", "b"]),
    "numpy text": (np.array(["a", "b"]), "string", ["a", "b"]),
    "text that is empty": (["", ""], "string", ["", ""]),
    "truths": (np.array([True, False]), "bool", [True, False]),
    "integers for numbers": ([1, 2], "float64", [1.0, 2.0]),
    "single precision": (np.array([0.5, 2], np.float32), "float64", [0.5, 2.0]),
    "infinity": ([float("inf"), 0.0], "float64", [float("inf"), 0.0]),
    "lists of text": ([["a"], ["b", "c"]], "list<string>", [["a"], ["b", "c"]]),
    "vectors": ([[1, 2], [0.5, -1]], "vector(2)", [[1.0, 2.0], [0.5, -1.0]]),
    "a matrix of vectors": (np.array([[1, 2], [3, 4]], np.float64), "vector(2)", [[1.0, 2.0], [3.0, 4.0]]),
    "a matrix of bfloat16": (torch.tensor([[1, 2], [3, 4]]).bfloat16(), "vector(2)", [[1.0, 2.0], [3.0, 4.0]]),
    "a list of rows": ([torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])], "vector(2)", [[1.0, 2.0], [3.0, 4.0]]),
    "an Arrow array of vectors": (pa.array([[1, 2], [3, 4]], pa.list_(pa.float32(), 2)), "vector(2)", [[1, 2], [3, 4]]),
    "lists of vectors": ([[[1, 2]], []], "list<vector(2)>", [[[1.0, 2.0]], []]),
    "matrices": (np.ones((2, 1, 2)), "list<vector(2)>", [[[1.0, 1.0]], [[1.0, 1.0]]]),
    "lists of numbers": ([[1], [0.5, 2]], "list<float64>", [[1.0], [0.5, 2.0]]),
    "arrays of single precision": ([np.array([0.5], np.float32), np.array([])], "list<float64>", [[0.5], []]),
    "lists of lists": ([[[1], []], []], "list<list<int64>>", [[[1], []], []]),
    "lists of lists of text": ([[["a"]], [[]]], "list<list<string>>", [[["a"]], [[]]]),
    "sets": ([{2, 1}, frozenset()], "set<int64>", [[1, 2], []]),
    "lists for sets": ([["b", "a"], []], "set<string>", [["b", "a"], []]),
    "one of several": (["a", "b"], "any_of<string>", ["a", "b"]),
    "all right answers, of which the first counts": ([["a", "b"], ["c"]], "any_of<string>", ["a", "c"]),
}


@pytest.mark.parametrize("what", WILL_DO)
def test_answers_come_in_many_forms(what):
    given, kind, expected = WILL_DO[what]

    found = as_answers(given, kind, 2)

    assert found.type == tables.ARROW[answer_column(kind)]
    assert found.to_pylist() == expected


VECTOR = "the target is of type vector(2), of finite numbers"
ONE_EACH = "it must return one answer per question"
WILL_NOT = {
    "too few": ([1], "int64", "predict returned 1 answers for 2 questions"),
    "too many": ([1, 2, 3], "int64", "predict returned 3 answers for 2 questions"),
    "nothing": (None, "int64", f"predict returned NoneType; {ONE_EACH}"),
    "a number": (7, "int64", f"predict returned int; {ONE_EACH}"),
    "text for all": ("ab", "string", f"predict returned str; {ONE_EACH}"),
    "bytes for all": (b"ab", "string", f"predict returned bytes; {ONE_EACH}"),
    "a generator": ((number for number in (1, 2)), "int64", f"predict returned generator; {ONE_EACH}"),
    "a set, which has no order": ({1, 2}, "int64", f"predict returned set; {ONE_EACH}"),
    "a dictionary": ({0: 1, 1: 2}, "int64", f"predict returned dict; {ONE_EACH}"),
    "a data frame": (pd.DataFrame({"a": [1, 2]}), "int64", f"predict returned DataFrame; {ONE_EACH}"),
    "an array of no length": (np.array(7), "int64", f"predict returned ndarray; {ONE_EACH}"),
    "a tensor of no length": (torch.tensor(7), "int64", f"predict returned ndarray; {ONE_EACH}"),
    "None among answers": ([1, None], "int64", "answer 1 is None (NoneType); the target is of type int64"),
    "None among text": ([None, "a"], "string", "answer 0 is None (NoneType); the target is of type string"),
    "NaN": ([0.5, float("nan")], "float64", "answer 1 is nan (float); the target is of type float64"),
    "NaN in an array": (np.array([np.nan, 1]), "float64", "answer 0 is nan (float); the target is of type float64"),
    "NaN among text": (["a", float("nan")], "string", "answer 1 is nan (float); the target is of type string"),
    "a gap in a series": (pd.Series(["a", None]), "string", "answer 1 is nan (float); the target is of type string"),
    "numbers for integers": ([1, 2.0], "int64", "answer 1 is 2.0 (float); the target is of type int64"),
    "all numbers for integers": (np.array([1.0, 2.0]), "int64", "answer 0 is 1.0 (float); the target is of type int64"),
    "truths for integers": ([1, True], "int64", "answer 1 is True (bool); the target is of type int64"),
    "integers for truths": ([1, 0], "bool", "answer 0 is 1 (int); the target is of type bool"),
    "text for integers": (["1", "2"], "int64", "answer 0 is '1' (str); the target is of type int64"),
    "integers for text": (["1", 2], "string", "answer 1 is 2 (int); the target is of type string"),
    "an integer too large": (
        [1, 2**70],
        "int64",
        "answer 1 is 1180591620717411303424 (int); the target is of type int64",
    ),
    "an unsigned one too large": (
        np.array([1, 2**63], np.uint64),
        "int64",
        "answer 1 is 9223372036854775808 (int); the target is of type int64",
    ),
    "text that is none": (["a", "\ud800"], "string", "answer 1 is '\\ud800' (str); the target is of type string"),
    "a column of one for integers": (
        np.array([[1], [2]]),
        "int64",
        "answer 0 is [1] (list); the target is of type int64",
    ),
    "None within a list": (
        [[1], [2, None]],
        "list<int64>",
        "answer 1 is [2, None] (list); the target is of type list<int64>",
    ),
    "None within a list of text": (
        [["a", None], []],
        "list<string>",
        "answer 0 is ['a', None] (list); the target is of type list<string>",
    ),
    "lists of text for integers": (
        [[1], ["a"]],
        "list<int64>",
        "answer 1 is ['a'] (list); the target is of type list<int64>",
    ),
    "lists of numbers for integers": (
        [[1.0], [2.0]],
        "list<int64>",
        "the answers are not of the target's type list<int64>",
    ),
    "no lists": ([1, 2], "list<int64>", "answer 0 is 1 (int); the target is of type list<int64>"),
    "a long one": (["x" * 500, 1], "int64", f"answer 0 is '{'x' * 79} (str); the target is of type int64"),
    "a vector too short": ([[1, 2], [3]], "vector(2)", f"answer 1 is [3] (list); {VECTOR}"),
    "vectors too long": (np.ones((2, 3)), "vector(2)", "answer 0 is array([1., 1., 1.]) (ndarray); " + VECTOR),
    "NaN in a vector": ([[1, 2], [3, float("nan")]], "vector(2)", f"answer 1 is [3, nan] (list); {VECTOR}"),
    "a number beyond single precision": (
        [[1, 1e300], [0, 0]],
        "vector(2)",
        f"answer 0 is [1, 1e+300] (list); {VECTOR}",
    ),
    "text for vectors": ([[1, 2], "ab"], "vector(2)", f"answer 1 is 'ab' (str); {VECTOR}"),
    "truths for vectors": (
        np.ones((2, 2), bool),
        "vector(2)",
        "answer 0 is array([ True,  True]) (ndarray); " + VECTOR,
    ),
    "NaN in a list": (
        [[1.0], [float("nan")]],
        "list<float64>",
        "answer 1 is [nan] (list); the target is of type list<float64>",
    ),
    "None within a list of lists": (
        [[[1]], [[None]]],
        "list<list<int64>>",
        "answer 1 is [[None]] (list); the target is of type list<list<int64>>",
    ),
    "a set of sets": ([[1], [[2]]], "set<int64>", "answer 1 is [[2]] (list); the target is of type set<int64>"),
    "a set of several types": (
        [{1, "a"}, {2}],
        "set<int64>",
        "answer 0 is ['a', 1] (list); the target is of type set<int64>",
    ),
    "no set": ([1, 2], "set<int64>", "answer 0 is 1 (int); the target is of type set<int64>"),
    "none of several": (["a", []], "any_of<string>", "answer 1 is [] (list); the target is of type any_of<string>"),
}


@pytest.mark.parametrize("what", WILL_NOT)
def test_answers_that_will_not_do_are_refused_with_the_first_of_them(what):
    given, kind, message = WILL_NOT[what]

    with pytest.raises(SubmissionFault) as caught:
        as_answers(given, kind, 2)

    assert str(caught.value) == message


def test_a_million_answers_take_no_time_of_note():
    import time

    started = time.perf_counter()
    as_answers(np.arange(1_000_000), "int64", 1_000_000)

    assert time.perf_counter() - started < 0.5
