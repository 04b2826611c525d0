"""Likeness: two cells are alike where all their answers are, by question id, and their scores."""

import pyarrow as pa
import pytest

from genbench.authoring.likeness import likeness
from genbench.errors import StoreFault
from genbench.rows.schema import PREDICTIONS
from genbench.rows.store import Store

WHO = {"task": "toy", "split": "small", "submission": "mlp", "profile": "full", "seed": 0}


@pytest.fixture
def cell(tmp_path):
    """Gives `cell("a", {0: "x", 1: "y"}, 0.5)`: results with that cell, and its row."""

    def make(key, answers, value):
        store = Store(str(tmp_path / key))
        rows = [
            {"cell": key, "question_set": "test", "question_id": place, "prediction": answer, "target": "x"}
            for place, answer in answers.items()
        ]
        table = pa.Table.from_pylist([{**row, "correct": True, "slices": []} for row in rows], schema=PREDICTIONS)
        score = {
            "question_set": "test",
            "kind": "ood",
            "axis": "",
            "slice": "",
            "metric": "exact_match",
            "n": 2,
            "error": None,
        }
        scores = [{"cell": key, **WHO, **score, "value": value}]
        store.append("toy", "mlp", key, {"scores": scores, "predictions": table})
        return store, {"cell": key, **WHO}

    return make


def test_answers_are_joined_by_question_id(cell):
    found = likeness(cell("a", {0: "x", 1: "y"}, 0.5), cell("b", {1: "y", 0: "x"}, 0.5))

    assert found.equal
    assert found.told == "2 of 2 answers are equal (100.0 %)"


@pytest.mark.parametrize(
    ("answers", "value", "told"),
    [
        ({0: "x", 1: "z"}, 0.5, "1 of 2 answers are equal (50.0 %)"),
        ({0: "x", 2: "y"}, 0.5, "0 of 2 answers are equal (0.0 %)"),
        ({0: "x", 1: "y", 2: "y"}, 0.5, "0 of 3 answers are equal (0.0 %)"),
        (
            {0: "x", 1: "y"},
            0.25,
            "2 of 2 answers are equal (100.0 %); test exact_match 0.5000, 0.2500 in the proof",
        ),
    ],
)
def test_what_differs_is_told(cell, answers, value, told):
    found = likeness(cell("a", {0: "x", 1: "y"}, 0.5), cell("b", answers, value))

    assert not found.equal
    assert found.told == told


def test_a_sum_in_another_order_is_no_difference(cell):
    assert likeness(cell("a", {0: "x"}, 0.1 + 0.2), cell("b", {0: "x"}, 0.3)).equal


def test_rows_that_are_gone_are_a_fault(cell):
    store, row = cell("a", {0: "x"}, 0.5)

    with pytest.raises(StoreFault):
        likeness((store, row), (store, {**row, "cell": "nowhere"}))
