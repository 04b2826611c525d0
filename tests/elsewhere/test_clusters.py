"""Cells as jobs of submitit, on this machine: the same rows as here, each cell once, whatever is lost."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from genbench.evaluation.executors import parcels
from genbench.evaluation.executors.on_slurm import Slurm
from genbench.evaluation.executors.process import Process

sys.path.insert(0, str(Path(__file__).parent))
from swept import TABLES, evaluated, interrupted, rows, statuses

pytest.importorskip("submitit", reason="needs --group elsewhere")

pytestmark = pytest.mark.filterwarnings("default")  # of these libraries, which are not ours to mend


@pytest.fixture
def on_slurm(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Slurm("local", jobs=2)


@pytest.fixture(scope="module")
def as_here(tmp_path_factory):
    return evaluated(tmp_path_factory.mktemp("here"), Process(1, prepared=False), "idle", "stepping", seeds=2)


def test_rows_from_a_cluster_are_those_of_a_process_here(on_slurm, as_here, tmp_path):
    store = evaluated(tmp_path / "rows", on_slurm, "idle", "stepping", seeds=2)

    for table in TABLES:
        assert rows(store, table) == rows(as_here, table)


def test_of_twenty_cells_one_that_ends_its_process_is_one_row_that_says_so(on_slurm, tmp_path):
    name = "faulty@vanishes"

    store = evaluated(tmp_path / "rows", on_slurm, "idle", seeds=19)
    store = evaluated(tmp_path / "rows", on_slurm, name, "idle", seeds=1)

    assert statuses(store) == ["crashed", *["ok"] * 19]


def test_a_job_of_submitit_that_is_killed_is_sent_again_and_leaves_nothing(on_slurm, tmp_path):
    begun = time.monotonic()
    killed = []

    def kill():
        while not killed and time.monotonic() < begun + 60:
            for one in psutil.process_iter(["cmdline"]):
                words = " ".join(one.info["cmdline"] or ())
                if "submitit.core._submit" in words and str(tmp_path) in words:
                    os.kill(one.pid, signal.SIGKILL)
                    killed.append(one.pid)
            time.sleep(0.1)

    threading.Thread(target=kill, daemon=True).start()
    store = evaluated(tmp_path / "rows", on_slurm, "idle", seeds=2)

    assert killed
    assert statuses(store) == ["ok", "ok"]
    assert list((tmp_path / "genbench-slurm").iterdir()) == []


def test_a_job_that_is_warned_of_its_end_is_queued_again_and_sigterm_ends_none(on_slurm, tmp_path, monkeypatch):
    monkeypatch.setattr(parcels, "MOST_ATTEMPTS", 1)  # it is not we who send it again
    gate = tmp_path / "gate"
    met = []

    def jobs():
        told = [(one, " ".join(one.info["cmdline"] or ())) for one in psutil.process_iter(["cmdline"])]
        return [one for one, words in told if "submitit.core._submit" in words and str(tmp_path) in words]

    def warn():
        end = time.monotonic() + 120
        for sent in (signal.SIGTERM, signal.SIGUSR2):
            while not (running := [one for one in jobs() if one.children() and one.pid not in met[1:]]):
                assert time.monotonic() < end
                time.sleep(0.1)
            met.append(running[0].pid)
            running[0].send_signal(sent)
            time.sleep(0.5)
        while not [one for one in jobs() if one.children() and one.pid != met[-1]]:
            assert time.monotonic() < end
            time.sleep(0.1)
        gate.touch()

    threading.Thread(target=warn, daemon=True).start()
    store = evaluated(tmp_path / "rows", on_slurm, f"slow:gate={gate}")

    assert len(met) == 2
    assert met[0] == met[1]  # SIGTERM did not end it
    assert statuses(store) == ["ok"]


def test_ctrl_c_keeps_what_is_done_leaves_nothing_that_runs_and_the_same_command_goes_on(genbench, toys, tmp_path):
    words = [f"{toys}/idle", f"{toys}/slow:gate={tmp_path}/gate", "--task", f"{toys}/echo", "--out", "rows"]

    interrupted([*genbench, "evaluate", *words, "--executor", "slurm", "--address", "local", "--jobs", "2"], tmp_path)

    assert list((tmp_path / "genbench-slurm").iterdir()) == []
