"""Predictions made elsewhere: files in the forms that people's tools write."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench import registry
from genbench.authoring import exchange
from genbench.errors import BadPredictions, BadValue, StoreFault

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def echo():
    """The toy split."""
    (chosen,) = registry.choose_splits([f"{TOYS}/echo/small"], registry.Catalogue())
    return chosen


@pytest.fixture
def path(tmp_path):
    """Gives `path(array)`: a Parquet file of predictions, without a note of the types it was written from."""

    def write(predictions, ids=None):
        ids = pa.array(range(len(predictions))) if ids is None else ids
        file = tmp_path / "mine.parquet"
        pq.write_table(pa.table({"prediction": predictions, "question_id": ids}), file, store_schema=False)
        return file

    return write


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pa.array([1, 2], pa.int8()), "int64"),
        (pa.array([1, 2], pa.uint32()), "int64"),
        (pa.array(["a", "b"], pa.large_string()), "string"),
        (pa.array(["a", "b"]).dictionary_encode(), "string"),
        (pa.array([["a"], []]), "list<string>"),
        (pa.array([["a"], []], pa.large_list(pa.large_string())), "list<string>"),
        (pa.array([[1], []], pa.list_(pa.int32())), "list<int64>"),
        (pa.array([[1], [2]], pa.list_(pa.int64(), 1)), "list<int64>"),
        (pa.array([0.5, 1.0], pa.float32()), "float64"),
        (pa.array([1, 2]), "float64"),
        (pa.array([True, False]), "bool"),
    ],
)
def test_types_that_say_the_same_are_taken(path, given, kind):
    from genbench.authoring.exchange import _answers_in

    found = _answers_in(path(given), kind)

    assert found.column_names == ["question_id", "prediction"]
    assert found.column("prediction").to_pylist() == given.to_pylist()
    assert str(found.column("prediction").type) == kind.replace("list<", "list<item: ").replace("float64", "double")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pa.array([1.0]), "int64"),
        (pa.array([True]), "int64"),
        (pa.array([1]), "bool"),
        (pa.array([1]), "string"),
        (pa.array([b"a"]), "string"),
        (pa.array([[1.0]]), "list<int64>"),
        (pa.array([["a"]]), "string"),
        (pa.array([["a"]]), "list<int64>"),
        (pa.array([None]), "string"),
    ],
)
def test_types_that_say_something_else_are_refused(path, given, kind):
    from genbench.authoring.exchange import _answers_in

    with pytest.raises(BadPredictions, match=f"prediction is of type .*; the target is of type {re.escape(kind)}$"):
        _answers_in(path(given), kind)


def test_a_file_below_a_folder_named_like_a_partition_is_read_as_it_is(path, tmp_path, echo):
    folder = tmp_path / "task=echo"
    folder.mkdir()

    scored = exchange.score(path(pa.array(range(100))).rename(folder / "mine.parquet"), echo, "mine", 0)

    assert scored.rows["cells"][0]["status"] == "ok"


def test_the_same_file_is_the_same_cell_and_another_name_or_seed_another(path, echo):
    file = path(pa.array(range(100)))

    keys = [exchange.score(file, echo, name, seed).key for name, seed in (("a", 0), ("a", 0), ("b", 0), ("a", 1))]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_scores_say_how_far_off_the_answers_are(path, echo):
    (whole, even, odd) = exchange.score(path(pa.array([0] * 100)), echo, "zeros", 0).scores

    assert (whole["value"], whole["n"]) == (0.01, 100)
    assert (even["axis"], even["slice"], even["value"]) == ("parity", "even", 0.02)
    assert (odd["axis"], odd["slice"], odd["value"]) == ("parity", "odd", 0.0)


def test_exported_ids_are_those_that_score_asks_for(tmp_path, echo):
    files = exchange.export(echo, tmp_path / "data", "parquet", with_targets=True)

    asked = pq.read_table(files[1])
    pq.write_table(asked.select(["question_id", "again"]).rename_columns(["question_id", "prediction"]), tmp_path / "p")
    assert exchange.score(tmp_path / "p", echo, "mine", 0).scores[0]["value"] == 1.0


def test_an_export_that_fails_leaves_no_half_written_file_under_a_final_name(tmp_path, echo, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)

    with pytest.raises(StoreFault, match="data cannot be written: No space left on device$"):
        exchange.export(echo, tmp_path / "data", "parquet", with_targets=False)
    assert list((tmp_path / "data").glob("*.parquet")) == []


def test_pictures_are_not_written_as_json(tmp_path, echo):
    from dataclasses import replace

    drawn = replace(echo, task=replace(echo.task, inputs={"number": "image"}))

    with pytest.raises(BadValue, match="^echo has images, which JSON cannot hold; --format parquet can$"):
        exchange.export(drawn, tmp_path / "data", "jsonl", with_targets=False)
