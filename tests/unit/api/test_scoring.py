"""Scores of predictions from Python."""

import re

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import genbench
from genbench.api.scoring import Scores
from genbench.authoring.writing import write
from genbench.errors import BadPredictions, BadValue, StoreFault, UnknownName

SPLIT = "modular/addition:p=7"


def sums(data):
    return {name: [(row["a"] + row["b"]) % 7 for row in data[name]] for name in ("test", "trained")}


@pytest.fixture(scope="module")
def data():
    return genbench.load(SPLIT)


def test_the_headline_of_each_question_set_has_its_interval(data):
    scores = genbench.score(sums(data), SPLIT, name="mine", seed=3)

    assert scores.headline["question_set"].tolist() == ["test", "trained"]
    assert scores.headline["value"].tolist() == [1.0, 1.0]
    assert scores.headline["low"].between(0.8, 0.9).all()
    assert (scores.name, scores.seed, scores.metric) == ("mine", 3, "exact_match")


def test_sets_that_ask_for_generalization_come_first(toys):
    frame = pd.DataFrame(
        {
            "question_set": ["a", "b", "c"],
            "kind": ["trained", "id", "ood"],
            "axis": "",
            "slice": "",
            "metric": "exact_match",
            "value": 0.5,
            "low": 0.4,
            "high": 0.6,
            "n": 9,
        }
    )

    assert Scores("x/y", "mine", 0, "exact_match", {}, frame).headline["question_set"].tolist() == ["c", "b", "a"]


def test_slices_are_in_the_frame(data):
    frame = genbench.score(sums(data), SPLIT).frame

    assert set(frame["axis"]) == {"", "label"}
    assert (frame["low"] <= frame["value"]).all()


def test_what_is_shown_begins_with_the_headline(data):
    shown = repr(genbench.score(sums(data), "modular/addition:p=7"))

    assert re.fullmatch(
        r"predictions on modular/addition:p=7, exact_match\n  test  1.000  \(0.\d+ . 1.000\)  25 questions\n.*", shown
    )


def test_chance_is_told_where_the_card_knows_it(toys):
    scores = genbench.score([0] * 100, toys / "echo" / "small")

    assert "chance 0.010" in repr(scores)
    assert "chance" not in repr(genbench.score([0] * 10, f"{toys}/echo/small:questions=10"))


def test_hostile_names_are_text_in_html(data):
    frame = genbench.score(sums(data), SPLIT).frame.assign(slice="<script>slice</script>")
    evil = Scores("<script>split</script>", "<script>name</script>", 0, "exact_match", {}, frame)

    assert "<script>" not in evil._repr_html_()
    assert evil._repr_html_().count("&lt;script&gt;") >= 3


def test_rows_are_added_to_results_and_never_ranked(data, tmp_path):
    genbench.score(sums(data), SPLIT, name="mine", seed=2, out=tmp_path)

    rows = genbench.results(tmp_path)
    assert rows.cells[["submission", "seed", "sealing", "detail"]].to_dict("records") == [
        {"submission": "mine", "seed": 2, "sealing": "none", "detail": "predictions from Python"}
    ]
    assert rows.standings()["rank"].isna().all()
    assert rows.predictions()["correct"].all()


def test_the_same_predictions_are_one_cell_in_whichever_form(data, tmp_path):
    answers = sums(data)
    by_id = {
        row: answer for name in answers for row, answer in zip(data[name]["question_id"], answers[name], strict=True)
    }
    frame = pd.DataFrame({"question_id": by_id.keys(), "prediction": by_id.values()})
    for form in (answers, by_id, frame):
        genbench.score(form, SPLIT, out=tmp_path)

    assert len(genbench.results(tmp_path).cells) == 1


def test_a_file_is_called_by_its_name_as_on_the_command_line(data, tmp_path):
    answers = sums(data)
    ids = [*data["test"]["question_id"], *data["trained"]["question_id"]]
    frame = pd.DataFrame({"question_id": ids, "prediction": answers["test"] + answers["trained"]})
    frame.to_parquet(tmp_path / "big-model.parquet")

    scores = genbench.score(tmp_path / "big-model.parquet", SPLIT, out=tmp_path / "kept")

    assert scores.name == "big-model"
    assert genbench.results(tmp_path / "kept").cells["detail"].tolist() == ["predictions file big-model.parquet"]
    assert pq.read_table(tmp_path / "big-model.parquet").num_rows == 49


@pytest.mark.parametrize("file", ["mine.jsonl", "mine.jsonl.gz", "mine.csv.zst", "mine.parquet"])
def test_a_name_from_a_file_is_without_what_says_its_form(data, tmp_path, file):
    answers = sums(data)
    ids = [*data["test"]["question_id"], *data["trained"]["question_id"]]
    write(tmp_path / file, pa.table({"question_id": ids, "prediction": answers["test"] + answers["trained"]}))

    assert genbench.score(tmp_path / file, SPLIT).name == "mine"


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_scored(data, tmp_path):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(StoreFault, match="cannot be written"):
        genbench.score("nowhere.parquet", SPLIT, out=tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"split": "modular/adition"}, UnknownName, "did you mean 'modular/addition'"),
        ({"split": "modular/*"}, BadValue, "names 17 splits"),
        ({"seed": -1}, BadValue, "^seed is -1; it must be a whole number from 0 on$"),
        ({"name": "a/b"}, BadValue, "^'a/b' is no name for results"),
        ({"predictions": "nowhere.parquet"}, BadPredictions, "^nowhere.parquet: there is no such file$"),
        ({"predictions": [1, 2]}, BadPredictions, "^predictions: 2 answers for 49 questions, 25 of test and 24 of"),
    ],
)
def test_arguments_that_are_wrong_are_one_clear_error(data, change, error, said):
    arguments = {"predictions": sums(data), "split": SPLIT} | change

    with pytest.raises(error, match=said):
        genbench.score(arguments.pop("predictions"), **arguments)
