"""Difficulty kept in files."""

from dataclasses import replace
from pathlib import Path

import pytest

from genbench import cards
from genbench.analysis import difficulty
from genbench.data.problem import Data
from genbench.errors import StoreFault

TASKS = Path(__file__).parents[4] / "tasks"
SCAN = cards.read(TASKS / "scan", "task")
TEXT = replace(SCAN, compounds="")  # the same columns, and no parses
SPLIT = SCAN.splits["length"]


def test_rows_are_kept_and_read_back_by_task_and_split(table, tmp_path):
    rows = difficulty.measure(TEXT, SPLIT, "length", Data(table(("a", "x")), {"test": table(("b", "x"))}), "sha256:0")
    path = difficulty.path_of(str(tmp_path), "scan", "length")

    difficulty.write(rows, path)

    assert difficulty.read(path).equals(rows)
    assert difficulty.stored(str(tmp_path)) == {("scan", "length"): rows.to_pylist()}
    assert not list(tmp_path.rglob("*.partial"))


def test_what_is_no_difficulty_is_passed_over(tmp_path):
    folder = tmp_path / "difficulty" / "task=scan"
    folder.mkdir(parents=True)
    (folder / "length.parquet").write_bytes(b"PAR1")

    assert difficulty.stored(str(tmp_path)) == {}
    assert difficulty.stored(str(tmp_path / "nowhere")) == {}
    assert difficulty.read(str(tmp_path / "nothing.parquet")) is None


def test_a_place_that_cannot_be_written_is_one_clear_error(table, tmp_path):
    (tmp_path / "file").write_text("")
    rows = difficulty.measure(TEXT, SPLIT, "length", Data(table(("a", "x")), {"test": table(("b", "x"))}), "sha256:0")

    with pytest.raises(StoreFault, match=r"file/difficulty/task=scan/length.parquet cannot be written"):
        difficulty.write(rows, difficulty.path_of(str(tmp_path / "file"), "scan", "length"))
