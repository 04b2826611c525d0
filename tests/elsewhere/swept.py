"""Cells of the toys, evaluated by an executor, and what their rows say that two runs of one kind would say, too."""

import json
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
