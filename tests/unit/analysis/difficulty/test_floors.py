"""What no learning scores."""

from pathlib import Path

import pytest

from genbench import cards, registry
from genbench.evaluation import plan, run

TASKS = Path(__file__).parents[4] / "tasks"
MODULAR = cards.read(TASKS / "modular", "task")


def test_the_nearest_input_answers_and_the_first_among_equals(table, measured):
    train = table(("a b c", "first"), ("a b d", "second"), ("x y", "third"))
    asked = table(("a b", "first"), ("a b e", "first"), ("x y z", "third"), ("q x y", "second"))

    found = measured(train, asked)

    assert found["nearest"] == 0.75
    assert found["majority"] == 0.5


def test_of_equal_inputs_with_different_answers_the_first_answers(table, measured):
    found = measured(table(("a b", "first"), ("a b", "second"), ("x", "second")), table(("a b c", "first")))

    assert found["nearest"] == 1.0


def test_floors_are_what_the_baselines_score(measured_split, tmp_path):
    from genbench.evaluation.executors.here import Here
    from genbench.rows.store import Store

    found = registry.catalogue()
    splits = registry.choose_splits(["modular/addition"], found)
    planned = plan.plan(splits, registry.choose_submissions(["majority", "nearest"], found), 1, "quick", "cpu")
    list(run.run(planned, Here(), Store(str(tmp_path))))

    measures = measured_split("modular/addition")

    for row in Store(str(tmp_path)).read("scores").table.to_pylist():
        if row["metric"] == MODULAR.metrics[0] and not row["axis"]:
            assert measures[row["question_set"], row["submission"]] == pytest.approx(row["value"])
