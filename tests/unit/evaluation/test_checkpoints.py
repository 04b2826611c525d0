"""Folders of checkpoints: made and marked by genbench, and only those ever removed."""

import os
import time

import pytest

from genbench.errors import StoreFault
from genbench.evaluation import checkpoints

DAY = 86_400


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("GENBENCH_CHECKPOINTS", str(tmp_path / "kept"))
    return checkpoints.place()


def aged(folder, days):
    os.utime(folder, (time.time() - days * DAY,) * 2)
    return folder


def test_checkpoints_that_nobody_came_back_for_in_a_month_are_removed(place):
    for name, days in (("old", 31), ("young", 29)):
        checkpoints.make(place / name)
        (place / name / "weights").write_text("many")
        aged(place / name, days)

    checkpoints.remove_forgotten()

    assert list(place.iterdir()) == [place / "young"]


def test_what_genbench_did_not_make_stays_however_old(place, tmp_path):
    checkpoints.make(place / "ours")
    (place / "bert-base").mkdir()
    (place / "notes-2025").write_text("a file")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / checkpoints.MARK).touch()
    (place / "link-to").symlink_to(tmp_path / "elsewhere")
    before = sorted(aged(path, 400) or path for path in place.iterdir() if path.name != "ours")

    checkpoints.remove_forgotten()

    assert sorted(path for path in place.iterdir() if path.name != "ours") == before
    assert (tmp_path / "elsewhere" / checkpoints.MARK).exists()


def test_what_an_interruption_left_is_left_as_it_is(place):
    checkpoints.make(place / "cell")
    (place / "cell" / "weights").write_text("many")

    checkpoints.make(place / "cell")

    assert (place / "cell" / "weights").read_text() == "many"


def test_a_folder_of_the_cells_name_that_genbench_did_not_make_is_refused_and_kept(place):
    (place / "cell").mkdir(parents=True)
    (place / "cell" / "weights").write_text("mine")

    with pytest.raises(StoreFault, match="cell: it is there and genbench did not make it; move it away"):
        checkpoints.make(place / "cell")
    checkpoints.remove(place / "cell")

    assert (place / "cell" / "weights").read_text() == "mine"


def test_a_place_that_is_not_there_holds_nothing_to_remove(place):
    checkpoints.remove_forgotten()

    assert not place.exists()


def test_a_folder_that_another_evaluation_has_is_not_shared(tmp_path):
    with checkpoints.held(tmp_path / "cell") as first:
        (first / "weights").write_text("1")
        with checkpoints.held(tmp_path / "cell") as second:
            assert second != first
            assert [path.name for path in second.iterdir()] == [checkpoints.MARK]
        assert not second.exists()

    with checkpoints.held(tmp_path / "cell") as again:
        assert (again == first, (again / "weights").read_text()) == (True, "1")


def test_a_folder_that_went_while_it_was_waited_for_is_made_again(tmp_path, monkeypatch):
    real, gone = checkpoints.locked, []

    def locked(mark):
        if not gone:
            gone.append(mark)
            checkpoints.remove(mark.parent)
            assert not mark.exists()
        return real(mark)

    monkeypatch.setattr(checkpoints, "locked", locked)
    with checkpoints.held(tmp_path / "cell") as folder:
        assert checkpoints.is_ours(folder)


def test_what_another_evaluation_holds_is_not_forgotten(tmp_path, monkeypatch):
    monkeypatch.setenv("GENBENCH_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(checkpoints, "KEPT_SECONDS", -10)
    with checkpoints.held(tmp_path / "cell") as folder:
        checkpoints.remove_forgotten()
        assert folder.exists()

    checkpoints.remove_forgotten()
    assert not folder.exists()


def test_emptying_leaves_the_mark_and_follows_no_link(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model").write_text("1")
    with checkpoints.held(tmp_path / "cell") as folder:
        (folder / "inner").mkdir()
        (folder / "link").symlink_to(tmp_path / "mine")
        checkpoints.empty(folder)

        assert [path.name for path in folder.iterdir()] == [checkpoints.MARK]
    assert (tmp_path / "mine" / "model").exists()
