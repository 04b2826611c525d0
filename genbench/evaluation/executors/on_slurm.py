"""Cells on a Slurm cluster, by submitit: each is a job of its own, asked for by its card, and walled there as here.

Jobs of one shape go as job arrays, none larger than the site allows. Parcels lie in a folder of the current one, which
the cluster must share, readable by their user alone, and are removed at the end. A job that is warned of its end is
queued again: by the signal that submitit has Slurm send, SIGUSR2, or what SUBMITIT_PREEMPT_SIGNAL names; SIGTERM alone
ends none. One that is lost is sent again, three times at most. `local` runs the same jobs on this machine, as many at a
time as are asked for.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue, Unavailable
from genbench.evaluation.executors import parcels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from genbench.evaluation.cell import Job, Outcome
    from genbench.evaluation.executors.parcels import Inside, Parcel, Returned

HINT: Final = "--executor slurm needs submitit: pip install 'genbench[slurm]'"
FOLDER: Final = "genbench-slurm"  # in the current folder, which the cluster's machines must see
AT_ONCE: Final = 1000  # cells that are queued or run, and the largest array where the site does not tell: Slurm's own
ROUND_SECONDS: Final = 300.0  # beside a cell's budget: imports from a cold disk, and the ending
POLL_SECONDS: Final = 0.5


class Carried:
    """A parcel on the shared disk, as submitit calls it on the other machine; `large` is where its large files are."""

    def __init__(self, parcel: Parcel, large: Path) -> None:
        self.parcel, self.large = parcel, large

    def __call__(self) -> Returned:
        """Run it there."""
        digests = set(self.parcel.shared.values())
        return parcels.done(self.parcel, {digest: (self.large / digest).read_bytes() for digest in digests})

    def checkpoint(self) -> Any:
        """What is queued again where the job is told to end: the same; its fit goes on from its own checkpoints."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


@dataclass(slots=True)
class Sent:
    """A job to be sent, or at the cluster: its parcel, since when, how often, and as what it is known there."""

    job: Job
    parcel: Parcel
    started: float = field(default_factory=time.time)
    clock: float = field(default_factory=time.perf_counter)
    attempts: int = 0
    known: Any = None

    def shape(self) -> tuple[int, int, int, int]:
        """What it asks for: minutes, threads, memory in GiB, GPUs."""
        context = self.job.context
        minutes = math.ceil((context.budget_seconds + self.job.beyond_seconds + ROUND_SECONDS) / 60)
        gpus = 1 if context.device == "cuda" else 0
        return minutes, context.threads, math.ceil(self.job.memory_bytes / 2**30), gpus


def arrays(waiting: Iterable[Sent], limit: int) -> Iterator[list[Sent]]:
    """Jobs of one shape together, at most `limit` of them, in the order they came."""
    groups: dict[tuple[int, ...], list[Sent]] = {}
    for one in waiting:
        groups.setdefault(one.shape(), []).append(one)
    for group in groups.values():
        for first in range(0, len(group), limit):
            yield group[first : first + limit]


def largest_array() -> int:
    """The most jobs that the site takes as one array, as `scontrol` tells it."""
    if shutil.which("scontrol") is None:
        return AT_ONCE
    told = subprocess.run(["scontrol", "show", "config"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    found = re.search(r"^MaxArraySize\s*=\s*(\d+)", told, re.MULTILINE)
    return max(1, int(found[1]) - 1) if found else AT_ONCE  # the highest index is one below


class Slurm:
    """The executor on Slurm. `cluster` is slurm, or local; `jobs` is how many cells may be there at a time.

    `options` are sbatch's, by submitit's names. Raises `Unavailable` without submitit or Slurm, `BadValue` for options.
    """

    def __init__(
        self,
        cluster: str = "slurm",
        jobs: int | None = None,
        inside: Inside = "process",
        options: Mapping[str, str] | None = None,
    ) -> None:
        try:
            import submitit
        except ImportError:
            raise Unavailable([HINT]) from None
        if cluster == "slurm" and shutil.which("sbatch") is None:
            raise Unavailable(
                ["--executor slurm needs Slurm, and there is no sbatch here; --address local does without"]
            )
        self.submitit, self.cluster, self.inside = submitit, cluster, inside
        self.options = {f"slurm_{name}": value for name, value in (options or {}).items()}
        self.jobs = jobs or (AT_ONCE if cluster == "slurm" else 1)

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield one outcome per job as each finishes. Closing the iterator cancels those that are queued or run."""
        folder = Path(FOLDER).absolute() / uuid.uuid4().hex
        folder.mkdir(parents=True, mode=0o700)
        large = folder / "large"
        large.mkdir()
        limit = largest_array() if self.cluster == "slurm" else 1
        source = iter(jobs)
        under_way: list[Sent] = []
        try:
            waiting: list[Sent] = []
            while True:
                while len(under_way) + len(waiting) < self.jobs and (job := next(source, None)) is not None:
                    waiting.append(Sent(job, parcels.packed(job, self.inside, lambda *one: _keep(large, *one))))
                for array in arrays(waiting, limit):
                    self._send(array, folder, large)
                    under_way += array
                waiting = []
                if not under_way:
                    return
                ended = [one for one in under_way if one.known.done()]
                if not ended:
                    time.sleep(POLL_SECONDS)
                for one in ended:
                    under_way.remove(one)
                    outcome = self._ended(one)
                    if outcome is None:
                        waiting.append(one)
                    else:
                        yield outcome
        finally:
            for one in under_way:
                one.known.cancel(check=False)
            shutil.rmtree(folder, ignore_errors=True)

    def _send(self, array: Sequence[Sent], folder: Path, large: Path) -> None:
        minutes, threads, memory, gpus = array[0].shape()
        executor = self.submitit.AutoExecutor(folder=folder / "jobs", cluster=self.cluster)
        try:
            executor.update_parameters(
                name="genbench",
                timeout_min=minutes,
                cpus_per_task=threads,
                mem_gb=memory,
                gpus_per_node=gpus,
                **self.options,
            )
        except (ValueError, TypeError, NameError) as fault:
            raise BadValue(f"Slurm's options: {fault}") from fault
        with executor.batch():
            known = [executor.submit(Carried(one.parcel, large)) for one in array]
        for one, job in zip(array, known, strict=True):
            one.known = job
            one.attempts += 1

    def _ended(self, sent: Sent) -> Outcome | None:
        """The outcome of a job that is over; None where it is to be sent again."""
        errors = self.submitit.core.utils
        try:
            returned: Returned = sent.known.result()
        except errors.FailedJobError as fault:  # of our own code there: versions, no sandbox, no room
            lines = [line for line in str(fault).splitlines() if line.strip()]
            raise Unavailable([lines[-1] if lines else str(fault)]) from fault
        except (errors.UncompletedJobError, OSError) as fault:
            if sent.attempts < parcels.MOST_ATTEMPTS:
                return None
            why = next((line for line in str(fault).splitlines() if line.strip()), type(fault).__name__)
            return parcels.lost(sent.job, sent.started, time.perf_counter() - sent.clock, why)
        return parcels.unpacked(returned, sent.job)


def _keep(large: Path, digest: str, content: bytes) -> None:
    if not (large / digest).exists():
        partial = large / f".{digest}"
        partial.write_bytes(content)
        partial.replace(large / digest)  # a name that is there says that it is whole
