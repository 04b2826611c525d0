"""What of the executor on Slurm needs no Slurm: which jobs go as one array, and what is refused."""

from types import SimpleNamespace

import pytest

from genbench.api.clusters import Cluster
from genbench.api.evaluating import prepare
from genbench.errors import BadValue
from genbench.evaluation.executors.on_slurm import Sent, arrays, largest_array


def a_job(threads=1, device="cpu", budget=60.0, memory=2**30):
    context = SimpleNamespace(threads=threads, device=device, budget_seconds=budget)
    return Sent(SimpleNamespace(context=context, memory_bytes=memory, beyond_seconds=0.0), None)


def test_an_array_holds_jobs_of_one_shape_and_no_more_than_the_site_allows():
    plain, wide, on_card = [a_job() for _ in range(5)], [a_job(threads=4)], [a_job(device="cuda", budget=3600.0)]

    made = list(arrays([*plain[:3], *wide, *plain[3:], *on_card], 2))

    assert [len(one) for one in made] == [2, 2, 1, 1, 1]
    assert made[0] + made[1] + made[2] == plain
    assert on_card[0].shape() == (65, 1, 1, 1)


def test_the_largest_array_is_what_the_site_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert largest_array() == 1000

    program = tmp_path / "scontrol"
    program.write_text("#!/bin/sh\necho 'MaxArraySize            = 301'\n", encoding="utf-8")
    program.chmod(0o755)
    assert largest_array() == 300


@pytest.mark.parametrize(
    ("cluster", "name", "message"),
    [
        (Cluster("head:6379"), "slurm", "the address is 'head:6379'; of slurm it is slurm, or local"),
        (Cluster(options=("partition gpu",)), "slurm", "'partition gpu' is no option of Slurm"),
    ],
)
def test_a_cluster_that_is_described_wrongly_is_refused(cluster, name, message):
    with pytest.raises(BadValue, match=message):
        cluster.executor(name, None)


def test_a_cluster_that_nobody_would_run_cells_on_is_refused():
    with pytest.raises(
        BadValue, match="executor is process, which runs cells here; address, inside and options are of slurm and ray"
    ):
        prepare("majority", "modular/addition:p=11", cluster=Cluster("head:6379"))
