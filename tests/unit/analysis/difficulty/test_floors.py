"""What no learning scores."""

import re
from pathlib import Path

import pytest

from genbench import cards, registry
from genbench.analysis import difficulty
from genbench.evaluation import build, plan, run

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


@pytest.mark.parametrize(
    ("answer", "metrics", "direction", "majority"),
    [
        ("set", '["set_f1"]', "higher", None),
        ("ranking", '["mean_average_precision"]', "higher", None),
        ("any_of", '["exact_match"]', "higher", 1.0),  # 1 is the commonest, and divides every number
        ("any_of", '["absolute_error"]', "lower", None),
    ],
)
def test_floors_of_sets_and_of_several_right_answers_are_graded_as_answers(
    tmp_path, answer, metrics, direction, majority
):
    toy = TASKS.parent / "tests" / "toys" / "divisors"
    text = re.sub("metrics = .*", f"metrics = {metrics}\ndirection = '{direction}'", (toy / "card.toml").read_text())
    (tmp_path / "card.toml").write_text(text.replace('answer = "set"', f"answer = '{answer}'"))
    (tmp_path / "task.py").write_text((toy / "task.py").read_text())
    (chosen,) = registry.choose_splits([f"{tmp_path}/larger"], registry.Catalogue())
    data = build.load(chosen)

    rows = difficulty.measure(chosen.task, chosen.split, "larger", data, "sha256:0").to_pylist()

    found = {row["measure"]: row["value"] for row in rows}
    assert found["ceiling"] == (0.0 if direction == "lower" else 1.0)
    assert found["majority"] == majority if majority else found["majority"] != found["ceiling"]
