"""Cells on a Ray cluster: each is a task of its own, asked for by its card, and walled there as here.

A task holds a parcel, and the large files of a problem travel through the object store, once a node. Ray is told to
retry nothing: a cell whose worker or node is lost is sent again from here, three times at most, so that one which takes
its worker with it ends too. What comes back is read once, here, so a cell has one row however often it was sent. Ray's
own habit of sending the folder that `uv run` was typed in to every node is turned off: targets may lie there.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue, Unavailable
from genbench.evaluation.executors import parcels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from genbench.evaluation.cell import Job, Outcome
    from genbench.evaluation.executors.parcels import Inside, Parcel, Returned

HINT: Final = "--executor ray needs Ray: pip install 'genbench[ray]'"
STARTED: Final = "local"  # the address of a cluster that is started on this machine, for as long as the evaluation
ADDRESS: Final = re.compile(r"auto|local|[^\s:/]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}")
# As Ray is set before it is imported: no folder travels by itself, nobody is told of its use, and what it has to say of
# lost workers does not come between the tables on standard output; rows and the evaluation say what became of cells.
SET: Final = {
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",
}
STRATEGIES: Final = ("DEFAULT", "SPREAD")
ROUND_SECONDS: Final = 2.0  # how long one look for what has ended may last
WAIT_SECONDS: Final = 60.0  # for a node that can hold a cell, where there is none


def there(parcel: Parcel, digests: tuple[str, ...], *contents: Any) -> Returned:
    """Run a parcel on the node; `contents` are its large files, as the object store holds them there."""
    return parcels.done(parcel, dict(zip(digests, contents, strict=True)))


@dataclass(slots=True)
class Sent:
    """A job at the cluster: its parcel, since when, and how often it was sent."""

    job: Job
    parcel: Parcel
    started: float = field(default_factory=time.time)
    clock: float = field(default_factory=time.perf_counter)
    attempts: int = 0

    def shape(self) -> dict[str, float]:
        """What it asks a node for, as Ray names it: CPUs, bytes of memory, GPUs."""
        context = self.job.context
        gpu = {"GPU": 1.0} if context.device == "cuda" else {}
        return {"CPU": float(context.threads), "memory": float(self.job.memory_bytes), **gpu}


class Ray:
    """The executor on Ray. `jobs` is how many cells may be there at a time; twice its CPUs where None.

    `address` is HOST:PORT; `auto`, the cluster that this machine is of; or `local`, one that is started here; without
    one it is RAY_ADDRESS, else auto, else local. `options` are `accelerator_type`, `scheduling_strategy`, and `wait`,
    seconds for a node that can hold a cell. Raises `Unavailable` without Ray, `BadValue` for the address and options.
    """

    def __init__(
        self,
        address: str | None = None,
        jobs: int | None = None,
        inside: Inside = "process",
        options: Mapping[str, str] | None = None,
    ) -> None:
        if address is not None and not ADDRESS.fullmatch(address):
            raise BadValue(
                f"the address is {address!r}; of ray it is HOST:PORT, auto, or local for a cluster started here"
            )
        self.wait, self.options = _options(options or {})
        for name, value in SET.items():
            os.environ.setdefault(name, value)
        try:
            import ray
        except ImportError:
            raise Unavailable([HINT]) from None
        self.ray: Any = ray
        self.address, self.jobs, self.inside = address, jobs, inside

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield one outcome per job as each finishes. Closing the iterator cancels those that are queued or run."""
        ours = self._connect()
        under_way: dict[Any, Sent] = {}
        try:
            yield from self._outcomes(iter(jobs), under_way)
        finally:
            for known in under_way:
                self.ray.cancel(known, force=True)
            if ours:
                self.ray.shutdown()

    def _connect(self) -> bool:
        """Connect to the cluster; whether that was for us to do. Raises `Unavailable` where it cannot be had."""
        ray = self.ray
        if ray.is_initialized():
            there = ray.get_runtime_context().gcs_address
            if self.address not in {None, "auto", there}:
                raise Unavailable([f"--address is {self.address}, and this process is connected to Ray at {there}"])
            return False
        quiet = {"log_to_driver": False, "logging_level": "ERROR", "configure_logging": False}
        alone = {"include_dashboard": False} if self.address == STARTED else {}
        try:
            ray.init(address=self.address, **quiet, **alone)
        except Exception as fault:  # nobody answers; another version; no room; a node that starts too slowly
            raise Unavailable(
                [f"no Ray at {self.address or 'this machine'}: {' '.join(str(fault).split())}"]
            ) from fault
        return True

    def _outcomes(self, source: Iterator[Job], under_way: dict[Any, Sent]) -> Iterator[Outcome]:
        waiting: list[Sent] = []
        large: dict[str, Any] = {}  # by digest, held as long as a cell here may need them
        nowhere: dict[tuple[tuple[str, float], ...], float] = {}
        while True:
            limit = self.jobs or max(1, 2 * int(self.ray.cluster_resources().get("CPU", 0)))
            while len(under_way) + len(waiting) < limit and (job := next(source, None)) is not None:
                waiting.append(Sent(job, parcels.packed(job, self.inside, lambda *one: self._keep(large, *one))))
                needed = {name for one in (*under_way.values(), *waiting) for name in one.parcel.shared.values()}
                for digest in large.keys() - needed:
                    del large[digest]
            for one in waiting:
                under_way[self._send(one, large)] = one
            waiting = []
            if not under_way:
                return
            ended, _ = self.ray.wait(list(under_way), timeout=ROUND_SECONDS)
            if not ended:
                self._see_that_they_fit(under_way.values(), nowhere)
            for known in ended:
                one = under_way.pop(known)
                outcome = self._ended(one, known)
                if outcome is None:
                    waiting.append(one)
                else:
                    yield outcome

    def _keep(self, large: dict[str, Any], digest: str, content: bytes) -> None:
        if digest not in large:
            import numpy as np

            large[digest] = self.ray.put(np.frombuffer(content, dtype=np.uint8))  # a node's cells read one copy of it

    def _send(self, sent: Sent, large: Mapping[str, Any]) -> Any:
        shape = sent.shape()
        digests = tuple(dict.fromkeys(sent.parcel.shared.values()))
        sent.attempts += 1
        return (
            self.ray.remote(there)
            .options(
                name="genbench",
                num_cpus=shape["CPU"],
                num_gpus=shape.get("GPU", 0),
                memory=int(shape["memory"]),
                max_retries=0,
                **self.options,
            )
            .remote(sent.parcel, digests, *(large[digest] for digest in digests))
        )

    def _ended(self, sent: Sent, known: Any) -> Outcome | None:
        """The outcome of a task that is over; None where it is to be sent again."""
        errors = self.ray.exceptions
        try:
            returned: Returned = self.ray.get(known)
        except errors.RayTaskError as fault:  # of our own code there: versions, no sandbox, no room
            raise Unavailable([" ".join(str(fault.cause or fault).split())]) from fault
        except errors.RayError as fault:
            if sent.attempts < parcels.MOST_ATTEMPTS:
                return None
            why = next((line for line in str(fault).splitlines() if line.strip()), type(fault).__name__)
            return parcels.lost(sent.job, sent.started, time.perf_counter() - sent.clock, why)
        return parcels.unpacked(returned, sent.job)

    def _see_that_they_fit(self, sent: Iterable[Sent], nowhere: dict[tuple[tuple[str, float], ...], float]) -> None:
        """Raise `Unavailable` where for too long no node could hold a cell even if it held no other: Ray waits on."""
        nodes = [node["Resources"] for node in self.ray.nodes() if node["Alive"]]
        kind = self.options.get("accelerator_type")
        for one in sent:
            asked = one.shape() | ({f"accelerator_type:{kind}": 0.001} if kind else {})
            name = tuple(sorted(asked.items()))
            if any(all(node.get(what, 0.0) >= much for what, much in name) for node in nodes):
                nowhere.pop(name, None)
            elif time.perf_counter() - nowhere.setdefault(name, time.perf_counter()) > self.wait:
                needs = f"{asked['CPU']:.0f} CPU and {asked['memory'] / 2**30:.1f} GiB"
                needs += f", and a GPU{f' of type {kind}' if kind else ''}" if "GPU" in asked else ""
                told = f"no node of the Ray cluster has {needs}, which {one.job.label} asks for"
                raise Unavailable([f"{told}; one was waited for {self.wait:.0f} s (--option wait=SECONDS)"])


def _options(given: Mapping[str, str]) -> tuple[float, dict[str, Any]]:
    """How long to wait for a node, and Ray's own options. Raises `BadValue`."""
    known = {"accelerator_type", "scheduling_strategy", "wait"}
    if unknown := sorted(given.keys() - known):
        raise BadValue(f"{unknown[0]!r} is no option of ray; it has {', '.join(sorted(known))}")
    wait = given.get("wait", str(WAIT_SECONDS))
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", wait):
        raise BadValue(f"wait is {wait!r}; it must be seconds, as 600")
    if (strategy := given.get("scheduling_strategy", "DEFAULT")) not in STRATEGIES:
        raise BadValue(f"scheduling_strategy is {strategy!r}; it must be one of {', '.join(STRATEGIES)}")
    return float(wait), {name: value for name, value in given.items() if name != "wait"}
