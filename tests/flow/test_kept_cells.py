"""Which cells are kept and which run again: what an evaluation finds of an earlier one."""

import shutil

import pytest


def test_finished_cells_are_kept_and_failed_ones_run_again(evaluate, tmp_path):
    evaluate(tmp_path, "idle", "faulty@raises")

    again = evaluate(tmp_path, "idle", "faulty@raises", "guesses")

    assert {event.cell.submission.label: event.status for event in again.events} == {
        "idle": "kept",
        "faulty@raises": "error",
        "guesses": "ok",
    }
    assert again.statuses() == {"idle": "ok", "faulty@raises": "error", "guesses": "ok"}


def test_fresh_runs_finished_cells_again_and_leaves_one_row_each(evaluate, tmp_path):
    first = evaluate(tmp_path, "idle").cell("idle")

    again = evaluate(tmp_path, "idle", fresh=True)

    assert [event.status for event in again.events] == ["ok"]
    assert again.cell("idle")["cell"] == first["cell"]
    assert again.cell("idle")["started"] > first["started"]


@pytest.mark.parametrize("lost", ["scores", "predictions", "cells"])
def test_a_cell_that_lost_one_of_its_files_is_run_again(evaluate, tmp_path, lost):
    evaluate(tmp_path, "idle")
    (path,) = (tmp_path / lost).rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:-10])

    again = evaluate(tmp_path, "idle")

    assert [event.status for event in again.events] == ["ok"]
    assert again.rows(lost)
    assert again.skipped == []


def test_a_curve_of_an_earlier_run_does_not_outlive_it(evaluate, tmp_path, toys):
    shutil.copytree(toys, tmp_path / "toys")
    one = evaluate(tmp_path / "out", "stepping", toys=tmp_path / "toys")
    key = one.cell("stepping")["cell"]
    assert one.rows("curves", cell=key)

    one.store.append("echo", "stepping", key, {"cells": one.rows("cells")})

    assert one.rows("curves", cell=key) == []


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("the submission's code", lambda toys: _append(toys / "guesses" / "baseline.py", "CHANGED = 1")),
        ("a file beside it", lambda toys: (toys / "guesses" / "weights.bin").write_bytes(b"1")),
        ("the submission's card", lambda toys: _append(toys / "guesses" / "card.toml", "[budget]\nquick = 200")),
        ("the task's data", lambda toys: _other_data(toys / "echo")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_in_a_folder_makes_another_cell(evaluate, tmp_path, toys, what, change):
    shutil.copytree(toys, tmp_path / "toys")
    before = evaluate(tmp_path / "out", "guesses", toys=tmp_path / "toys")
    change(tmp_path / "toys")

    after = evaluate(tmp_path / "out", "guesses", toys=tmp_path / "toys")

    assert [event.status for event in after.events] == ["ok"], f"{what} was changed, and the cell was kept"
    assert len(after.rows("cells")) == len(before.rows("cells"))


def test_another_way_to_the_same_data_keeps_a_tasks_cells(evaluate, tmp_path, toys):
    shutil.copytree(toys, tmp_path / "toys")
    evaluate(tmp_path / "out", "guesses", toys=tmp_path / "toys")
    _append(tmp_path / "toys" / "echo" / "task.py", "CHANGED = 1")
    (tmp_path / "toys" / "echo" / "more.py").write_text("")

    after = evaluate(tmp_path / "out", "guesses", toys=tmp_path / "toys")

    assert [event.status for event in after.events] == ["kept"]


def _other_data(folder):
    for name, old, new in (
        ("task.py", "-50, 0", "-51, -1"),
        ("card.toml", 'fingerprint = "sha256:', 'fingerprint = "unseen"  # "'),
    ):
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))


def _append(path, text):
    path.write_text(f"{path.read_text()}\n{text}\n")


@pytest.mark.parametrize("change", ["guesses:numbers=50", "echo:questions=50"])
def test_another_parameter_makes_another_cell(evaluate, tmp_path, change):
    evaluate(tmp_path, "guesses")
    names = {"task": change} if change.startswith("echo") else {}

    after = evaluate(tmp_path, change if not names else "guesses", **names)

    assert [event.status for event in after.events] == ["ok"]
    assert len(after.rows("cells")) == 2


def test_a_cache_beside_the_code_makes_no_other_cell(evaluate, tmp_path, toys):
    shutil.copytree(toys, tmp_path / "toys")
    evaluate(tmp_path / "out", "guesses", toys=tmp_path / "toys")
    (tmp_path / "toys" / "guesses" / "__pycache__").mkdir(exist_ok=True)
    (tmp_path / "toys" / "guesses" / "__pycache__" / "x.pyc").write_bytes(b"1")
    (tmp_path / "toys" / "guesses" / ".notes").write_text("1")

    after = evaluate(tmp_path / "out", "guesses", toys=tmp_path / "toys")

    assert [event.status for event in after.events] == ["kept"]


LATER = """
[splits.later]
about = "more"
chance = 0.0
train = 50
fingerprint = "unseen"
[splits.later.questions.test]
kind = "ood"
rows = 100
"""


@pytest.mark.parametrize(
    ("change", "text"),
    [("guesses/baseline.py", "# looked at"), ("echo/task.py", "# looked at"), ("echo/card.toml", LATER)],
)
def test_a_comment_or_another_split_makes_no_other_cell(evaluate, tmp_path, toys, change, text):
    shutil.copytree(toys, tmp_path / "toys")
    evaluate(tmp_path / "out", "guesses", task="echo/small", toys=tmp_path / "toys")
    _append(tmp_path / "toys" / change, text)

    after = evaluate(tmp_path / "out", "guesses", task="echo/small", toys=tmp_path / "toys")

    assert [event.status for event in after.events] == ["kept"]


def test_compacted_cells_are_kept_and_one_that_is_new_lies_beside(evaluate, genbench, tmp_path):
    first = evaluate(tmp_path, "idle").cell("idle")

    code, shown, said = genbench("compact", str(tmp_path))

    assert (code, said) == (0, "")
    assert "1 cell of 1 split: " in shown
    assert not list((tmp_path / "cells").rglob("*.parquet"))
    again = evaluate(tmp_path, "idle", "guesses")
    assert {event.cell.submission.label: event.status for event in again.events} == {"idle": "kept", "guesses": "ok"}
    assert again.cell("idle") == first
    assert len(list((tmp_path / "cells").rglob("*.parquet"))) == 1
