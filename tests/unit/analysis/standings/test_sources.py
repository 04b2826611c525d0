"""Standings are the same of tables that are held and of folders that are read a split at a time."""

import pytest

from genbench.analysis.standings import Evidence, Headline, Stored, standings, standings_of
from genbench.analysis.standings.sources import Held
from genbench.rows.compacting import compact
from genbench.rows.schema import CELLS, SCORES, to_table
from genbench.rows.store import Store

FACT = Headline("exact_match", kinds={"test": "ood"}, ends=(0, 1))
FACTS = {"toy/echo": FACT, "toy/other": FACT}


@pytest.fixture
def place(tmp_path, many, failure):
    """A folder with two splits that are compacted, and one cell that came later."""
    rows = [*many({"mlp": [0.5, 0.75], "knn": [0.25]}), failure("knn", 1)]
    other = [
        ({**cell, "cell": f"o{cell['cell']}", "split": "other:n=2"}, [{**own, "split": "other:n=2"} for own in scores])
        for cell, scores in many({"mlp": [1.0]})
    ]
    other = [(cell, [{**own, "cell": cell["cell"]} for own in scores]) for cell, scores in other]
    *early, late = [*other, *rows]
    store = Store(str(tmp_path))
    for cell, scores in early:
        store.append("toy", cell["submission"], cell["cell"], {"cells": [cell], "scores": scores})
    list(compact(store, lambda *_: []))
    store.append("toy", "knn", late[0]["cell"], {"cells": [late[0]], "scores": late[1]})
    return tmp_path


def test_a_split_at_a_time_gives_the_standings_of_all_rows(place):
    store = Store(str(place))
    whole = standings(store.read("cells").table, store.read("scores").table, FACTS, Evidence([store]))

    found = standings_of(Stored([Store(str(place))]), FACTS, Evidence([store]))

    assert found == whole
    assert {(one.split, one.submission, one.mean) for one in found} == {
        ("echo", "mlp", 0.625),
        ("echo", "knn", 0.25),
        ("other:n=2", "mlp", 1.0),
    }


def test_of_a_split_no_file_of_another_is_opened(place):
    for path in place.glob("compact/task=toy/other/*/*"):
        path.write_bytes(b"")
    told = []

    cells, scores = Stored([Store(str(place))], told.extend).of(("toy", "echo"))

    assert (cells.num_rows, scores.num_rows, told) == (4, 3, [])


def test_what_cannot_be_read_is_told_of(place):
    (cut,) = place.glob("compact/task=toy/echo/*/scores.parquet")
    cut.write_bytes(cut.read_bytes()[:-9])
    told = []

    _, scores = Stored([Store(str(place))], told.extend).of(("toy", "echo"))

    assert scores.num_rows == 0
    assert len(told) == 1
    assert str(cut) in told[0]


def test_cells_that_kept_no_answers_are_not_asked_for_them_one_by_one(place, monkeypatch):
    store = Store(str(place))
    read = []
    monkeypatch.setattr(store, "read", lambda name, *_, **__: read.append(name))

    assert store.questions("toy", "echo", "sha256:data") is None
    assert read == []


def test_rows_of_a_split_are_those_of_its_label_wherever_they_stand(many):
    rows = many({"mlp": [0.5, 0.75, 0.5]})
    cells = [{**cell, "split": split} for (cell, _), split in zip(rows, ("b", "a", "b"), strict=True)]
    held = Held(to_table(cells, CELLS), to_table([], SCORES))

    assert sorted(held.labels()) == [("toy", "a"), ("toy", "b")]
    assert held.of(("toy", "b"))[0].column("seed").to_pylist() == [0, 2]
    assert [len(table) for table in held.of(("toy", "none"))] == [0, 0]
