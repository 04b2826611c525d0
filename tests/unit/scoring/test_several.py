"""An answer that is one of several right ones."""

import pyarrow as pa
import pytest

from genbench.data import tables
from genbench.scoring import metrics
from genbench.scoring.several import any_of


@pytest.mark.parametrize(
    ("name", "kind", "answers", "right", "marks"),
    [
        ("exact_match", "string", ["a", "c"], [["b", "a"], ["a", "b"]], [1.0, 0.0]),
        ("token_accuracy", "string", ["a b"], [["c d", "a d", "c"]], [0.5]),
        ("token_edit_distance", "string", ["a b"], [["c d", "a d"]], [0.5]),
        ("absolute_error", "float64", [1.0, 2.0], [[5.0, 2.0], [2.0]], [1.0, 0.0]),
        ("exact_match", "list<int64>", [[1, 2]], [[[2], [1, 2]]], [1.0]),
        ("exact_match", "string", [], [], []),
    ],
)
def test_the_best_mark_against_any_right_answer_counts(name, kind, answers, right, marks):
    metric = metrics.METRICS[name]
    given, wanted = pa.array(answers, tables.ARROW[kind]), pa.array(right, pa.list_(tables.ARROW[kind]))

    assert any_of(metric.grade, lower=metric.lower)(given, wanted).tolist() == marks
