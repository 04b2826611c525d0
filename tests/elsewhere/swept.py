"""Cells of the toys, evaluated by an executor, and what their rows say that two runs of one kind would say, too."""

import json
import signal
import subprocess
from pathlib import Path

from genbench import registry
from genbench.evaluation.plan import plan
from genbench.evaluation.run import run
from genbench.rows.store import Store

TOYS = Path(__file__).parents[1] / "toys"
# What differs by its nature, between two runs of the same kind as well.
MEASURED = {
    "cell_seconds",
    "fit_seconds",
    "predict_seconds",
    "cpu_seconds",
    "peak_memory_bytes",
    "started",
    "start",
    "log",
}
TABLES = ("cells", "scores", "predictions", "marks", "curves")


def cells_of(*submissions, seeds=1, task="echo", device="cpu"):
    found = registry.Catalogue()
    return plan(
        registry.choose_splits([f"{TOYS}/{task}"], found),
        registry.choose_submissions([f"{TOYS}/{name}" for name in submissions], found),
        seeds,
        "quick",
        device,
    )


def evaluated(place, executor, *submissions, seeds=1, task="echo"):
    store = Store(str(place))
    for _ in run(cells_of(*submissions, seeds=seeds, task=task), executor, store):
        pass
    return store


def rows(store, table):
    found = store.read(table)
    assert found.skipped == ()
    told = [{name: value for name, value in row.items() if name not in MEASURED} for row in found.table.to_pylist()]
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in told)


def statuses(store):
    return sorted(store.read("cells").table["status"].to_pylist())


def interrupted(command, folder):
    """Interrupt a command after the first of its two cells, let the other end by the file `gate`, and type it again."""
    running = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (line := running.stderr.readline()).startswith("[1/2]"):
        assert line, "it ended early"
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)

    assert running.returncode == 130, said
    assert "interrupted: 1 cells finished now and 0 before are kept in rows; 1 are left." in said
    assert statuses(Store(f"{folder}/rows")) == ["ok"]
    (folder / "gate").touch()
    again = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (again.returncode, "1 finished cells were kept" in again.stderr) == (0, True), again.stderr
    assert statuses(Store(f"{folder}/rows")) == ["ok", "ok"]
