"""Marks of a split: as they were written, and of older cells as their answers and targets make them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench.analysis.marks import of_split
from genbench.authoring.predictions import score
from genbench.errors import StoreFault
from genbench.registry import Catalogue, choose_splits
from genbench.rows import marks as kept
from genbench.rows.questions import questions_of
from genbench.rows.schema import MARKS, PREDICTIONS
from genbench.rows.store import Store

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def cell(tmp_path):
    """Gives `cell(toy, answers, *without)`: a store with these answers scored, less some tables; the split."""

    def make(toy, answers, *without):
        (chosen,) = choose_splits([f"{TOYS}/{toy}"], Catalogue())
        file = tmp_path / "answers.parquet"
        pa.parquet.write_table(pa.table({"question_id": pa.array(range(len(answers))), "prediction": answers}), file)
        scored = score(file, chosen, "mine", 0)
        store = Store(str(tmp_path / f"rows{len(without)}"))
        store.prepare()
        rows = {name: table for name, table in scored.rows.items() if name not in without}
        store.append(chosen.task.name, "mine", scored.key, rows)
        return store, chosen

    return make


TOYS_ANSWERED = {
    "echo/small": pa.array([0] * 100),
    "plane": pa.array(np.linspace(0, 1, 400)),
    "divisors": pa.array([[at % 9, 1, 1] for at in range(200)]),
}


@pytest.mark.parametrize("toy", TOYS_ANSWERED)
def test_marks_of_an_older_cell_are_those_that_are_written_today(cell, toy):
    now, chosen = cell(toy, TOYS_ANSWERED[toy])
    older, _ = cell(toy, TOYS_ANSWERED[toy], "marks")
    task, split = chosen.task.name, chosen.label

    written = kept.of_split(now, task, split)
    for metric in {one.metric for one in written}:
        made = of_split(older, task, split, metric=metric, cards={task: chosen.task})
        for one, again in zip((one for one in written if one.metric == metric), made, strict=True):
            assert (again.cell, again.question_set, again.order) == (one.cell, one.question_set, one.order)
            assert np.array_equal(again.values, one.values)
    assert kept.of_split(older, task, split) == []


def test_the_mean_of_marks_is_the_score(cell):
    store, chosen = cell("divisors", TOYS_ANSWERED["divisors"])
    rows = store.read("scores").table.to_pylist()
    values = {(row["question_set"], row["metric"]): row["value"] for row in rows if not row["axis"]}

    found = of_split(store, chosen.task.name, chosen.label)

    assert found
    assert {(one.question_set, one.metric): float(np.mean(one.values)) for one in found}.items() <= values.items()


def test_without_its_card_an_older_cell_has_the_marks_that_its_row_says(cell):
    store, chosen = cell("echo/small", TOYS_ANSWERED["echo/small"], "marks")

    bare = of_split(store, chosen.task.name, chosen.label, cards={})
    known = of_split(store, chosen.task.name, chosen.label, cards={chosen.task.name: chosen.task})

    assert bare
    assert [one.values.tolist() for one in bare] == [one.values.tolist() for one in known]


def test_marks_that_are_not_what_their_row_says_are_made_anew_and_told_of(cell):
    store, chosen = cell("echo/small", TOYS_ANSWERED["echo/small"])
    task, split = chosen.task.name, chosen.label
    before, lines = of_split(store, task, split), []
    (row,) = store.read("cells").table.to_pylist()
    table = store.read("marks").table
    fewer = pa.array([count - 50 for count in table["n"].to_pylist()], pa.int64())
    broken = table.set_column(table.column_names.index("n"), MARKS.field("n"), fewer).cast(MARKS)
    store.replace("marks", task, "mine", row["cell"], broken)

    found = of_split(store, task, split, metric="exact_match", cards={task: chosen.task}, tell=lines.append)

    (line,) = lines
    assert line.startswith(
        f"marks are made anew of answers and targets: cell {row['cell']}, test, exact_match: 13 bytes"
    )
    assert [one.values.tolist() for one in found] == [one.values.tolist() for one in before]
    with pytest.raises(StoreFault, match="50 questions have 7"):
        kept.of_split(store, task, split)


def test_answers_that_cannot_be_graded_again_are_named(cell):
    store, chosen = cell("plane", TOYS_ANSWERED["plane"], "marks")
    (row,) = store.read("cells").table.to_pylist()
    table = store.read("predictions").table
    texts = pa.chunked_array([["up"] * len(table)])
    store.replace(
        "predictions", "plane", "mine", row["cell"], table.set_column(3, "prediction", texts).cast(PREDICTIONS)
    )
    lines = []

    found = of_split(store, "plane", chosen.label, cards={"plane": chosen.task}, tell=lines.append)

    assert found == []
    assert [line.partition(": ")[0] for line in lines] == [f"cell {row['cell']} of plane/{chosen.label} has no marks"]


def test_questions_have_ids_targets_and_slices_in_the_order_of_marks(cell):
    store, chosen = cell("echo/small", TOYS_ANSWERED["echo/small"])
    (row,) = store.read("cells").table.to_pylist()
    predictions = store.read("predictions").table.sort_by("question_id").to_pylist()

    found = questions_of(store, "echo", chosen.label, row["data_fingerprint"])

    for one in of_split(store, "echo", chosen.label):
        asked = found[one.question_set]
        own = [line for line in predictions if line["question_set"] == one.question_set]
        assert asked.order == one.order
        assert asked.ids.tolist() == [line["question_id"] for line in own]
        assert asked.targets.to_pylist() == [line["target"] for line in own]
        assert {axis: values.to_pylist() for axis, values in asked.slices.items()} == {
            axis: [dict(line["slices"]).get(axis) for line in own] for axis in asked.slices
        }
