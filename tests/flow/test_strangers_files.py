"""Whatever lies where a cell's answers should lie costs that cell, with one row, and no other."""

import os
import time

import pyarrow as pa
import pytest

from genbench.data import tables
from genbench.evaluation import handed_in
from genbench.evaluation.cell import ANSWERS, CURVE, Outcome, Step
from genbench.rows.schema import TABLES
from genbench.rows.store import Store
from genbench.scoring import grading


class Leaves:
    """An executor whose cells all end well, and leave what `leave(folder, ids)` puts there."""

    apart = True

    def __init__(self, leave, first_only=True):
        self.leave, self.first_only, self.count = leave, first_only, 0

    def run(self, jobs):
        for job in jobs:
            ids = tables.read(job.folder / "questions.arrow").column("question_id").to_numpy()
            right = pa.table({"question_id": ids, "prediction": pa.array(ids)})
            tables.write(right, job.folder / ANSWERS)
            steps = ()
            if not self.count:
                steps = self.leave(job.folder, right) or ()
            self.count += 1
            yield Outcome(job.key, "ok", "", "process", time.time(), 1.0, job.folder / ANSWERS, steps=steps)


def as_pipe(folder, right):
    (folder / ANSWERS).unlink()
    os.mkfifo(folder / ANSWERS)


def as_link(folder, right):
    (folder / ANSWERS).replace(folder / "other")
    (folder / ANSWERS).symlink_to(folder / "other")


def as_folder(folder, right):
    (folder / ANSWERS).unlink()
    (folder / ANSWERS).mkdir()


def cut_short(folder, right):
    os.truncate(folder / ANSWERS, 100)


def of_other_columns(folder, right):
    tables.write(right.rename_columns(["id", "answer"]), folder / ANSWERS)


def too_large(folder, right):
    os.truncate(folder / ANSWERS, handed_in.LEAST_ROOM + 1)


def of_a_step(folder, right):
    os.mkfifo(folder / CURVE.format(step=1))
    return (Step(1, 0.5, folder / CURVE.format(step=1)),)


@pytest.mark.parametrize(
    ("leave", "said"),
    [
        (as_pipe, "the answers cannot be read: answers.arrow is a pipe; it must be a file"),
        (as_link, "the answers cannot be read: answers.arrow is a link; it must be a file"),
        (as_folder, "the answers cannot be read: answers.arrow is a folder; it must be a file"),
        (cut_short, "the answers cannot be read: "),
        (of_other_columns, "the answers have columns ['id', 'answer']; they must be"),
        (too_large, "the answers cannot be read: answers.arrow has 268435457 bytes; at most 268435456 are read"),
        (of_a_step, "the answers cannot be read: curve-1.arrow is a pipe; it must be a file"),
    ],
)
def test_what_is_no_answers_file_is_one_row_and_the_other_cells_go_on(evaluate, tmp_path, leave, said):
    found = evaluate(tmp_path, "guesses", seeds=2, executor=Leaves(leave))

    lost, fine = sorted(found.rows("cells"), key=lambda row: row["seed"])
    assert (lost["status"], fine["status"]) == ("error", "ok")
    assert lost["detail"].startswith(said)
    assert {row["seed"] for row in found.rows("scores")} == {1}


@pytest.mark.parametrize(
    "fault", [MemoryError("of 9 TB"), pa.ArrowCapacityError("2 GiB"), RecursionError("deep"), KeyError("x\x1b")]
)
def test_whatever_grading_raises_for_one_cells_answers_is_that_cells_row(evaluate, tmp_path, monkeypatch, fault):
    real, raised = grading.prediction_table, [fault]

    def table(*given):
        if raised:
            raise raised.pop()
        return real(*given)

    monkeypatch.setattr("genbench.evaluation.run.prediction_table", table)
    found = evaluate(tmp_path, "guesses", seeds=2, executor=Leaves(lambda *_: None))

    lost, fine = sorted(found.rows("cells"), key=lambda row: row["seed"])
    assert (lost["status"], fine["status"]) == ("error", "ok")
    assert lost["detail"].startswith(f"the answers cannot be graded: {type(fault).__name__}: ")
    assert "\x1b" not in lost["detail"]
    assert "Traceback" in lost["log"]


def test_a_card_that_is_a_pipe_is_refused_at_once(genbench, tmp_path):
    (tmp_path / "odd").mkdir()
    os.mkfifo(tmp_path / "odd" / "card.toml")

    code, out, err = genbench("check", "odd")

    assert code == 2
    assert "card.toml is a pipe; it must be a file" in out + err


def test_what_a_terminal_obeys_never_reaches_it(genbench):
    code, out, err = genbench("show", "no\x1b[31msuch")

    assert code == 2
    assert "\x1b" not in out + err
    assert r"no\x1b[31msuch" in err


def test_a_name_in_rows_that_would_turn_a_pages_text_is_shown_as_what_it_is(genbench, results, tmp_path):
    store = Store(results)
    (cell,) = [row for row in store.read("cells").table.to_pylist() if row["status"] == "ok"]
    for name in ("cells", "scores"):
        rows = store.read_cell(name, "echo", "idle", cell["cell"]).to_pylist()
        altered = [{**row, "submission": "idle\u202e"} for row in rows]
        store.replace(name, "echo", "idle", cell["cell"], pa.Table.from_pylist(altered, TABLES[name]))

    code, _, _ = genbench("leaderboard", results, "--out", "site")
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]

    assert code == 0
    assert any(r"idle\u202e" in page for page in pages)
    assert not any("\u202e" in page for page in pages)
