"""A split as files."""

from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from genbench.authoring.exports import export
from genbench.authoring.predictions import score
from genbench.errors import BadValue, StoreFault


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


def test_pictures_are_not_written_as_json(tmp_path, echo):
    drawn = replace(echo, task=replace(echo.task, inputs={"number": "image"}))

    with pytest.raises(BadValue, match="^echo has images, which JSON cannot hold; --format parquet can$"):
        export(drawn, tmp_path / "data", "jsonl", with_targets=False)
