"""Run jobs in this process, one after the other: for a debugger, never for publication.

Nothing is enforced: no budget, no memory limit. What is printed goes where this process prints and is not kept; of a
submission that fails the traceback is kept, as its log. Rows say `sealing = none` and are never ranked.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from genbench.evaluation import worker
from genbench.evaluation.executors.jobs import LOG_BYTES, log_of, outcome, write_job
from genbench.evaluation.stages import handing_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from genbench.evaluation.cell import Job, Outcome
    from genbench.evaluation.worker import Make


class Here:
    """The in-process executor.

    `given` are submissions that are objects of this process already, by the folder that stands for them in their jobs.
    """

    apart = False

    def __init__(self, given: Mapping[Path, Make] | None = None) -> None:
        self.given = given or {}

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield one outcome per job, in order."""
        for job in jobs:
            started, clock = time.time(), time.perf_counter()
            write_job(job)
            work = partial(worker.fit_and_predict, make=self.given.get(job.contribution))
            with handing_over(job):
                said = worker.run(job.folder, fresh=False, work=work).encode(errors="backslashreplace")
            log = log_of(said[:LOG_BYTES], said[LOG_BYTES:])
            yield outcome(job, "none", started, time.perf_counter() - clock, log=log)
