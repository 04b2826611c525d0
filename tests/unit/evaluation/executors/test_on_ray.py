"""What of the executor on Ray needs no Ray: what is refused, and what is sent again."""

import sys
from types import SimpleNamespace

import pytest

from genbench.api.clusters import Cluster
from genbench.errors import BadValue, Unavailable
from genbench.evaluation.executors.on_ray import Ray, Sent

GIB = 2**30


class LostError(Exception):
    """Of a worker or node."""


class RaisedError(LostError):
    """By our own code there."""

    def __init__(self, cause):
        self.cause = cause


@pytest.fixture
def ray(monkeypatch):
    """A module in place of Ray: two nodes, and tasks that come to `ends`."""

    def get(known):
        raise known

    nodes = [{"Alive": True, "Resources": {"CPU": 4.0, "memory": 16.0 * GIB}}]
    nodes.append({"Alive": False, "Resources": {"CPU": 64.0, "memory": 256.0 * GIB, "GPU": 8.0}})
    errors = SimpleNamespace(RayError=LostError, RayTaskError=RaisedError)
    made = SimpleNamespace(nodes=lambda: nodes, get=get, exceptions=errors)
    monkeypatch.setitem(sys.modules, "ray", made)
    return made


def a_job(threads=1, device="cpu", memory=2 * GIB):
    context = SimpleNamespace(threads=threads, device=device)
    return Sent(SimpleNamespace(context=context, memory_bytes=memory, label="echo/small  idle  seed 0", key="k"), None)


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        (Cluster("ray://head:10001"), "the address is 'ray://head:10001'; of ray it is HOST:PORT, auto, or local"),
        (Cluster(options=("wait",)), "'wait' is no option of ray, which are spelled wait=600"),
        (
            Cluster(options=("partition=gpu",)),
            "'partition' is no option of ray; it has accelerator_type, scheduling_str",
        ),
        (Cluster(options=("wait=long",)), "wait is 'long'; it must be seconds, as 600"),
        (Cluster(options=("scheduling_strategy=spread",)), "is 'spread'; it must be one of DEFAULT, SPREAD"),
    ],
)
def test_a_cluster_that_is_described_wrongly_is_refused(cluster, message):
    with pytest.raises(BadValue, match=message):
        cluster.executor("ray", None)


def test_without_ray_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(Unavailable, match=r"needs Ray: pip install 'genbench\[ray\]'"):
        Cluster().executor("ray", None)


def test_a_cell_that_a_living_node_could_hold_is_waited_for_and_another_is_told_of(ray):
    executor = Ray(options={"wait": "0"})
    nowhere = {}

    for _ in range(3):
        executor._see_that_they_fit([a_job(threads=4)], nowhere)
    assert nowhere == {}

    executor._see_that_they_fit([on_card := a_job(device="cuda")], nowhere)
    with pytest.raises(
        Unavailable, match="no node of the Ray cluster has 1 CPU and 2.0 GiB, and a GPU, which echo/small"
    ):
        executor._see_that_they_fit([on_card], nowhere)


def test_what_is_lost_is_sent_again_until_it_was_sent_three_times(ray):
    executor, sent = Ray(), a_job()
    found = []

    for sent.attempts in (1, 2, 3):
        found.append(executor._ended(sent, LostError("the worker died\nof something")))

    assert found[:2] == [None, None]
    assert (found[2].status, found[2].detail) == (
        "crashed",
        "lost 3 times with its process or machine: the worker died",
    )


def test_what_our_own_code_says_there_ends_the_evaluation(ray):
    with pytest.raises(Unavailable, match="a machine of the cluster has numpy 0.1"):
        Ray()._ended(a_job(), RaisedError(Unavailable(["a machine of the cluster has numpy 0.1"])))
