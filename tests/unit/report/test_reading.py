"""Rows of wanted cells: of the others, no file is opened."""

import shutil
import warnings
from collections import Counter

import pytest

import genbench
from genbench import strangers
from genbench.report.reading import Rows
from genbench.report.wanted import wanted

MANY = 2_500  # files of each of four tables


@pytest.fixture(scope="module")
def many(kept, tmp_path_factory):
    """Results with ten thousand files, all but those of `kept` of tasks and submissions that nobody asks for."""
    place = shutil.copytree(kept, tmp_path_factory.mktemp("many") / "results")
    whole = next((place / "cells").rglob("*.parquet"))
    for table in ("cells", "scores", "predictions", "curves"):
        for number in range(MANY):
            folder = place / table / f"task=other{number % 50}" / f"submission=other{number % 7}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number:024x}.parquet").hardlink_to(whole)
    return place


@pytest.fixture
def opened(monkeypatch):
    """The files that are opened."""
    found = []
    real = strangers.opened

    def counted(path, **options):
        found.append(str(path))
        return real(path, **options)

    monkeypatch.setattr(strangers, "opened", counted)
    return found


def tables_of(paths):
    return Counter(path.partition("/results/")[2].partition("/")[0] for path in paths)


def test_of_ten_thousand_files_only_those_of_wanted_cells_are_opened(many, opened):
    found = genbench.results(many).predictions(task="modular/addition:p=7", submission="chance", seed=[0, 2])

    assert len(found) == 2 * 49
    # The cells of `chance` on modular, of two splits and three seeds; then the predictions of two.
    # And what these two were asked, which is kept once.
    assert tables_of(opened) == {"cells": 6, "predictions": 2, "questions": 1}


def test_scores_of_wanted_cells_are_read_from_their_files_alone(many, opened):
    found = genbench.results(many).where(task="modular/addition:p=7", submission="chance", seed=1).scores

    assert set(found["seed"]) == {1}
    assert tables_of(opened) == {"cells": 6, "scores": 1}


def test_nothing_is_opened_before_it_is_asked_for(many, opened):
    genbench.results(many).where(task="modular")

    assert opened == []


def test_what_cannot_be_read_is_told_once_by_one_warning(copied):
    for path in (copied / "cells").rglob("*.parquet"):
        if "chance" in str(path):
            path.write_bytes(b"no parquet")
    rows = Rows((str(copied),))

    with pytest.warns(UserWarning, match="(?s)^6 files were skipped:\n.*chance.*\n  and 3 more$"):
        rows.cells  # noqa: B018

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows._told(rows.stores[0].read("cells"))


def test_the_newest_of_equal_cells_counts_whichever_folder_it_lies_in(kept, copied):
    both = Rows((str(kept), str(copied)), (wanted(submission="chance", seed=0),))

    assert both.cells.num_rows == 4
    assert len(both.newest()) == 2
