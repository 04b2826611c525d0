"""Stored rows are held against what they say of themselves: a forged one is found, an honest one is not accused."""

import datetime as dt
import json
import re
from dataclasses import replace

import pyarrow as pa
import pytest

from genbench import cards, registry
from genbench.authoring import rerunning
from genbench.authoring.auditing import audit
from genbench.authoring.rerunning import rerun
from genbench.authoring.rescoring import rescore
from genbench.cli import main
from genbench.evaluation.executors.here import Here
from genbench.rows.schema import TABLES


class Walled(Here):
    """Runs in this process and says that it did not: names are only held against what was walled."""

    def run(self, jobs):
        for outcome in super().run(jobs):
            yield replace(outcome, sealing="process")


@pytest.fixture
def found(toys):
    """A catalogue of toys."""
    submissions = ("guesses", "idle", "faulty")
    return registry.Catalogue(
        {"echo": cards.read(toys / "echo")}, {name: cards.read(toys / name) for name in submissions}
    )


@pytest.fixture
def store(evaluate, tmp_path):
    """Honest rows of two submissions, and of one that failed."""
    return evaluate(tmp_path / "rows", "guesses", "idle", "faulty@raises", executor=Walled()).store


def cell_of(store, submission):
    (row,) = [row for row in store.read("cells").table.to_pylist() if row["submission"] == submission]
    return row


def forge(store, submission, table, change):
    """Alter the rows of one table of a cell, as somebody would who writes Parquet."""
    row = cell_of(store, submission)
    base = submission.partition("@")[0]
    stored = store.read_cell(table, "echo", base, row["cell"]).to_pylist()
    store.replace(
        table,
        "echo",
        base,
        row["cell"],
        pa.Table.from_pylist([{**one, **change(one)} for one in stored], TABLES[table]),
    )


def told(store, found, **more):
    return {one.label.split()[1] if one.row else "": (one.faults, one.notes) for one in audit(store, found, **more)}


def test_honest_rows_agree_failed_ones_too(store, found):
    assert told(store, found) == dict.fromkeys(("guesses", "idle", "faulty@raises"), ((), ()))


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        (
            "scores",
            lambda row: {"value": 1.0},
            "its answers give other scores: test exact_match: 1 of 100 questions, now 0",
        ),
        ("scores", lambda row: {"n": 7}, "its answers give other scores: "),
        ("scores", lambda row: {"slice": row["slice"] and "other"}, "its answers give other scores: "),
        ("predictions", lambda row: {"correct": True}, "what it calls correct is not what its answers are"),
        ("predictions", lambda row: {"target": row["prediction"], "correct": True}, "its answers give other scores: "),
        ("marks", lambda row: {"marks": b"\xff" * len(row["marks"])}, "its marks are not those of its answers"),
        ("cells", lambda row: {"seed": 3}, "its name is not the digest of what it says of itself"),
        ("cells", lambda row: {"sealing": "locked"}, "its sealing is 'locked'; it is one of "),
        ("cells", lambda row: {"status": "fine"}, "its status is 'fine'; it is one of ok, "),
        ("cells", lambda row: {"profile": "long"}, "its profile is 'long'; it is quick or full"),
        ("cells", lambda row: {"seed": -1}, "its seed is -1; seeds are 0, 1, 2, ..."),
        ("cells", lambda row: {"started": row["started"] + dt.timedelta(days=9000)}, "it started at 20"),
        ("cells", lambda row: {"fit_seconds": float("nan")}, "its fit_seconds is nan; it must be a number from 0 on"),
        ("cells", lambda row: {"cell_seconds": 1e6}, "it ended well after 1000000 s with a budget of 300 s"),
        ("cells", lambda row: {"versions": "{"}, "its versions is '{'; it must be JSON"),
        ("cells", lambda row: {"lineage": "7"}, "cell "),
        ("cells", lambda row: {"status": "error"}, "its status is error, and it has scores"),
    ],
)
def test_a_row_that_was_altered_is_found(store, found, table, change, said):
    forge(store, "guesses", table, change)

    result = told(store, found)

    assert any(fault.startswith(said) for fault in result["guesses"][0]), result["guesses"]
    assert result["idle"] == ((), ())


