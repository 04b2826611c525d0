"""Run jobs in this process, one after the other: for a debugger, never for publication.

Nothing is enforced: no budget, no memory limit, no captured output. Rows say `sealing = none` and are never ranked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genbench.evaluation import worker
from genbench.evaluation.executors.jobs import outcome, write_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from genbench.evaluation.cell import Job, Outcome


class Here:
    """The in-process executor."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield one outcome per job, in order."""
        for job in jobs:
            started, clock = time.time(), time.perf_counter()
            write_job(job)
            worker.run(job.folder, fresh=False)
            yield outcome(job, "none", started, time.perf_counter() - clock)
