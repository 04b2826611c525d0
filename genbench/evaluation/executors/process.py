"""Run each job in a process of its own with a short environment, a budget, a memory limit and captured output.

It is forked from a template that has imported the job's libraries and nothing else (`prepared.py`), and a fresh
interpreter where that is not safe or nobody asks for it; rows say which, and are the same in all else but seconds.

This keeps accidents apart: global state, leftover threads, a leak, a crash. It does not stop a submission that means
to cheat, for both run as the same user; CONTRIBUTING says what that leaves open.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from genbench.evaluation.executors import limits
from genbench.evaluation.executors.jobs import PROXIES, outcome, write_job
from genbench.evaluation.executors.limits import Group
from genbench.evaluation.executors.prepared import Templates
from genbench.evaluation.executors.watch import MARK, Stopped, Watch
from genbench.evaluation.stages import handing_over
from genbench.evaluation.warden import Warden

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from genbench.evaluation.cell import Job, Outcome, Sealing
    from genbench.evaluation.executors.watch import Started

# All else of the environment stays outside: a submission must not find the caches that hold the targets.
# HF_HUB_CACHE is where language models lie that were fetched before; HF_HOME would also hand over its user's token.
PASSED: Final = (
    *("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "SYSTEMROOT"),
    *("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION"),  # of AMD's cards
    "HF_HUB_CACHE",
)
# And where the card asks for the network, beside proxies: which hosts need none, and whose certificates are trusted.
NETWORK: Final = ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Process:
    """The process executor: `jobs` cells at a time, as children of templates where they are to be `prepared`."""

    sealing: Sealing = "process"

    def __init__(self, jobs: int = 1, *, prepared: bool = True) -> None:
        self.jobs, self.prepared = jobs, prepared
        self._place: Path | None = None  # of the templates that are kept, while they are
        self._kept: list[Templates] = []

    @contextlib.contextmanager
    def standing(self) -> Iterator[Self]:
        """Keep templates from one run to the next until the end, so that libraries are imported once for all runs."""
        with tempfile.TemporaryDirectory(prefix="genbench-templates-", ignore_cleanup_errors=True) as place:
            self._place = Path(place)
            try:
                yield self
            finally:
                self._place = None
                while self._kept:
                    self._kept.pop().end()

    def command(self, job: Job) -> list[str]:
        """What is run for a job.

        Together with the short environment, -P and -s are what -I would be; -I would also ignore PYTHONHASHSEED, and a
        submission that iterates over a set of strings would not be repeatable.
        """
        return [str(job.python or sys.executable), "-P", "-s", "-u", "-m", job.module, str(job.folder)]

    @contextlib.contextmanager
    def around(self, job: Job) -> Iterator[None]:
        """What the parent does while a job runs: it hands over what the job is to have later."""
        with handing_over(job):
            yield

    def run(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Yield one outcome per job as each finishes. Closing the iterator kills the jobs that still run."""
        waiting: queue.Queue[Job | None] = queue.Queue()
        done: queue.Queue[Outcome | BaseException] = queue.Queue()
        stop = threading.Event()
        guard = _Guard()
        threads = [
            threading.Thread(target=self._work, args=(waiting, done, stop, guard), daemon=True)
            for _ in range(self.jobs)
        ]
        for thread in threads:
            thread.start()
        source, running = iter(jobs), 0
        try:
            while True:
                # One job more than can run is made ready, so that a worker never waits for data to be built.
                while running <= self.jobs and (job := next(source, None)) is not None:
                    guard.over(job.folder.parent)
                    waiting.put(job)
                    running += 1
                if not running:
                    return
                finished = done.get()
                running -= 1
                if isinstance(finished, BaseException):
                    raise finished
                yield finished
        finally:
            with _deaf_to_interrupts():
                stop.set()
                for _ in threads:
                    waiting.put(None)
                for thread in threads:
                    thread.join()
                guard.dismiss()

    def _work(
        self,
        waiting: queue.Queue[Job | None],
        done: queue.Queue[Outcome | BaseException],
        stop: threading.Event,
        guard: _Guard,
    ) -> None:
        templates = self._kept.pop() if self._kept else Templates(guard.mark, self._place)
        try:
            while (job := waiting.get()) is not None and not stop.is_set():
                try:
                    done.put(self._run_one(job, stop, guard, templates))
                except Stopped:
                    return
                except BaseException as fault:  # noqa: BLE001 - a fault of the engine is raised where the caller waits
                    done.put(fault)
        finally:
            if self._place is None:
                templates.end()
            else:  # each child's end was waited for, whatever came between, so the next one's is no other
                self._kept.append(templates)

    def _run_one(self, job: Job, stop: threading.Event, guard: _Guard, templates: Templates) -> Outcome:
        """Run one job to its end, whatever end that is; raises `Stopped` where `stop` is set meanwhile."""
        write_job(job)
        started, clock = time.time(), time.perf_counter()
        group = Group()
        guard.tell_of(group)
        with self.around(job):
            child, mark = self._start(job, stop, guard, templates, group)
            begun = time.perf_counter()  # a cell's budget is not for its template
            watch = Watch(child, mark, job, group)
            try:
                guard.tell(child.pid)
                status, detail = watch.until(begun + job.context.budget_seconds + job.beyond_seconds, stop)
            finally:
                watch.sweep()
                group.end()
        found = outcome(
            job,
            "network" if job.network or job.environment else self.sealing,
            started,
            time.perf_counter() - clock,
            status=status,
            detail=detail,
            log=watch.log(),
            seen_memory=watch.peak,
            seen_cpu=sum(watch.cpu.values()),
            start="fresh" if isinstance(child, subprocess.Popen) else "prepared",
        )
        if watch.refused and found.status == "error":  # it was told so by the kernel, in words that name no limit
            return replace(found, detail=f"{limits.too_many()}: {found.detail}")
        return found

    def _start(
        self, job: Job, stop: threading.Event, guard: _Guard, templates: Templates, group: Group
    ) -> tuple[Started, str]:
        """Start what runs a job; gives it and its mark."""
        mark = f"{guard.mark}-{uuid.uuid4().hex}"
        command, around = self.command(job), environment(job, mark)
        if self.prepared and (child := templates.child(job, command, around, stop, group.door)) is not None:
            return child, mark
        return (
            subprocess.Popen(
                group.command(command),
                cwd=job.folder,
                env=around,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ),
            mark,
        )


