"""Cells that were found whole are not read again, until one of their files is another than it was."""

import os
from pathlib import Path

import pytest

from genbench.api.evaluating import prepare
from genbench.evaluation import run
from genbench.evaluation.executors.here import Here
from genbench.evaluation.seen import Seen
from genbench.rows.store import Store

WHO = ("modular", "majority")


@pytest.fixture
def store(tmp_path):
    made = prepare("majority", "modular/addition:p=11", out=tmp_path / "rows")
    assert [event.status for event in run.run(made.planned, Here(), Store(made.out))] == ["ok"]
    return Store(made.out)


@pytest.fixture
def key(store):
    return Path(store.files("cells")[0]).stem


@pytest.fixture
def reads(monkeypatch):
    """How often a cell was read to see whether it is whole."""
    found = []
    finished = Store.finished
    monkeypatch.setattr(Store, "finished", lambda *given: found.append(given) or finished(*given))
    return found


def test_what_was_found_whole_is_not_read_again_also_by_another_evaluation(store, key, reads, tmp_path):
    assert Seen(store, tmp_path).finished(*WHO, key)

    assert Seen(Store(store.place), tmp_path).finished(*WHO, key)

    assert len(reads) == 1


@pytest.mark.parametrize("table", ["cells", "scores", "predictions", "marks", "questions"])
def test_a_file_that_was_written_to_or_removed_since_is_read_again(store, key, reads, tmp_path, table):
    Seen(store, tmp_path).finished(*WHO, key)
    (path,) = (Path(store.place) / table).rglob("*.parquet")

    content = path.read_bytes()
    path.write_bytes(content[:-9] + b"?" + content[-8:])
    os.utime(path, ns=(0, 0))  # on a disk that tells time coarsely, a write may not move it

    assert not Seen(Store(store.place), tmp_path).finished(*WHO, key)
    assert len(reads) == 2
    if table != "marks":  # which a cell need not have
        path.unlink()
        assert not Seen(Store(store.place), tmp_path).finished(*WHO, key)


def test_what_failed_or_is_not_there_is_not_remembered(store, reads, tmp_path):
    for _ in range(2):
        assert not Seen(store, tmp_path).finished(*WHO, "0" * 24)

    assert len(reads) == 2
    assert not list(tmp_path.glob("*.txt"))


def test_lines_that_are_no_lines_are_left_out(store, key, tmp_path):
    first = Seen(store, tmp_path)
    first.finished(*WHO, key)
    with first.kept.open("ab") as file:
        file.write(b"half a line\n")

    assert Seen(store, tmp_path).found == first.found


@pytest.mark.parametrize(("settled", "again"), [(-1.0, 1), (1000.0, 3)], ids=["long ago", "just now"])
def test_what_was_written_is_not_read_again_once_a_disk_would_tell_a_change(
    tmp_path, reads, monkeypatch, settled, again
):
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("genbench.evaluation.seen.SETTLED", settled)
    made = prepare("majority", "modular/addition:p=11", seeds=3, out=tmp_path / "rows")
    list(run.run(made.planned, Here(), Store(made.out)))
    reads.clear()

    list(run.run(made.planned, Here(), Store(made.out)))

    assert len(reads) == again, "the last is not known to have settled, for no other followed it"


@pytest.mark.parametrize("spoiled", [False, True])
def test_what_was_damaged_after_it_was_written_is_not_held_for_whole(store, key, reads, tmp_path, monkeypatch, spoiled):
    monkeypatch.setattr("genbench.evaluation.seen.SETTLED", -1.0)
    seen = Seen(store, tmp_path)
    seen.written(*WHO, key)
    if spoiled:
        (path,) = (Path(store.place) / "scores").rglob("*.parquet")
        path.write_bytes(path.read_bytes()[:100])

    seen.written(*WHO, "0" * 24)  # another cell, by which the first has settled

    assert Seen(Store(store.place), tmp_path).finished(*WHO, key) is not spoiled
    assert len(reads) == spoiled
