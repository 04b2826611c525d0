"""An evaluation that is interrupted leaves what it finished, nothing that runs on, and goes on from there."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from genbench.store import Store


@pytest.fixture
def started(toys, tmp_path):
    """Starts `genbench evaluate` on three toys, of which the last waits for a file; gives the process."""
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "genbench.cli", "evaluate", f"{toys}/idle", f"{toys}/faulty@raises"]
    command += [f"{toys}/slow:gate={tmp_path}/gate", "--task", f"{toys}/echo", "--jobs", "3", "--out", "results"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}

    def start():
        return subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def until_two_cells_are_done(process):
    lines = []
    while not any(line.startswith("[2/3]") for line in lines):
        line = process.stderr.readline()
        assert line, f"ended early: {lines}"
        lines.append(line)
    return psutil.Process(process.pid).children(recursive=True)


def test_an_interrupted_evaluation_keeps_its_finished_cells_and_goes_on_from_there(started, tmp_path):
    interrupted(started(), tmp_path, signal.SIGINT)
    (tmp_path / "gate").touch()

    process = started()
    shown, said = process.communicate(timeout=120)

    assert process.returncode == 1, "a cell still fails"
    assert "1 finished cells were kept from before" in said
    assert statuses(tmp_path) == {"idle": "ok", "faulty@raises": "error", f"slow:gate={tmp_path}/gate": "ok"}
    assert "page: results/leaderboard/index.html" in shown


def test_one_that_is_asked_to_end_leaves_nothing_that_runs_on_either(started, tmp_path):
    interrupted(started(), tmp_path, signal.SIGTERM)


def test_an_impatient_second_ctrl_c_leaves_nothing_that_runs_on(started):
    process = started()
    workers = until_two_cells_are_done(process)

    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    process.communicate(timeout=60)

    assert process.returncode != 0
    assert not [worker for worker in workers if worker.is_running()]


def interrupted(process, folder, how):
    """Interrupt an evaluation after its second cell, and see that it tidies up and says how to go on."""
    workers = until_two_cells_are_done(process)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert said.splitlines()[-2:] == [
        "interrupted: 2 cells finished now and 0 before are kept in results; 1 are left.",
        "Run the same command again to go on.",
    ]
    assert statuses(folder) == {"idle": "ok", "faulty@raises": "error"}
    assert workers
    assert not [worker for worker in workers if worker.is_running()]
    assert list((folder / "tmp").iterdir()) == []


def statuses(folder):
    rows = Store(str(folder / "results")).read("cells").table.to_pylist()
    return {row["submission"]: row["status"] for row in rows}