class _Guard:
    """The warden of one run, called when the first job is there: it knows then where the jobs lie."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        self.warden: Warden | None = None

    def over(self, folder: Path) -> None:
        """Let a warden remove `folder` and end the workers should this process end before them."""
        if self.warden is None:
            self.warden = Warden(self.mark, folder)

    def tell(self, group: int) -> None:
        """A worker was started."""
        if self.warden is not None:
            self.warden.tell(group)

    def tell_of(self, group: Group) -> None:
        """A control group was made."""
        if self.warden is not None and group.path is not None:
            self.warden.tell_of(group.path)

    def dismiss(self) -> None:
        """All workers have ended."""
        if self.warden is not None:
            self.warden.dismiss()


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Whoever presses Ctrl-C twice must not end the killing of what still runs: nobody else would end it."""
    if threading.current_thread() is not threading.main_thread():  # the only one that signals reach
        yield
        return
    asked = {name: signal.signal(name, signal.SIG_IGN) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in asked.items():
            signal.signal(name, handler or signal.SIG_DFL)


def environment(job: Job, mark: str) -> dict[str, str]:
    """The short environment of a worker: where programs are, its own folder as home, its card's number of threads."""
    threads = str(job.context.threads)
    passed = {name: os.environ[name] for name in PASSED if name in os.environ}
    if job.network:
        passed |= {name: os.environ[name] for name in (*PROXIES, *NETWORK) if name in os.environ}
    if job.python is not None:
        passed["PATH"] = os.pathsep.join(filter(None, (str(job.python.parent), passed.get("PATH"))))
    return {
        **passed,
        "HOME": str(job.folder),
        "TMPDIR": str(job.folder),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        **({} if job.network else {"HF_HUB_OFFLINE": "1"}),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        **job.environment,
        MARK: mark,
    }
