"""The store: a cell's rows are there as a whole or not at all, and what cannot be read is named."""

import os
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.errors import StoreFault
from genbench.rows.schema import CELLS, CURVES, PREDICTIONS, SCORES, TABLES
from genbench.rows.store import Store

KEY = "0123456789abcdef"


def rows_of(key=KEY, seed=0, **changed):
    """The rows of one small cell, table by table."""
    who = {"cell": key, "task": "toy", "split": "small", "submission": "mlp@x", "profile": "quick", "seed": seed}
    cell = {
        name: who.get(name, 1.0 if field.type == pa.float64() else 1 if field.type == pa.int64() else "text")
        for name, field in ((name, CELLS.field(name)) for name in CELLS.names)
    }
    cell |= {"status": "ok", "started": datetime(2026, 1, 1, tzinfo=UTC)} | changed
    score = {
        "question_set": "test",
        "kind": "ood",
        "axis": "",
        "slice": "",
        "metric": "exact_match",
        "value": 0.5,
        "n": 2,
    }
    prediction = {"cell": key, "question_set": "test", "prediction": "a", "target": "a", "correct": True, "slices": []}
    return {
        "cells": [cell],
        "scores": [{**who, **score, "error": None}],
        "predictions": [{**prediction, "question_id": place} for place in range(2)],
        "curves": [{**who, **score, "step": 1, "fit_seconds": 0.1}],
    }


@pytest.fixture
def place(tmp_path):
    """Where results lie."""
    return tmp_path / "results"


@pytest.fixture
def store(place):
    """An empty store."""
    found = Store(str(place))
    found.prepare()
    return found


