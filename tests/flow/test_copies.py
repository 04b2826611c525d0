"""At a yield a copy of the process is asked: what it sees of questions is not learned of, unless the card says so."""

import shutil
import sys

import pytest

from genbench.cli import main

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made where threads can be counted: Linux")


def final(done):
    return {row["value"] for row in done.rows("scores", axis="", metric="exact_match")}


def test_what_is_asked_during_fit_is_not_remembered(evaluate, tmp_path, behind_the_wall):
    done = evaluate(tmp_path, "peeks", executor=behind_the_wall)

    assert final(done) == {0.0}
    assert done.cell("peeks")["asked_during_fit"] == "copy"


def test_a_submission_that_says_it_is_transductive_remembers(evaluate, tmp_path, toys, behind_the_wall):
    shutil.copytree(toys / "echo", tmp_path / "echo")
    card = shutil.copytree(toys / "peeks", tmp_path / "peeks") / "card.toml"
    card.write_text(card.read_text().replace("license =", "transductive = true\nlicense ="))

    done = evaluate(tmp_path / "rows", "peeks", executor=behind_the_wall, toys=tmp_path)

    assert final(done) == {1.0}
    assert done.cell("peeks")["log"] == ""
    assert done.cell("peeks")["asked_during_fit"] == "itself"


def test_the_table_and_the_page_say_that_it_learns_of_the_questions(toys, tmp_path, capsys):
    shutil.copytree(toys / "echo", tmp_path / "echo")
    card = shutil.copytree(toys / "peeks", tmp_path / "peeks") / "card.toml"
    card.write_text(card.read_text().replace("license =", "transductive = true\nlicense ="))
    place = tmp_path / "rows"

    main(["evaluate", str(tmp_path / "peeks"), "--task", str(tmp_path / "echo"), "--out", str(place), "--long"])

    assert "learns of the questions during fit" in " ".join(capsys.readouterr().out.split())
    assert "learns of the questions during fit" in (place / "leaderboard" / "tasks" / "echo" / "small.html").read_text()


@pytest.mark.parametrize(
    ("variant", "status", "detail"),
    [
        ("raises", "error", "ValueError: no such luck (baseline.py:"),
        ("leaves", "crashed", "the process exited with code 7"),
    ],
)
def test_a_fault_in_the_copy_is_the_cells(evaluate, tmp_path, behind_the_wall, variant, status, detail):
    cell = evaluate(tmp_path, f"peeks@{variant}", executor=behind_the_wall).cell(f"peeks@{variant}")

    assert cell["status"] == status
    assert cell["detail"].startswith(detail)
    assert cell["log"].count("Traceback") == (variant == "raises")


def test_where_another_thread_runs_the_process_itself_is_asked_and_says_so(evaluate, tmp_path, behind_the_wall):
    done = evaluate(tmp_path, "peeks@threads", executor=behind_the_wall)

    said = done.cell("peeks@threads")["log"]
    assert said.startswith("genbench: asked during fit in the process itself; other threads run: ")
    assert done.cell("peeks@threads")["asked_during_fit"] == "itself"
    assert final(done) == {1.0}
