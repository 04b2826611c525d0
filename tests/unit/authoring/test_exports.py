"""A split as files."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from genbench import registry
from genbench.authoring.exports import export
from genbench.authoring.predictions import score
from genbench.errors import BadValue, StoreFault

TOYS = Path(__file__).parents[2] / "toys"


def test_exported_ids_are_those_that_score_asks_for(tmp_path, echo):
    files = export(echo, tmp_path / "data", "parquet", with_targets=True)

    asked = pq.read_table(files[1])
    pq.write_table(asked.select(["question_id", "again"]).rename_columns(["question_id", "prediction"]), tmp_path / "p")
    assert score(tmp_path / "p", echo, "mine", 0).scores[0]["value"] == 1.0


def test_an_export_that_fails_leaves_no_half_written_file_under_a_final_name(tmp_path, echo, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)

    with pytest.raises(StoreFault, match="data cannot be written: No space left on device$"):
        export(echo, tmp_path / "data", "parquet", with_targets=False)
    assert list((tmp_path / "data").glob("*.parquet")) == []


def test_a_folder_that_holds_another_split_is_refused_before_anything_is_written(tmp_path, echo):
    (plane,) = registry.choose_splits([f"{TOYS}/plane"], registry.Catalogue())
    export(plane, tmp_path, "parquet", with_targets=False)
    there = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(StoreFault, match=f"{tmp_path} holds plane/.*, and echo/small would lie among its files"):
        export(echo, tmp_path, "parquet", with_targets=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == there


@pytest.mark.parametrize(
    ("toy", "training", "columns"),
    [
        ("beside", {"train": 8, "validation": 4, "auxiliary-unlabelled": 20, "auxiliary-order": 3}, "word label place"),
        ("seasons", {"train": 18, "validation": 6}, "number label stage"),
    ],
)
def test_what_is_taught_is_exported_whole_and_told(tmp_path, toy, training, columns):
    (chosen,) = registry.choose_splits([f"{TOYS}/{toy}"], registry.Catalogue())

    files = export(chosen, tmp_path, "parquet", with_targets=False)

    told = json.loads((tmp_path / "split.json").read_text())
    split = chosen.split
    assert told["training"] == training
    assert {path.stem for path in files} == {*told["training"], *told["questions"], "split"}
    assert set(pq.read_schema(tmp_path / "train.parquet").names) == set(columns.split())
    assert (told["fingerprint"], told["stream"], told["answer"]) == (
        split.fingerprint,
        split.stream,
        chosen.task.answer,
    )
    assert told["questions"]["test"]["chance"] == split.chance


def test_pictures_are_not_written_as_json(tmp_path, echo):
    drawn = replace(echo, task=replace(echo.task, inputs={"number": "image"}))

    (beside,) = registry.choose_splits([f"{TOYS}/beside"], registry.Catalogue())
    held = replace(beside.split.auxiliary["order"], columns={"letter": "image"})
    drawn_beside = replace(beside, split=replace(beside.split, auxiliary={"order": held}))

    for one in (drawn, drawn_beside):
        with pytest.raises(
            BadValue, match=f"^{one.task.name} has images, which JSON cannot hold; --format parquet can$"
        ):
            export(one, tmp_path / "data", "jsonl", with_targets=False)
