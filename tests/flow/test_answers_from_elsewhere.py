"""Questions go out, answers come back: exports, scores of predictions files, and stored answers scored again."""

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from genbench import cards, registry
from genbench.rows.schema import TABLES
from genbench.rows.store import Store


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_an_export_has_ids_and_inputs_and_no_targets(genbench, toys, tmp_path, form):
    code, shown, _ = genbench("data", "export", f"{toys}/echo", "--out", "data", "--format", form)

    assert code == 0
    assert shown.splitlines() == [f"data/train.{form}", f"data/test.{form}", "data/split.json"]
    train, test = read(tmp_path / "data" / f"train.{form}"), read(tmp_path / "data" / f"test.{form}")
    assert train[0] == {"number": -50, "again": -50}
    assert {tuple(row) for row in test} == {("question_id", "number")}
    assert sorted(row["number"] for row in test) == list(range(100))


def read(path):
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    return pq.read_table(path).to_pylist()


@pytest.fixture
def answers(genbench, toys, tmp_path):
    """The exported questions with their targets, which are the right answers."""
    code, _, said = genbench("data", "export", f"{toys}/echo", "--out", "data", "--with-targets")
    assert code == 0
    assert said == "these question files hold the targets: keep them away from training and model selection\n"
    return pq.read_table(tmp_path / "data" / "test.parquet")


def test_exported_targets_given_back_as_predictions_score_one(genbench, toys, tmp_path, answers):
    assert answers.column_names == ["question_id", "number", "again", "parity"]
    predictions = answers.select(["question_id", "again"]).rename_columns(["question_id", "prediction"])
    pq.write_table(predictions.slice(50).cast(predictions.schema), tmp_path / "half.parquet")
    pq.write_table(predictions, tmp_path / "whole.parquet")

    whole = genbench("score", "whole.parquet", "--task", f"{toys}/echo", "--out", "results")
    half = genbench("score", "half.parquet", "--task", f"{toys}/echo")

    assert whole[0] == 0
    lines = [line.split() for line in whole[1].splitlines()]
    assert lines[0] == ["echo/small", "exact_match,", "higher", "is", "better"]
    assert lines[2] == ["test", "ood", "1.0000", "0.9630", "\N{EN DASH}", "1.0000", "0.01", "100"]
    assert ["test", "ood", "parity", "even", "exact_match", "1.0000", "0.9286", "\N{EN DASH}", "1.0000", "50"] in lines
    assert half == (2, "", "error: half.parquet: 50 of 100 questions have no answer, the first 0\n")
    (row,) = Store("results").read("cells").table.to_pylist()
    assert (row["submission"], row["sealing"], row["device"]) == ("whole", "none", "elsewhere")


def spoilt(ids=range(100), predictions=range(100), **columns):
    return pa.table({"question_id": ids, "prediction": predictions, **columns})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            pa.table({"id": [1], "answer": [2]}),
            "columns are ['id', 'answer']; they must be ['question_id', 'prediction']",
        ),
        (spoilt(extra=range(100)), "columns are ['question_id', 'prediction', 'extra']; they must be ['question_id', "),
        (spoilt(ids=[7, *range(99)]), "question 7 is answered 2 times"),
        (spoilt(ids=[100, *range(99)]), "1 answers have an unknown question_id, the first 100"),
        (spoilt(ids=map(str, range(100))), "question_id is of type string; it must be int64"),
        (spoilt(ids=pa.array([2**63, *range(99)], pa.uint64())), "Integer value 9223372036854775808 not in range: "),
        (spoilt(ids=[None, *range(99)]), "1 answers have no question_id"),
        (spoilt(predictions=map(float, range(100))), "prediction is of type double; the target is of type int64"),
        (spoilt(predictions=[float("nan")] * 100), "prediction is of type double; the target is of type int64"),
        (spoilt(predictions=map(str, range(100))), "prediction is of type string; the target is of type int64"),
        (spoilt(predictions=[None, *range(99)]), "1 predictions are null"),
        (spoilt(predictions=pa.array([2**63] * 100, pa.uint64())), "Integer value 9223372036854775808 not in range: "),
        (spoilt().slice(0, 0), "100 of 100 questions have no answer, the first 0"),
    ],
)
def test_predictions_that_do_not_answer_the_questions_are_refused(genbench, toys, tmp_path, table, message):
    pq.write_table(table, tmp_path / "mine.parquet")

    code, shown, said = genbench("score", "mine.parquet", "--task", f"{toys}/echo", "--out", "results")

    assert (code, shown) == (2, "")
    assert said.startswith(f"error: mine.parquet: {message}")
    assert len(said.splitlines()) == 1
    assert list((tmp_path / "results").iterdir()) == []