def test_a_score_and_the_targets_beside_it_altered_together_are_found_by_the_task(store, found):
    forge(store, "guesses", "predictions", lambda row: {"target": row["prediction"], "correct": True})
    list(rescore(store, found))

    assert told(store, found, build_tasks=False)["guesses"] == ((), ())
    (fault,) = told(store, found)["guesses"][0]
    assert re.fullmatch(r"(9\d|100) of 100 targets are not those that the task gives", fault)


def test_a_file_that_cannot_be_read_is_a_fault(store, found, tmp_path):
    cell = cell_of(store, "guesses")["cell"]
    path = tmp_path / "rows" / "cells" / "task=echo" / "submission=guesses" / f"{cell}.parquet"
    path.write_bytes(path.read_bytes()[:-10])

    assert len(told(store, found)[""][0]) == 1


def test_rows_of_other_code_are_noted_and_not_accused(store, found):
    forge(store, "guesses", "cells", lambda row: {"submission_fingerprint": "sha256:other"})

    assert told(store, found)["guesses"] == ((), ("of other code than today's",))


def test_rows_of_a_submission_that_is_not_known_here_are_noted(store, found):
    less = replace(found, submissions={name: card for name, card in found.submissions.items() if name != "guesses"})

    faults, notes = told(store, less)["guesses"]

    assert faults == ()
    assert notes[0].startswith("not known here: ")


def test_a_run_again_agrees_or_tells_what_differs(store, found, monkeypatch):
    monkeypatch.setattr(rerunning, "Process", lambda _: Walled())
    chosen = {"takes": lambda row: row["submission"] == "guesses"}

    (honest,) = rerun(store, found, 5, **chosen)
    forge(store, "guesses", "predictions", lambda row: {"prediction": row["target"], "correct": True})
    list(rescore(store, found))
    (forged,) = rerun(store, found, 5, **chosen)

    assert (honest.differs, honest.told) == (False, "100 of 100 answers are equal (100.0 %)")
    assert forged.differs
    assert re.match(r"\d of 100 answers are equal \(\d\.0 %\); test exact_match 1\.0000, 0\.\d+ now", forged.told)


def test_a_difference_on_another_processor_is_told_and_accuses_nobody(store, found, monkeypatch):
    monkeypatch.setattr(rerunning, "Process", lambda _: Walled())
    forge(store, "guesses", "predictions", lambda row: {"prediction": "7"})
    forge(store, "guesses", "cells", lambda row: {"machine": json.dumps({"processor": "another"})})

    (again,) = rerun(store, found, 1, lambda row: row["submission"] == "guesses")

    assert again.differs is None
    assert again.told.endswith("it was run on another processor, another")


def test_the_verb_names_what_differs_changes_nothing_and_ends_with_1(store, found, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(registry, "catalogue", lambda: found)
    assert main(["verify", str(tmp_path / "rows")]) == 0
    assert capsys.readouterr().out == "3 cells: 3 agree, 0 differ\n"

    forge(store, "guesses", "scores", lambda row: {"value": 1.0})
    before = {path: path.read_bytes() for path in (tmp_path / "rows").rglob("*.parquet")}

    assert main(["verify", str(tmp_path / "rows"), "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    assert {row["submission"]: row["verdict"] for row in rows} == {
        "guesses": "differs",
        "idle": "agrees",
        "faulty@raises": "agrees",
    }
    assert main(["rescore", str(tmp_path / "rows"), "--dry-run"]) == 0
    assert "2 cells would be scored again" in (shown := capsys.readouterr().out)
    assert "test exact_match: 1 of 100 questions, now 0" in shown
    assert {path: path.read_bytes() for path in (tmp_path / "rows").rglob("*.parquet")} == before
