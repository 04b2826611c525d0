"""The best answer that looks at no question."""

import numpy as np
import pyarrow as pa
import pytest

from genbench.data import tables
from genbench.scoring import metrics
from genbench.scoring.constants import constant_answer


@pytest.mark.parametrize(
    ("metric", "kind", "targets", "answer"),
    [
        ("squared_error", "float64", [0.0, 0.0, 3.0], 1.0),
        ("absolute_error", "float64", [0.0, 0.0, 3.0], 0.0),
        ("squared_error", "int64", [0, 0, 2], 1),
        ("squared_error", "vector(2)", [[0, 1], [2, 3]], [1.0, 2.0]),
        ("exact_match", "string", ["b", "a", "a", "b"], "b"),
        ("exact_match", "list<int64>", [[1], [2], [2]], [2]),
    ],
)
def test_a_constant_is_the_centre_that_its_metric_asks(metric, kind, targets, answer):
    found = constant_answer(metric, pa.array(targets, tables.ARROW[kind]), 2)

    assert found.type == tables.ARROW[kind]
    assert found.to_pylist() == [answer] * 2


@pytest.mark.parametrize("metric", ["squared_error", "absolute_error"])
def test_no_other_constant_has_less_error_on_the_targets_it_is_of(metric):
    targets = pa.array(np.random.default_rng(0).exponential(size=51))
    grade = metrics.METRICS[metric].grade

    best = grade(constant_answer(metric, targets, 51), targets).mean()

    assert all(grade(pa.array([value] * 51), targets).mean() >= best for value in np.linspace(0, 3, 50))
