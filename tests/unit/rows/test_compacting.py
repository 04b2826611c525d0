"""Compaction changes no number and loses no row, whatever happens on the way."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from genbench.errors import StoreFault
from genbench.rows import files, lineage
from genbench.rows.compacting import compact
from genbench.rows.lineage import Stamp
from genbench.rows.marks import of_split, row_of
from genbench.rows.schema import CELLS, PREDICTIONS, TABLES
from genbench.rows.store import OF_CELL, Store


def tables(key, submission="mlp@x", split="small", value=0.5, status="ok", started=1, log="printed", year=2026):
    """The rows of a small cell; one that failed has only its row in CELLS."""
    who = {"cell": key, "task": "toy", "split": split, "submission": submission, "profile": "full", "seed": 0}
    plain = {pa.float64(): 1.5, pa.int64(): 1, pa.string(): "text"}
    cell = {field.name: who.get(field.name, plain.get(field.type)) for field in CELLS}
    cell |= {"status": status, "started": datetime(year, 1, started, tzinfo=UTC), "log": log, "lineage": "[]"}
    if status != "ok":
        return {"cells": [cell]}
    part = {"question_set": "test", "kind": "ood", "axis": "", "slice": "", "metric": "exact_match"}
    answers = [
        {
            "cell": key,
            "question_set": "test",
            "question_id": place,
            "prediction": answer,
            "target": "a",
            "correct": answer == "a",
            "slices": [("length", str(place))],
        }
        for place, answer in enumerate(("a", key))
    ]
    return {
        "cells": [cell],
        "scores": [{**who, **part, "value": value, "n": 2, "error": None}],
        "predictions": pa.Table.from_pylist(answers, PREDICTIONS),
        "curves": [{**who, **part, "step": 1, "fit_seconds": 0.1, "value": value, "n": 2}],
    }


def put(store, key, submission="mlp@x", **changed):
    store.append("toy", submission.partition("@")[0], key, tables(key, submission, **changed))


def contents(place, but=("marks",)):
    """Every table as a fresh reader finds it, and what it skips."""
    store = Store(str(place))
    found = {name: store.read(name) for name in TABLES if name not in but}
    return {name: (one.table.to_pylist(), one.skipped) for name, one in found.items()}


def small_files(place):
    return [path for name in OF_CELL for path in (place / name).rglob("*.parquet")]


def compacted(place, marks_of=lambda *_: []):
    return {(one.task, one.split): one for one in compact(Store(str(place)), marks_of)}


@pytest.fixture
def place(tmp_path):
    """Results of two splits: cells of two submissions, one of which failed."""
    store = Store(str(tmp_path / "rows"))
    put(store, "b")
    put(store, "a", "transformer")
    put(store, "c", status="timeout")
    put(store, "d", split="other:share=0.5", value=0.25)
    return tmp_path / "rows"


def test_compacted_rows_are_read_as_before_and_in_the_same_order(place):
    before = contents(place)

    done = compacted(place)

    assert {split: (one.status, one.cells) for split, one in done.items()} == {
        ("toy", "small"): ("compacted", 3),
        ("toy", "other"): ("compacted", 1),
    }
    assert small_files(place) == []
    assert contents(place) == before


def test_single_cells_columns_and_statuses_are_read_from_a_segment(place):
    before = {
        name: Store(str(place)).read_cell(name, "toy", "mlp", "b").to_pylist() for name in OF_CELL if name != "marks"
    }
    compacted(place)
    store = Store(str(place))

    assert {name: store.read_cell(name, "toy", "mlp", "b").to_pylist() for name in before} == before
    assert store.read_cell("scores", "toy", "mlp", "c") is None
    assert store.read("cells", ["log", "cell"], cells={"b"}).table.to_pylist() == [{"log": "printed", "cell": "b"}]
    assert store.read("predictions", ["prediction"], cells={"d", "b"}).table.num_rows == 4
    assert [store.finished("toy", base, key) for base, key in (("mlp", "b"), ("mlp", "c"), ("mlp", "x"))] == [
        True,
        False,
        False,
    ]
    assert [store.status("toy", "mlp", key) for key in ("b", "c", "x")] == ["ok", "timeout", None]
    assert (store.keys("toy", "small"), store.keys("toy", "other:share=0.5")) == ({"a", "b", "c"}, {"d"})


def test_the_file_of_a_row_is_told_before_and_after(place):
    before = Store(str(place)).places()
    compacted(place)

    after = Store(str(place)).places()

    assert before.keys() == after.keys() == {row["cell"] for row in contents(place)["cells"][0]}
    assert before["a"] == "cells/task=toy/submission=transformer/a.parquet"
    assert after["a"].startswith("compact/task=toy/small/")
    assert all((place / path).is_file() for path in after.values())


def test_all_parameters_of_a_split_lie_together(place):
    put(Store(str(place)), "e", split="other:share=0.25")
    before = contents(place)

    assert compacted(place)["toy", "other"].cells == 2

    assert contents(place) == before
    assert Store(str(place)).keys("toy", "other:share=0.25") == {"e"}


def test_a_second_compaction_has_nothing_to_do_and_a_third_takes_in_what_is_new(place):
    compacted(place)
    assert {one.status for one in compacted(place).values()} == {"as it was"}
    put(Store(str(place)), "e")
    before = contents(place)

    done = compacted(place)["toy", "small"]

    assert (done.status, done.cells, done.again) == ("compacted", 4, 0)
    assert small_files(place) == []
    assert contents(place) == before
    assert len(list((place / "compact").rglob("manifest.json"))) == 2


@pytest.mark.parametrize("started", [2, 1], ids=["later", "by a clock that is behind"])
def test_a_cell_that_is_run_again_counts_in_place_of_its_compacted_rows(place, started):
    put(Store(str(place)), "b", started=2)
    compacted(place)
    put(Store(str(place)), "b", value=0.75, started=started)

    def value():
        store = Store(str(place))
        return [row["value"] for row in store.read("scores", cells={"b"}).table.to_pylist()]

    assert value() == [0.75]
    assert compacted(place)["toy", "small"].again == 1
    assert value() == [0.75]


def test_a_rerun_that_failed_has_none_of_the_compacted_scores(place):
    compacted(place)

    put(Store(str(place)), "b", status="error")

    store = Store(str(place))
    assert store.status("toy", "mlp", "b") == "error"
    assert store.read("scores", cells={"b"}).table.num_rows == store.read("curves", cells={"b"}).table.num_rows == 0


def test_one_table_of_a_compacted_cell_is_replaced(place):
    compacted(place)
    store = Store(str(place))
    before = contents(place)
    scores = store.read_cell("scores", "toy", "mlp", "b").cast(TABLES["scores"])
    altered = scores.set_column(scores.column_names.index("value"), TABLES["scores"].field("value"), pa.array([0.125]))

    store.replace("scores", "toy", "mlp", "b", altered)

    after = contents(place)
    assert [row["value"] for row in after["scores"][0] if row["cell"] == "b"] == [0.125]
    assert {name: rows for name, rows in after.items() if name != "scores"} == {
        name: rows for name, rows in before.items() if name != "scores"
    }


def test_a_removed_cell_stays_gone_and_a_carried_one_bears_its_new_name(place):
    compacted(place)
    store = Store(str(place))
    versions = json.dumps({"python": "3.11"})
    cells = store.read_cell("cells", "toy", "mlp", "b").to_pylist()
    store.append("toy", "mlp", "b", tables("b") | {"cells": [{**cells[0], "versions": versions}]})
    compacted(place)
    store = Store(str(place))

    store.remove("toy", "transformer", "a")
    lineage.carry(store, "toy", "mlp", "b", Stamp("new", {"edition": 2}, {"proof": "answers"}))

    keys = {"c", "d", "new"}
    assert {row["cell"] for row in store.read("cells").table.to_pylist()} == keys
    assert compacted(place)["toy", "small"].cells == 2
    assert {row["cell"] for row in Store(str(place)).read("cells").table.to_pylist()} == keys
    assert not list((place / "compact").rglob("gone/*"))


class Watched:
    """A file system that calls `before(n)` before its n-th change."""

    def __init__(self, inner, before):
        self.inner, self.before, self.changes = inner, before, 0

    def __getattr__(self, name):
        found = getattr(self.inner, name)
        return self._counted(found) if name in {"mv", "rm_file", "pipe_file", "makedirs", "rmdir"} else found

    def _counted(self, call):
        def counted(*given, **options):
            self._change()
            return call(*given, **options)

        return counted

    def _change(self):
        self.changes += 1
        self.before(self.changes)

    def open(self, path, mode="rb"):
        if "w" in mode:
            self._change()
        return self.inner.open(path, mode)


@pytest.fixture
def used(tmp_path):
    """Results with a segment of two cells: one was removed, one run again; and a cell that is new."""
    store = Store(str(tmp_path / "used"))
    put(store, "a")
    put(store, "b", started=2)
    compacted(tmp_path / "used")
    put(store, "b", value=0.75)
    put(store, "c", "transformer")
    store.remove("toy", "mlp", "a")
    return tmp_path / "used"


def test_between_any_two_changes_everything_is_there(used):
    but = ("marks", "curves", "timings")
    before = contents(used, but)
    seen = []

    def look(change):
        assert contents(used, but) == before, change
        seen.append(change)

    store = Store(str(used))
    store.folder.fs = Watched(store.folder.fs, look)
    list(compact(store, lambda *_: []))

    assert len(seen) > 30
    assert contents(used, but) == before


@pytest.mark.parametrize("killed_at", [3, 12, 16, 19, 23, 29, 35])
def test_what_was_interrupted_is_ended_by_the_next(used, killed_at):
    class Killed(BaseException):
        pass

    def before(change):
        if change >= killed_at:
            raise Killed

    rows = contents(used)
    store = Store(str(used))
    store.folder.fs = Watched(store.folder.fs, before)
    with pytest.raises(Killed):
        list(compact(store, lambda *_: []))

    compacted(used)

    assert contents(used) == rows
    assert small_files(used) == []
    assert len(list((used / "compact").rglob("manifest.json"))) == 1


def segment(place, split="small"):
    (found,) = (place / "compact" / "task=toy" / split).iterdir()
    return found


def test_a_submission_that_is_added_to_compacted_rows_opens_its_own_files_alone(place, monkeypatch):
    compacted(place)
    store = Store(str(place))
    store.index("toy")
    opened, plainly = [], files.opened
    monkeypatch.setattr(files, "opened", lambda fs, path: (opened.append(path), plainly(fs, path))[1])

    put(store, "z", "newest")
    known = store.index("toy")
    found = store.read("scores", ["cell", "value"], {"z"})

    assert {Path(path).name for path in opened if "/questions/" not in path} == {"z.parquet"}
    assert "z" in {row["cell"] for row in known}
    assert found.table.num_rows == 1


def test_a_truncated_compact_file_is_named_and_small_files_still_count(place):
    compacted(place)
    put(Store(str(place)), "e")
    path = segment(place) / "scores.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    found = Store(str(place)).read("scores")

    assert {row["cell"] for row in found.table.to_pylist()} == {"d", "e"}
    (line,) = found.skipped
    assert line.startswith(f"{path}: ")
    assert line.endswith(f"; {len(whole) // 2} of {len(whole)} bytes; it holds 3 cells of toy/small")
    assert not Store(str(place)).finished("toy", "mlp", "b")
    left = compacted(place)["toy", "small"]
    assert (left.status, left.notes) == ("left", (line,))
    assert len(small_files(place)) == 4


@pytest.mark.parametrize("cut", [b"", b'{"genbench": "compact"', b"[]", b'{"genbench": "compact", "format": 1}'])
def test_a_manifest_that_is_not_whole_is_named_and_its_folder_left(place, cut):
    compacted(place)
    path = segment(place) / "manifest.json"
    path.write_bytes(cut)

    found = Store(str(place)).read("scores")

    assert {row["cell"] for row in found.table.to_pylist()} == {"d"}
    (line,) = found.skipped
    assert line.startswith(f"{path}: no whole manifest (")
    assert compacted(place)["", ""].notes == (line,)
    assert (segment(place) / "scores.parquet").exists()


def test_what_a_newer_genbench_compacted_is_refused(place):
    compacted(place)
    path = segment(place) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))

    with pytest.raises(StoreFault) as fault:
        Store(str(place)).read("cells")

    assert str(fault.value) == (
        f"results '{place}' were compacted by a newer genbench: {path} is of format 2, and this one reads 1; "
        "update genbench to read them"
    )


def test_a_cell_in_two_compact_files_with_other_scores_is_named_until_it_is_run_again(place, tmp_path):
    other = tmp_path / "other"
    put(Store(str(other)), "b", value=0.75, started=2)
    compacted(other)
    compacted(place)
    shutil.copytree(other, place, dirs_exist_ok=True)

    found = Store(str(place)).read("scores", cells={"b"})

    assert [row["value"] for row in found.table.to_pylist()] == [0.75]
    (line,) = found.skipped
    assert line.startswith("cell b is in ")
    assert line.endswith(" with other scores; the later run counts")
    assert compacted(place)["toy", "small"].status == "left"
    put(Store(str(place)), "b", value=1.0)
    assert compacted(place)["toy", "small"].status == "compacted"
    found = Store(str(place)).read("scores", cells={"b"})
    assert ([row["value"] for row in found.table.to_pylist()], found.skipped) == ([1.0], ())


def test_of_a_cell_in_two_compact_files_that_of_a_clock_years_ahead_does_not_count(place, tmp_path):
    other = tmp_path / "other"
    put(Store(str(other)), "b", value=0.75, year=2999)
    compacted(other)
    compacted(place)
    shutil.copytree(other, place, dirs_exist_ok=True)

    found = Store(str(place)).read("scores", cells={"b"})

    assert [row["value"] for row in found.table.to_pylist()] == [0.5]


def test_two_that_compact_at_once_leave_each_cell_once(place):
    before = contents(place)
    first, second = (compact(Store(str(place)), lambda *_: []) for _ in range(2))
    next(first)  # both have listed the same files
    shutil.copytree(place, place.parent / "twin")
    list(first)
    list(second)
    for path in (place.parent / "twin" / "compact").rglob("*"):  # as if the other had written its own beside
        if path.is_file() and "small" in str(path):
            twin = place / path.relative_to(place.parent / "twin")
            twin = twin.parent.parent / f"{twin.parent.name}x" / twin.name
            twin.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, twin)

    assert contents(place) == before
    compacted(place)
    assert contents(place) == before


def test_a_small_file_that_cannot_be_read_stays_and_is_named(place):
    path = Path(Store(str(place)).path("scores", "toy", "mlp", "b"))
    path.write_bytes(b"half")

    done = compacted(place)["toy", "small"]

    assert done.cells == 2
    (note,) = done.notes
    assert note.startswith(f"{path}: ")
    assert note.endswith("; the cell stays in its small files")
    assert path.exists()
    assert Store(str(place)).status("toy", "mlp", "b") == "ok"


def test_older_cells_are_given_marks_on_the_way(place):
    def marks_of(row, predictions, scores):
        assert len(scores) == 1
        values = predictions.column("correct").to_numpy().astype(float)
        who = {name: row[name] for name in ("cell", "task", "split", "submission", "profile", "seed")}
        return [{**who, **row_of("d", "test", "exact_match", predictions.column("question_id").to_numpy(), values)}]

    assert compacted(place, marks_of)["toy", "small"].marked == 2

    found = of_split(Store(str(place)), "toy", "small")
    assert [(one.cell, one.values.tolist()) for one in found] == [("a", [1.0, 1.0]), ("b", [1.0, 0.0])]


def test_results_at_a_url_are_compacted():
    store = Store("memory://compacted")
    put(store, "b")
    before = {name: store.read(name).table.to_pylist() for name in TABLES}

    (done,) = compact(store, lambda *_: [])

    assert (done.status, done.cells) == ("compacted", 1)
    again = Store("memory://compacted")
    assert again.files("cells") == again.files("predictions") == []
    assert {name: again.read(name).table.to_pylist() for name in TABLES} == before
    assert again.finished("toy", "mlp", "b")
