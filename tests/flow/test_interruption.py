"""An evaluation that is interrupted leaves what it finished, nothing that runs on, and goes on from there."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from genbench.rows.store import Store


@pytest.fixture
def started(toys, tmp_path):
    """Starts `genbench evaluate` on three toys, of which the last waits for a file; gives the process."""
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "genbench.cli", "evaluate", f"{toys}/idle", f"{toys}/faulty@raises"]
    command += ["--task", f"{toys}/echo", "--jobs", "2", "--out", "results"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}

    def start(*options, last=f"{toys}/slow:gate={tmp_path}/gate"):
        own = [*command, *([last] if last else []), *options]
        return subprocess.Popen(
            own, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
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


@pytest.mark.parametrize("form", ["here", "fresh", "sandbox:bwrap", "sandbox:landlock"], indirect=True)
def test_ctrl_c_keeps_what_is_done_under_every_executor_and_the_same_command_goes_on(started, tmp_path, form):
    options = ["--executor", form, "--jobs", "1"]
    interrupted(started(*options), tmp_path, signal.SIGINT, inside=form == "here")
    (tmp_path / "gate").touch()
    seen = not form.startswith("sandbox")  # from there the gate is not, and a cell would wait for it for ever

    process = started(*options) if seen else started(*options, last=None)
    _, said = process.communicate(timeout=240)

    assert "1 finished cells were kept from before" in said
    last = {f"slow:gate={tmp_path}/gate": "ok"} if seen else {}
    assert statuses(tmp_path) == {"idle": "ok", "faulty@raises": "error"} | last


def test_one_that_is_asked_to_end_leaves_nothing_that_runs_on_either(started, tmp_path):
    interrupted(started(), tmp_path, signal.SIGTERM)


def test_one_whose_terminal_is_closed_leaves_nothing_that_runs_on_either(started, tmp_path):
    interrupted(started(), tmp_path, signal.SIGHUP)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGUSR1])
def test_one_that_is_killed_leaves_no_worker_and_no_folder_and_is_gone_on_from(started, tmp_path, how):
    process = started()
    workers = until_two_cells_are_done(process)
    process.send_signal(how)
    process.communicate(timeout=60)

    for _ in range(200):
        left = [worker for worker in workers if runs_on(worker)]
        if not left and not list((tmp_path / "tmp").iterdir()):
            break
        time.sleep(0.05)
    assert not left
    assert list((tmp_path / "tmp").iterdir()) == []
    assert statuses(tmp_path) == {"idle": "ok", "faulty@raises": "error"}


def test_an_impatient_second_ctrl_c_leaves_nothing_that_runs_on(started):
    process = started()
    workers = until_two_cells_are_done(process)

    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    process.communicate(timeout=60)

    assert process.returncode != 0
    assert not [worker for worker in workers if runs_on(worker)]


def runs_on(worker):
    """Whether a process lives; one that ended and that nobody has reaped yet does not."""
    try:
        return worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # reaped meanwhile
        return False


def interrupted(process, folder, how, *, inside=False):
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
    assert workers or inside
    assert not [worker for worker in workers if runs_on(worker)]
    assert list((folder / "tmp").iterdir()) == []


def statuses(folder):
    rows = Store(str(folder / "results")).read("cells").table.to_pylist()
    return {row["submission"]: row["status"] for row in rows}


@pytest.fixture
def enduring(toys, tmp_path):
    """Starts `genbench evaluate` on the toy that leaves checkpoints; `start(*options)` gives the process."""
    command = [sys.executable, "-m", "genbench.cli", "evaluate", f"{toys}/enduring:gate={tmp_path}/gate"]
    command += ["--task", f"{toys}/echo/small", "--out", "results"]
    environment = {**os.environ, "GENBENCH_CHECKPOINTS": str(tmp_path / "kept")}

    def start(*options):
        return subprocess.Popen(
            [*command, *options],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def interrupted_in_step_two(enduring, folder):
    process = enduring()
    while not steps_kept(folder) >= {1, 2}:
        time.sleep(0.02)
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    (folder / "gate").touch()


def steps_kept(folder):
    return {one["step"] for path in folder.glob("kept/*/steps.json") for one in json.loads(path.read_text())}


def test_an_interrupted_fit_goes_on_from_its_checkpoint_with_its_learning_curve(enduring, tmp_path):
    interrupted_in_step_two(enduring, tmp_path)

    _, said = enduring().communicate(timeout=120)

    (cell,) = Store(str(tmp_path / "results")).read("cells").table.to_pylist()
    assert cell["status"] == "ok", said
    assert "going on from step 2" in cell["log"]
    assert cell["fit_seconds"] > 2000, "with what it took before"
    assert cell["cpu_seconds"] > 800, "with what it took before"
    curve = Store(str(tmp_path / "results")).read("curves").table.to_pylist()
    assert sorted({row["step"] for row in curve}) == [1, 2, 3]
    assert not list((tmp_path / "kept").iterdir()), "a finished cell leaves no checkpoint"


def test_a_fresh_run_forgets_the_checkpoint(enduring, tmp_path):
    interrupted_in_step_two(enduring, tmp_path)

    enduring("--fresh").communicate(timeout=120)

    (cell,) = Store(str(tmp_path / "results")).read("cells").table.to_pylist()
    assert cell["status"] == "ok"
    assert "going on" not in cell["log"]
    assert cell["fit_seconds"] < 60


def test_checkpoints_that_cannot_be_kept_are_said_before_a_cell_runs(enduring, tmp_path):
    (tmp_path / "kept").write_text("a file where the folder should be")

    process = enduring()
    _, said = process.communicate(timeout=60)

    assert process.returncode == 2
    assert f"checkpoints cannot be kept in {tmp_path / 'kept'}" in said
    assert "GENBENCH_CHECKPOINTS names another folder" in said
    assert "Traceback" not in said


def test_an_evaluation_removes_no_folder_of_the_users(enduring, tmp_path):
    theirs = [tmp_path / "kept" / name for name in ("bert-base", "llama-3", f"{'0' * 24}-{'0' * 8}")]
    for folder in theirs:
        folder.mkdir(parents=True)
        (folder / "weights").write_text("many")
        os.utime(folder, (time.time() - 400 * 86_400,) * 2)
    (tmp_path / "gate").touch()

    _, said = enduring().communicate(timeout=120)

    assert statuses(tmp_path) == {f"enduring:gate={tmp_path}/gate": "ok"}, said
    assert sorted((tmp_path / "kept").iterdir()) == sorted(theirs)
    assert all((folder / "weights").read_text() == "many" for folder in theirs)
