"""Cells on a real Ray cluster of several nodes on this machine: the same rows as here, each once, whatever is lost.

A node ends where its helpers, three interpreters, take more than 15 seconds to begin, and Ray lets nobody change that:
on a machine that does much else, `nice -n -10` before the command helps.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from genbench.errors import Unavailable
from genbench.evaluation.executors import parcels
from genbench.evaluation.executors.on_ray import SET, Ray
from genbench.evaluation.executors.process import Process
from genbench.evaluation.run import run
from genbench.rows.store import Store

sys.path.insert(0, str(Path(__file__).parent))
from swept import TABLES, TOYS, cells_of, evaluated, interrupted, rows, statuses

os.environ.update(SET)  # before Ray is imported, as the executor has it
pytest.importorskip("ray", reason="needs --group elsewhere")

pytestmark = pytest.mark.filterwarnings("default")  # of these libraries, which are not ours to mend
GIB = 2**30
NODE = {"num_cpus": 1, "memory": 16 * GIB, "object_store_memory": 100 * 2**20, "include_dashboard": False}


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """Where the nodes put folders of cells; not below pytest's own, whose long names no socket could have."""
    return tmp_path_factory.mktemp("there")


@pytest.fixture(scope="module")
def cluster(there):
    """A head that runs no cell, and two nodes that run one at a time each."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(there))
        made = Cluster(initialize_head=True, head_node_args={**NODE, "num_cpus": 0})
        for _ in range(2):
            made.add_node(**NODE)
        patch.undo()
        yield made
    made.shutdown()


@pytest.fixture(scope="module")
def as_here(tmp_path_factory):
    return evaluated(tmp_path_factory.mktemp("here"), Process(1, prepared=False), "idle", "stepping", seeds=2)


def on(cluster, jobs=None, **options):
    return Ray(cluster.address, jobs, options=options)


def workers():
    """The processes of Ray that run a cell now."""
    return {
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if (one.info["cmdline"] or [""])[0].startswith("ray::genbench")
    }


def until(what, seconds=90):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def test_rows_from_a_cluster_are_those_of_a_process_here(cluster, as_here, tmp_path):
    store = evaluated(tmp_path / "rows", on(cluster), "idle", "stepping", seeds=2)

    for table in TABLES:
        assert rows(store, table) == rows(as_here, table)


def test_of_twenty_cells_one_that_ends_its_process_is_one_row_that_says_so(cluster, tmp_path):
    store = evaluated(tmp_path / "rows", on(cluster), "idle", seeds=19)
    store = evaluated(tmp_path / "rows", on(cluster), "faulty@vanishes", "idle", seeds=1)

    assert statuses(store) == ["crashed", *["ok"] * 19]


def test_whatever_is_killed_each_cell_ends_in_one_row_and_nothing_is_left(cluster, there, tmp_path, monkeypatch):
    monkeypatch.setattr(parcels, "MOST_ATTEMPTS", 9)  # one cell may be met by each of the kills
    gate, name = tmp_path / "gate", f"{TOYS}/slow:gate={tmp_path / 'gate'}"
    lost_node = cluster.add_node(**NODE)
    killed = []

    def kill():
        for _ in range(2):
            until(lambda: len(workers()) == 3)
            killed.append(min(workers()))
            os.kill(killed[-1], signal.SIGKILL)
            until(lambda: killed[-1] not in workers())
        until(lambda: len(workers()) == 3)
        cluster.remove_node(lost_node, allow_graceful=False)
        killed.append("node")
        gate.touch()

    killing = threading.Thread(target=kill, daemon=True)
    killing.start()
    store = evaluated(tmp_path / "rows", on(cluster), name.removeprefix(f"{TOYS}/"), seeds=12)
    killing.join()

    assert len(killed) == 3
    assert statuses(store) == ["ok"] * 12
    assert sorted(store.read("cells").table["seed"].to_pylist()) == list(range(12))
    until(lambda: not list(there.glob("genbench-*")))  # the wardens of those that were killed tidy up


def test_a_cell_that_takes_its_worker_with_it_is_sent_three_times_and_the_others_end(cluster, tmp_path, capsys):
    tried = tmp_path / "tried"

    store = evaluated(tmp_path / "rows", on(cluster), f"poison:tried={tried}", "idle", seeds=1)

    assert statuses(store) == ["crashed", "ok"]
    told = dict(zip(*(store.read("cells").table[name].to_pylist() for name in ("status", "detail")), strict=True))
    assert told["crashed"].startswith("lost 3 times with its process or machine: ")
    assert tried.read_text().splitlines() == ["tried"] * 3
    time.sleep(2)  # Ray would have told by now
    assert capsys.readouterr().out == ""


def test_no_target_reaches_the_cluster(cluster, tmp_path, monkeypatch):
    import ray
    from ray import cloudpickle

    sent, put = [], ray.put
    executor = on(cluster)
    monkeypatch.setattr(ray, "put", lambda value: sent.append(value.tobytes()) or put(value))
    packed = parcels.packed
    monkeypatch.setattr(parcels, "packed", lambda *one: sent.append(packed(*one)) or sent[-1])

    store = evaluated(tmp_path / "rows", executor, "idle", task="whispers")

    assert store.read("predictions").table["target"][0].as_py().startswith("whispered of ")
    whole = b"".join(one if isinstance(one, bytes) else cloudpickle.dumps(one) for one in sent)
    assert len(whole) > 80_000  # ten thousand questions, in the object store
    assert b"taught of" in whole
    assert b"whispered of" not in whole
    for file in (path for path in Path(cluster.head_node.get_session_dir_path()).rglob("*") if path.is_file()):
        assert b"whispered of" not in file.read_bytes()


def test_a_cell_that_no_node_could_hold_is_told_of_and_not_waited_for_for_ever(cluster, tmp_path):
    planned = cells_of("idle", device="cuda")

    with pytest.raises(
        Unavailable, match=r"no node .* has 1 CPU and 8.0 GiB, and a GPU, which echo/small .*waited for 1 s"
    ):
        list(run(planned, on(cluster, wait="1"), Store(str(tmp_path))))


def test_ctrl_c_keeps_what_is_done_leaves_nothing_that_runs_and_the_same_command_goes_on(cluster, genbench, tmp_path):
    words = [f"{TOYS}/idle", f"{TOYS}/slow:gate={tmp_path}/gate", "--task", f"{TOYS}/echo", "--out", "rows"]

    interrupted([*genbench, "evaluate", *words, "--executor", "ray", "--address", cluster.address], tmp_path)

    until(lambda: not workers())


def test_the_command_sends_no_folder_to_the_cluster_even_under_uv(cluster, tmp_path):
    command = [
        "uv",
        "run",
        "--no-sync",
        "genbench",
        "evaluate",
        f"{TOYS}/idle",
        "--task",
        f"{TOYS}/echo",
        "--seeds",
        "2",
    ]

    ended = subprocess.run(
        [*command, "--out", str(tmp_path / "rows"), "--executor", "ray", "--address", cluster.address],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name not in SET},
    )

    assert ended.returncode == 0, ended.stderr
    assert statuses(Store(str(tmp_path / "rows"))) == ["ok", "ok"]
    assert list(Path(cluster.head_node.get_session_dir_path()).rglob("_ray_pkg_*")) == []