def files(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def contents(store):
    return {name: store.read(name).table.to_pylist() for name in ("cells", "scores", "predictions", "curves")}


def test_a_cell_is_one_file_a_table_laid_out_for_datasets_and_databases(store, place):
    store.append("toy", "mlp", KEY, rows_of())

    *of_cell, asked = sorted(files(place), key=lambda path: path.startswith("questions/"))
    assert of_cell == [
        f"{name}/task=toy/submission=mlp/{KEY}.parquet" for name in ("cells", "curves", "predictions", "scores")
    ]
    assert Path(asked).parent.as_posix() == "questions/task=toy"


def test_what_was_written_is_read_in_the_types_of_the_schema(store):
    store.append("toy", "mlp", KEY, rows_of())

    for name, schema in (("cells", CELLS), ("scores", SCORES), ("predictions", PREDICTIONS), ("curves", CURVES)):
        assert store.read(name).table.schema.equals(schema.remove_metadata(), check_metadata=False), name
    assert store.read("cells", ["cell", "seed"]).table.to_pylist() == [{"cell": KEY, "seed": 0}]


def test_rows_of_many_cells_are_read_together(store):
    for seed in range(20):
        store.append("toy", "mlp", f"key{seed:02}", rows_of(f"key{seed:02}", seed))

    assert store.read("cells").table.column("seed").to_pylist() == list(range(20))
    assert store.read("predictions").table.num_rows == 40


def test_an_empty_place_has_empty_tables(store):
    for name in TABLES:
        found = store.read(name)

        assert (found.table.num_rows, found.table.column_names, found.skipped) == (0, TABLES[name].names, ())


def test_the_file_metadata_say_what_each_column_holds(store, place):
    store.append("toy", "mlp", KEY, rows_of())

    schema = pq.read_schema(place / store.path("cells", "toy", "mlp", KEY))
    assert schema.metadata[b"genbench"] == b"cells"
    assert (
        schema.field("sealing").metadata[b"about"]
        == b"none (in-process), network (or variables, as the card asks), process or sandbox"
    )


def test_a_cell_rewritten_loses_the_tables_it_has_no_more(store):
    store.append("toy", "mlp", KEY, rows_of())

    store.append("toy", "mlp", KEY, {"cells": rows_of(status="error")["cells"]})

    found = contents(store)
    assert [row["status"] for row in found["cells"]] == ["error"]
    assert found["scores"] == found["predictions"] == found["curves"] == []


class Full:
    """A file system on which the n-th file cannot be written to its end."""

    def __init__(self, inner, fails_at):
        self.inner, self.left = inner, fails_at

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def open(self, path, mode="rb"):
        if "w" in mode:
            self.left -= 1
            if self.left == 0:
                self.inner.open(path, mode).close()
                raise OSError(28, "No space left on device")
        return self.inner.open(path, mode)


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_a_full_disk_leaves_the_earlier_rows_whole_even_those_of_the_same_cell(store, place, fails_at):
    store.append("toy", "mlp", "earlier", rows_of("earlier"))
    store.append("toy", "mlp", KEY, rows_of())
    before, there = contents(store), files(place)
    full = Store(str(place))
    full.folder.fs = Full(full.folder.fs, fails_at)

    with pytest.raises(StoreFault) as caught:
        full.append("toy", "mlp", KEY, rows_of(seed=7))

    assert str(caught.value) == f"results '{place}': cell {KEY} could not be written: No space left on device"
    assert contents(store) == before
    assert files(place) == there


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_device_that_is_really_full_says_so():
    class Device(Full):
        def open(self, path, mode="rb"):
            return Path("/dev/full").open(mode, buffering=0) if "w" in mode else self.inner.open(path, mode)

    store = Store("memory://really-full")
    store.folder.fs = Device(store.folder.fs, 0)

    with pytest.raises(StoreFault, match="cell 0123456789abcdef could not be written: No space left on device$"):
        store.append("toy", "mlp", KEY, rows_of())


@pytest.mark.parametrize("again", [False, True], ids=["the first time", "over an earlier run"])
@pytest.mark.parametrize("crash_at", range(5))
def test_a_crash_between_two_tables_leaves_a_cell_that_is_not_finished(store, place, crash_at, again, monkeypatch):
    class Crash(BaseException):
        pass

    if again:
        store.append("toy", "mlp", KEY, rows_of(seed=9))

    moved = []

    def mv(one, other, inner=store.folder.fs.mv):
        if "/questions/" not in other:  # what was asked is kept before the cell is touched
            if len(moved) == crash_at:
                raise Crash
            moved.append(other)
        inner(one, other)

    monkeypatch.setattr(store.folder.fs, "mv", mv, raising=False)
    if crash_at < 4:
        with pytest.raises(Crash):
            store.append("toy", "mlp", KEY, rows_of())
    else:
        store.append("toy", "mlp", KEY, rows_of())
    monkeypatch.undo()

    found = Store(str(place))
    assert found.finished("toy", "mlp", KEY) == (crash_at == 4)
    assert found.status("toy", "mlp", KEY) == ("ok" if crash_at == 4 else None)
    assert all(found.read(name).skipped == () for name in TABLES)


def test_rows_that_are_not_of_the_schema_touch_nothing(store, place):
    store.append("toy", "mlp", KEY, rows_of())
    before = contents(store)

    with pytest.raises(StoreFault, match="column 'value': "):
        store.append("toy", "mlp", KEY, rows_of() | {"scores": [{**rows_of()["scores"][0], "value": "high"}]})

    assert contents(store) == before


def test_scores_from_before_there_were_errors_are_read_and_have_none(store, place):
    store.append("toy", "mlp", KEY, rows_of())
    path = place / "scores" / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    before = store.read("scores").table.cast(SCORES).drop_columns(["error"])
    pq.write_table(before.replace_schema_metadata({b"genbench": b"scores", b"genbench-schema": b"1"}), path)

    found = store.read("scores")

    assert found.skipped == ()
    assert found.table.to_pylist() == [{**before.to_pylist()[0], "error": None}]


@pytest.fixture
def among(store, place):
    """Gives `among(bytes or table)`: puts a file beside the scores of a good cell and reads them."""
    store.append("toy", "mlp", KEY, rows_of())

    def read(content):
        path = place / "scores" / "task=toy" / "submission=mlp" / "other.parquet"
        path.write_bytes(content) if isinstance(content, bytes) else pq.write_table(content, path)
        found = store.read("scores")
        assert found.table.num_rows == 1
        (line,) = found.skipped
        assert line.startswith(f"{path}: ")
        return line.removeprefix(f"{path}: ")

    return read


def whole(place):
    return (place / "scores" / "task=toy" / "submission=mlp" / f"{KEY}.parquet").read_bytes()


def test_a_truncated_file_is_named_and_skipped_at_whatever_length(among, place):
    length = len(whole(place))

    for cut in [0, 1, 4, 7, 8, length // 2, length - 8, length - 1]:
        assert among(whole(place)[:cut]), cut


def test_a_byte_that_changed_on_the_disk_changes_no_row(store, place):
    store.append("toy", "mlp", KEY, rows_of())
    good, before = whole(place), contents(store)["scores"]
    path = place / "scores" / "task=toy" / "submission=mlp" / f"{KEY}.parquet"

    for at in range(4, len(good) // 2, 23):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :])
        found = store.read("scores")

        assert found.skipped or found.table.to_pylist() == before, at


def test_a_foreign_file_is_named_and_skipped(among):
    assert among(pa.table({"a": [1]})) == "not a scores file of genbench"
    assert among(b"notes of mine") != ""


def test_a_file_of_another_version_or_table_is_named_and_skipped(among, store):
    scores = store.read("scores").table

    assert among(scores.cast(SCORES.with_metadata({b"genbench": b"scores", b"genbench-schema": b"0"}))) == (
        "written in another version of the scores schema"
    )
    assert among(scores.cast(SCORES.with_metadata({b"genbench": b"curves", b"genbench-schema": b"1"}))) == (
        "not a scores file of genbench"
    )
    fewer = scores.cast(SCORES).drop_columns(["n"])
    assert among(fewer.replace_schema_metadata(SCORES.metadata)) == "columns differ from the scores schema"


@pytest.fixture
def of_version_1(store, place):
    """The path of a cell's `cells` file as releases before editions wrote it."""
    store.append("toy", "mlp", KEY, rows_of())
    path = place / "cells" / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    older = (
        store.read("cells")
        .table.cast(CELLS)
        .drop_columns(["edition", "lineage", "environment", "asked_during_fit", "start", "salt"])
    )
    pq.write_table(older.replace_schema_metadata({b"genbench": b"cells", b"genbench-schema": b"1"}), path)
    return path


def test_a_cell_from_before_editions_is_of_edition_0_and_has_no_lineage(store, of_version_1):
    found = store.read("cells")

    assert found.skipped == ()
    assert found.table.to_pylist() == [
        rows_of()["cells"][0]
        | {"edition": 0, "lineage": "[]", "environment": "[]", "asked_during_fit": None, "start": "fresh", "salt": None}
    ]
    assert store.finished("toy", "mlp", KEY)


def test_columns_that_an_older_file_lacks_are_read_in_the_order_asked_for_beside_those_of_newer_files(
    store, of_version_1
):
    store.append("toy", "mlp", "newer", rows_of("newer", edition=1))

    found = store.read("cells", ["lineage", "cell", "edition"])

    assert found.table.column_names == ["lineage", "cell", "edition"]
    assert found.table.to_pylist() == [
        {"lineage": "[]", "cell": KEY, "edition": 0},
        {"lineage": "text", "cell": "newer", "edition": 1},
    ]


def test_an_older_file_with_the_columns_of_a_newer_one_is_skipped(store, of_version_1):
    newer = store.read("cells").table
    pq.write_table(newer.replace_schema_metadata({b"genbench": b"cells", b"genbench-schema": b"1"}), of_version_1)

    assert store.read("cells").skipped == (f"{of_version_1}: columns differ from the cells schema",)


def test_every_row_that_is_committed_can_be_read():
    committed = Store(str(Path(__file__).parents[3] / "leaderboard" / "results"))

    found = {name: committed.read(name) for name in TABLES}

    assert {name: table.skipped for name, table in found.items()} == dict.fromkeys(TABLES, ())
    assert set(found["cells"].table.column("cell").to_pylist()) == committed.names()


def test_a_column_of_another_type_is_named_and_skipped(among, store):
    table = store.read("scores").table
    place = table.column_names.index("value")

    said = among(table.set_column(place, "value", pa.array(["high"])).replace_schema_metadata(SCORES.metadata))

    assert "high" in said


def test_files_of_a_write_under_way_are_not_read(store, place):
    store.append("toy", "mlp", KEY, rows_of())
    (place / "scores" / "task=toy" / "submission=mlp" / ".x.parquet.1.partial").write_bytes(b"half")

    assert store.read("scores").skipped == ()


@pytest.mark.parametrize(("status", "finished"), [("ok", True), ("error", False), ("timeout", False)])
def test_a_cell_is_finished_where_it_ended_well(store, status, finished):
    store.append("toy", "mlp", KEY, rows_of(status=status))

    assert store.finished("toy", "mlp", KEY) is finished
    assert store.status("toy", "mlp", KEY) == status
    assert not store.finished("toy", "mlp", "another")


@pytest.mark.parametrize("name", ["cells", "scores", "predictions"])
def test_a_cell_with_a_table_cut_off_or_gone_is_not_finished(store, place, name):
    store.append("toy", "mlp", KEY, rows_of())
    path = place / name / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    path.write_bytes(path.read_bytes()[:-5])
    cut = store.finished("toy", "mlp", KEY)
    path.unlink()

    assert not cut
    assert not store.finished("toy", "mlp", KEY)


def test_a_cell_under_the_name_of_another_is_not_that_one(store, place):
    store.append("toy", "mlp", KEY, rows_of())
    path = place / "cells" / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    path.rename(path.with_name("another.parquet"))

    assert store.status("toy", "mlp", "another") is None


def test_results_may_lie_at_a_url():
    store = Store("memory://unit/results/")
    store.prepare()
    store.append("toy", "mlp", KEY, rows_of())

    again = Store("memory://unit/results")
    assert again.exists()
    assert again.finished("toy", "mlp", KEY)
    assert again.read("scores").table.num_rows == 1
    assert not [path for path in fsspec.filesystem("memory").find("/unit") if "partial" in path or ".write" in path]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("", "results have no place: the name of the folder is empty"),
        ("carrier-pigeon://x", "results 'carrier-pigeon://x': Protocol not known: carrier-pigeon"),
    ],
)
def test_a_place_that_is_none_is_refused(place, message):
    with pytest.raises(StoreFault) as caught:
        Store(place)

    assert str(caught.value) == message


def test_a_place_that_cannot_be_written_is_known_before_anything_runs(tmp_path):
    (tmp_path / "file").write_text("")

    for place, why in ((tmp_path / "file" / "below", "Not a directory"), (tmp_path / "file", "File exists")):
        with pytest.raises(StoreFault) as caught:
            Store(str(place)).prepare()

        assert str(caught.value) == f"results '{place}' cannot be written: {why}"


def test_preparing_leaves_nothing_but_the_folder(store, place):
    assert store.exists()
    assert files(place) == []


def test_a_file_is_no_place_with_results(tmp_path):
    (tmp_path / "file").write_text("")

    assert not Store(str(tmp_path / "file")).exists()
    assert not Store(str(tmp_path / "nowhere")).exists()


def test_a_log_is_kept_and_its_path_told(store, place):
    path = store.keep_log("toy-small", "Traceback: é \udcff")

    assert path == str(place / "logs" / "toy-small.txt")
    assert (place / "logs" / "toy-small.txt").read_text(encoding="utf-8") == "Traceback: é \\udcff"


@pytest.mark.parametrize("name", ["cells", "scores", "predictions", "curves"])
def test_what_is_finished_is_what_a_leaderboard_can_read(store, place, name):
    store.append("toy", "mlp", KEY, rows_of())
    path = place / name / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    good, before = path.read_bytes(), contents(store)

    for at in range(0, len(good), max(1, len(good) // 40)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1 :])
        looked = Store(str(place))

        assert not looked.finished("toy", "mlp", KEY) or contents(looked) == before, at


@pytest.mark.parametrize("name", ["cells", "scores", "predictions"])
def test_a_table_rewritten_by_another_program_is_run_again(store, place, name):
    store.append("toy", "mlp", KEY, rows_of())
    path = place / name / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    pq.write_table(pq.read_table(path, partitioning=None).replace_schema_metadata(None), path)

    assert not store.finished("toy", "mlp", KEY)


@pytest.mark.parametrize(
    ("what", "said"), [("pipe", "is a pipe; it must be a file"), ("pointer", "a Git LFS pointer, not the file itself")]
)
def test_what_is_no_parquet_file_is_named_for_what_it_is_and_at_once(store, place, what, said):
    store.append("toy", "mlp", KEY, rows_of())
    path = place / "scores" / "task=toy" / "submission=mlp" / f"{KEY}.parquet"
    path.unlink()
    if what == "pipe":
        os.mkfifo(path)
    else:
        path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n")

    assert not store.finished("toy", "mlp", KEY)
    (line,) = store.read("scores").skipped
    assert said in line
