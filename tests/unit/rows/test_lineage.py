"""Lineage: a cell under a new name is the same cell, and is there at any time."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from genbench.errors import StoreFault
from genbench.rows import lineage
from genbench.rows.lineage import Stamp
from genbench.rows.schema import CELLS, TIMINGS
from genbench.rows.store import Store

COLUMNS = {
    "task_fingerprint": "sha256:new task",
    "submission_fingerprint": "sha256:new code",
    "edition": 1,
    "task_params": "{}",
    "submission_params": '{"more": 1}',
}
STAMP = Stamp("new", COLUMNS, {"proof": "answers", "proved_by": ["new"], "carried": "2026-01-01"})


def a_row(schema, key, **changed):
    filled = {
        field.name: 1.0 if field.type == pa.float64() else 1 if field.type == pa.int64() else "text" for field in schema
    }
    own = {"cell": key, "task": "toy", "submission": "mlp@x:steps=3", "started": datetime(2026, 1, 1, tzinfo=UTC)}
    return {**filled, **own, "versions": '{"python": "3.11.7"}', **changed}


@pytest.fixture
def store(tmp_path):
    """Results with one cell, and timings of it."""
    found = Store(str(tmp_path))
    cell = a_row(CELLS, "old", lineage="[]", status="ok")
    found.append("toy", "mlp", "old", {"cells": [cell], "timings": [a_row(TIMINGS, "old")]})
    return found


def test_a_cell_under_a_new_name_keeps_its_row_and_what_it_gave_up(store):
    (before,) = store.read("cells").table.to_pylist()

    lineage.carry(store, "toy", "mlp", "old", STAMP)

    (row,) = store.read("cells").table.to_pylist()
    (entry,) = lineage.lineage_of(row)
    assert {**row, "lineage": ""} == {**before, **COLUMNS, "cell": "new", "lineage": ""}
    assert entry == {
        **{name: before[name] for name in ("cell", *COLUMNS)},
        "versions": {"python": "3.11.7"},
        **STAMP.proof,
    }


def test_timings_go_with_the_cell_and_nothing_stays_under_the_old_name(store):
    lineage.carry(store, "toy", "mlp", "old", STAMP)

    assert [row["cell"] for row in store.read("timings").table.to_pylist()] == ["new"]
    assert not any(path.endswith("old.parquet") for name in ("cells", "timings") for path in store.files(name))


def test_a_cell_that_is_carried_twice_has_both_names_in_its_lineage(store):
    lineage.carry(store, "toy", "mlp", "old", STAMP)
    lineage.carry(store, "toy", "mlp", "new", Stamp("newest", {**COLUMNS, "edition": 2}, STAMP.proof))

    (row,) = store.read("cells").table.to_pylist()

    assert [(entry["cell"], entry["edition"]) for entry in lineage.lineage_of(row)] == [("old", 1), ("new", 1)]
    assert lineage.former([row]) == {"old", "new"}


def test_what_an_interruption_left_under_an_old_name_is_removed(store):
    old = store.read("cells").table.to_pylist()
    lineage.carry(store, "toy", "mlp", "old", STAMP)
    store.append("toy", "mlp", "old", {"cells": old})

    lineage.finish(store, store.read("cells").table.to_pylist())

    assert [row["cell"] for row in store.read("cells").table.to_pylist()] == ["new"]


def test_a_file_that_cannot_be_read_leaves_the_cell_as_it_was(store):
    path = store.path("timings", "toy", "mlp", "old")
    Path(path).write_bytes(b"half")

    with pytest.raises(StoreFault, match="old.parquet"):
        lineage.carry(store, "toy", "mlp", "old", STAMP)

    assert [row["cell"] for row in store.read("cells").table.to_pylist()] == ["old"]


@pytest.mark.parametrize("text", ["?", "{}", "[3]", '[{"edition": 1}]'])
def test_a_lineage_that_is_none_is_one_error(text):
    with pytest.raises(StoreFault) as caught:
        lineage.lineage_of({"cell": "x", "lineage": text})

    assert str(caught.value) == f"cell x: its lineage is {text!r}; it must be a JSON list of objects"


def test_the_cards_name_is_read_of_any_label():
    assert [lineage.card_name(label) for label in ("mlp", "mlp@x", "mlp:a=1", "mlp@x:a=1")] == ["mlp"] * 4
