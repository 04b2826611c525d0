"""Cells as jobs of submitit, on this machine: the same rows as here, each cell once, whatever is lost."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from genbench.evaluation.executors.on_slurm import Slurm
from genbench.evaluation.executors.process import Process

sys.path.insert(0, str(Path(__file__).parent))
from swept import TABLES, evaluated, rows, statuses

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
