"""Cells on a Ray cluster that loses a worker and a node while they run, and the log of it, as docs/cluster.md shows it.

    uv run --group elsewhere python tests/elsewhere/cluster_log.py

A head and three nodes of one CPU, all on this machine. Eight cells do nothing, one ends its process, one takes the
worker above it along, and four wait until a worker and a node were killed from outside. A line tells what was lost, or
how a cell ended, with the seconds since the nodes were there.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parent))
from swept import cells_of, statuses

from genbench.evaluation.executors.on_ray import SET, Ray
from genbench.evaluation.plan import Plan
from genbench.evaluation.run import run
from genbench.rows.store import Store

MOST = 100  # characters of a line
NODE = {"num_cpus": 1, "memory": 16 * 2**30, "object_store_memory": 100 * 2**20, "include_dashboard": False}


def main() -> None:
    """Run it, print it."""
    os.environ.update(SET)  # before Ray is imported, as the executor has it
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="g") as place:
        os.environ["TMPDIR"] = place
        cluster = Cluster(initialize_head=True, head_node_args={**NODE, "num_cpus": 0})
        nodes = [cluster.add_node(**NODE) for _ in range(3)]
        gate = Path(place) / "gate"
        named = {f"slow:gate={gate}": 4, "faulty@vanishes": 1, f"poison:tried={place}/tried": 1, "idle": 8}
        cells = tuple(cell for name, seeds in named.items() for cell in cells_of(name, seeds=seeds).cells)
        began = time.monotonic()
        threading.Thread(target=lose, args=(cluster, nodes[-1], gate, began), daemon=True).start()
        store = Store(f"{place}/rows")
        for event in run(Plan(cells, ()), Ray(cluster.address), store):
            name = event.cell.submission.label.partition(":")[0]
            told(began, f"{name} seed {event.cell.seed}: {event.status}{f', {event.detail}' if event.detail else ''}")
        counted = ", ".join(f"{count} {status}" for status, count in sorted(Counter(statuses(store)).items()))
        told(began, f"{len(cells)} cells, {len(statuses(store))} rows: {counted}")
        cluster.shutdown()


def lose(cluster: Any, node: Any, gate: Path, began: float) -> None:
    """Kill a worker that waits, then a node; then let the cells that wait go on."""
    until(lambda: len(workers()) == 3)
    lost = min(workers())
    os.kill(lost, signal.SIGKILL)
    told(began, "-- a worker is killed")
    until(lambda: len(workers() - {lost}) == 3)
    cluster.remove_node(node, allow_graceful=False)
    told(began, "-- a node is killed")
    gate.touch()


def workers() -> set[int]:
    """The processes of Ray that run a cell now."""
    found = psutil.process_iter(["cmdline"])
    return {one.pid for one in found if (one.info["cmdline"] or [""])[0].startswith("ray::genbench")}


def until(what: Callable[[], bool]) -> None:
    """Wait for it."""
    while not what():
        time.sleep(0.1)


def told(began: float, text: str) -> None:
    """Print a line."""
    print(f"{time.monotonic() - began:6.1f} s  {text if len(text) <= MOST else text[: MOST - 4] + ' ...'}", flush=True)


if __name__ == "__main__":
    main()
