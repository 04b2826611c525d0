"""Predictions in the forms that a notebook has them in."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

from genbench.api.answers import table_of
from genbench.data.problem import Targets
from genbench.errors import BadPredictions

# Ids 0 to 4; those of `first` are 1 and 3.
TARGETS = Targets(("first", "second"), np.array([1, 0, 1, 0, 1], np.int16), pa.array([0, 1, 2, 3, 4]))


def read(given, kind="int64"):
    table = table_of(given, TARGETS, kind).sort_by("question_id")
    assert table.column("question_id").to_pylist() == [0, 1, 2, 3, 4]
    return table.column("prediction").to_pylist()


COLUMNS = {"question_id": [4, 3, 2, 1, 0], "prediction": [14, 13, 12, 11, 10]}


@pytest.mark.parametrize(
    "given",
    [
        # Question set after question set: ids 1 and 3, then 0, 2 and 4.
        [11, 13, 10, 12, 14],
        (11, 13, 10, 12, 14),
        np.array([11, 13, 10, 12, 14], np.int32),
        torch.tensor([11, 13, 10, 12, 14]),
        pa.array([11, 13, 10, 12, 14]),
        pd.Series([11, 13, 10, 12, 14]),
        {"second": [10, 12, 14], "first": np.array([11, 13])},
        {4: 14, 0: 10, np.int64(1): 11, 2: 12, 3: 13},
        pd.DataFrame({**COLUMNS, "other": "x"}),
        pl.DataFrame(COLUMNS),
        pa.table(COLUMNS),
        pa.RecordBatch.from_pydict(COLUMNS),
    ],
    ids=lambda given: f"{type(given).__module__}.{type(given).__name__}",
)
def test_each_form_says_the_same(given):
    assert read(given) == [10, 11, 12, 13, 14]


def test_texts_and_lists_are_answers_too():
    assert read(["b", "d", "a", "c", "e"], "string") == ["a", "b", "c", "d", "e"]
    assert read({number: [number] for number in range(5)}, "list<int64>") == [[0], [1], [2], [3], [4]]
    assert read(pl.DataFrame({"question_id": range(5), "prediction": list("abcde")}), "string") == list("abcde")


def test_rankings_may_be_labels():
    assert [[one["label"] for one in answer] for answer in read([1, 3, 0, 2, 4], "ranking")] == [
        [0],
        [1],
        [2],
        [3],
        [4],
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1, 2], "^predictions: 2 answers for 5 questions, 2 of first and 3 of second$"),
        ({"first": [1]}, "^predictions: 1 answers for 2 questions, 2 of first$"),
        ({"frist": [1, 2]}, "^predictions: there is no question set 'frist'; did you mean 'first'\\?$"),
        ({1.5: 1}, "^predictions: 1.5 is no question_id; it must be a whole number$"),
        ({2**70: 1}, "^predictions: a question_id is no 64-bit integer"),
        ({0: 1, 1: "x"}, "^predictions: answer 1 is 'x' \\(str\\); the target is of type int64$"),
        (["a", 1, 2, 3, 4], "^predictions: answer 0 is 'a'"),
        ([1, 2, None, 3, 4], "^predictions: answer 2 is None"),
        (pd.DataFrame({"id": [0]}), "^predictions: columns are \\['id'\\]; question_id and prediction must be there$"),
        (
            pd.DataFrame({"question_id": [0], "prediction": ["x"]}),
            "prediction is of type .*string; the target is of type",
        ),
        (pd.DataFrame({"question_id": ["a"], "prediction": [1]}), "question_id is of type .*string; it must be int64$"),
        (pd.DataFrame({"question_id": [0, 1], "prediction": [1, "x"]}), "the frame's columns are of no one type"),
        ("abcde", "^predictions are of type str; they must be a list in the order of the questions, a mapping"),
        (3, "^predictions are of type int; they must be a list"),
        (iter([1, 2, 3, 4, 5]), "^predictions are of type list_iterator; they must be"),
        ({1, 2, 3, 4, 5}, "^predictions: given as set; it must return one answer per question$"),
    ],
)
def test_other_forms_are_one_clear_error(given, said):
    with pytest.raises(BadPredictions, match=said):
        table_of(given, TARGETS, "int64")