@pytest.mark.parametrize("name", ["../up", "a/b", "mlp@decay5", "a:b=1", " ", ".hidden"])
def test_a_name_that_no_folder_of_results_can_have_is_refused(genbench, toys, tmp_path, name):
    pq.write_table(spoilt(), tmp_path / "mine.parquet")

    code, _, said = genbench("score", "mine.parquet", "--task", f"{toys}/echo", "--name", name, "--out", "results")

    assert code == 2
    assert said.startswith(f"error: {name!r} is no name for results; ")


@pytest.fixture
def known_toys(monkeypatch, toys):
    """The toy task as one of the catalogue's, for verbs that find tasks by the names in rows."""
    found = registry.Catalogue(tasks={"echo": cards.read(toys / "echo", "task")})
    monkeypatch.setattr(registry, "catalogue", lambda: found)


@pytest.mark.usefixtures("known_toys")
def test_rescore_restores_scores_that_were_altered(genbench, results):
    store = Store(results)
    (cell,) = store.read("cells").table.filter(pc.field("status") == "ok").to_pylist()
    before = {name: store.read(name).table for name in ("scores", "predictions")}
    for name, column, wrong in (("scores", "value", 0.5), ("predictions", "correct", False)):
        place = before[name].column_names.index(column)
        altered = before[name].set_column(place, column, pa.array([wrong] * before[name].num_rows))
        store.replace(name, "echo", "idle", cell["cell"], altered.cast(TABLES[name]))
        assert store.read(name).table != before[name]

    code, shown, said = genbench("rescore", results)

    assert (code, shown, said) == (0, f"1 cells scored again in {results}, 1 of them otherwise than before\n", "")
    assert {name: store.read(name).table for name in before} == before


def test_rescore_keeps_slices_in_the_order_of_their_numbers(genbench):
    genbench(
        "evaluate", "chance", "--task", "sorting/up_to_10:rows=50,questions=60", "--executor", "here", "--out", "rows"
    )
    before = Store("rows").read("scores").table

    code, _, said = genbench("rescore", "rows")

    assert (code, said) == (0, "")
    lengths = [row["slice"] for row in before.to_pylist() if row["axis"] == "length" and row["metric"] == "exact_match"]
    assert lengths == sorted(lengths, key=int) != sorted(lengths)
    assert Store("rows").read("scores").table == before


def test_rescore_leaves_what_it_does_not_know_and_names_it(genbench, results):
    before = Store(results).read("scores").table

    code, shown, said = genbench("rescore", results)

    assert code == 2
    assert shown == f"0 cells scored again in {results}, 1 left as they were\n"
    assert said == ("left as it was: echo/small idle: the task is not known here; its scores were left as they were\n")
    assert Store(results).read("scores").table == before


@pytest.mark.usefixtures("known_toys")
def test_rescore_names_a_cell_whose_predictions_are_cut_off(genbench, results, tmp_path):
    (path,) = (tmp_path / results / "predictions").rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:-10])

    code, _, said = genbench("rescore", results)

    assert code == 2
    assert said.startswith("left as it was: echo/small idle: ")
    assert path.name in said
