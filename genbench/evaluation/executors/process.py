"""Run each job in a fresh interpreter with a short environment, a budget, a memory limit and captured output.

This keeps accidents apart: global state, leftover threads, a leak, a crash. It does not stop a submission that means
to cheat, for both run as the same user; CONTRIBUTING says what that leaves open.
"""

from __future__ import annotations

import contextlib
import os
import queue
import selectors
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from typing import TYPE_CHECKING, Final

import psutil

from genbench.evaluation.executors.jobs import LOG_BYTES, PROXIES, log_of, outcome, write_job
from genbench.evaluation.stages import handing_over
from genbench.evaluation.warden import Warden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from genbench.evaluation.cell import Job, Outcome, Sealing, Status

GRACE_SECONDS: Final = 2.0  # between asking a cell past its budget to end and killing it
TICK_SECONDS: Final = 0.1  # how often the budget is looked at
LOOK_SECONDS: Final = 0.3  # how often memory is; a look reads the whole process table, 3 ms of CPU
MARK: Final = "GENBENCH_CELL"
# All else of the environment stays outside: a submission must not find the caches that hold the targets.
# HF_HUB_CACHE is where language models lie that were fetched before; HF_HOME would also hand over its user's token.
PASSED: Final = (
    *("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "SYSTEMROOT"),
    *("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION"),  # of AMD's cards
    "HF_HUB_CACHE",
)
# And where the card asks for the network, beside proxies: which hosts need none, and whose certificates are trusted.
NETWORK: Final = ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Stopped(Exception):  # noqa: N818 - a message between threads, not an error
    """The evaluation was interrupted while this job ran."""


class Process:
    """The process executor: `jobs` cells at a time."""

    sealing: Sealing = "process"

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = jobs

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

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
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
        while (job := waiting.get()) is not None and not stop.is_set():
            try:
                done.put(self._run_one(job, stop, guard))
            except Stopped:
                return
            except BaseException as fault:  # noqa: BLE001 - a fault of the engine is raised where the caller waits
                done.put(fault)

    def _run_one(self, job: Job, stop: threading.Event, guard: _Guard) -> Outcome:
        """Run one job to its end, whatever end that is; raises `Stopped` where `stop` is set meanwhile."""
        write_job(job)
        mark = f"{guard.mark}-{job.key}-{uuid.uuid4().hex}"
        started, clock = time.time(), time.perf_counter()
        with self.around(job):
            child = subprocess.Popen(
                self.command(job),
                cwd=job.folder,
                env=environment(job, mark),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            guard.tell(child.pid)
            watch = _Watch(child, mark, job.memory_bytes)
            try:
                status, detail = watch.until(clock + job.context.budget_seconds + job.beyond_seconds, stop)
            finally:
                watch.sweep()
        return outcome(
            job,
            "network" if job.network or job.environment else self.sealing,
            started,
            time.perf_counter() - clock,
            status=status,
            detail=detail,
            log=watch.log(),
            seen_memory=watch.peak,
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


def _ending(code: int) -> tuple[Status | None, str]:
    """What an exit code says of a child that ended by itself: status, or None where its report tells, and a detail."""
    if code == 0:
        return None, ""
    if code in {-signal.SIGKILL, 128 + signal.SIGKILL}:  # the latter is a sandbox's word of what ran in it
        return "out_of_memory", "killed by signal 9 from outside, most often by a system that ran out of memory"
    return "crashed", f"killed by {signal.Signals(-code).name}" if code < 0 else f"the process exited with code {code}"


class _Watch:
    """Eyes on one child: its output, its time, its memory, and every process it starts."""

    def __init__(self, child: subprocess.Popen[bytes], mark: str, memory_bytes: int) -> None:
        self.child, self.mark, self.memory_bytes = child, mark, memory_bytes
        self.peak = 0
        self.family: dict[int, psutil.Process] = {}
        self._head, self._tail, self._tail_bytes, self._dropped = bytearray(), deque[bytes](), 0, 0

    def until(self, deadline: float, stop: threading.Event) -> tuple[Status | None, str]:
        """Wait for the child to end; past `deadline` (perf_counter seconds) or its memory limit, end it.

        Returns the status where the parent decided it, else None, and a detail. Raises `Stopped` where `stop` is set.
        """
        assert self.child.stdout is not None  # noqa: S101 - Popen was given a pipe
        budget, look, talks = deadline - time.perf_counter(), 0.0, True
        os.set_blocking(self.child.stdout.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(self.child.stdout, selectors.EVENT_READ)
            while self.child.poll() is None:
                if talks:
                    talks = not selector.select(TICK_SECONDS) or self._drain()
                else:  # the end of its output is most often its end; one that closed it and lives on is watched still
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self.child.wait(TICK_SECONDS)
                if stop.is_set():
                    raise Stopped
                now = time.perf_counter()
                if now >= look:
                    look = now + LOOK_SECONDS
                    if (used := self._memory()) > self.memory_bytes:
                        limit = f"its limit is {self.memory_bytes / 2**30:.1f} GiB"
                        return "out_of_memory", f"used {used / 2**30:.1f} GiB; {limit}"
                if now >= deadline:
                    self._ask_to_end()
                    return "timeout", f"did not finish within its budget of {budget:.0f} seconds"
        return _ending(self.child.returncode)

    def _drain(self) -> bool:
        """Take what is in the pipe; False at its end."""
        assert self.child.stdout is not None  # noqa: S101 - Popen was given a pipe
        try:
            chunk = os.read(self.child.stdout.fileno(), 1 << 20)
        except BlockingIOError:
            return True
        if len(self._head) < LOG_BYTES:
            room = LOG_BYTES - len(self._head)
            self._head += chunk[:room]
            rest = chunk[room:]
        else:
            rest = chunk
        if rest:
            self._tail.append(rest[-LOG_BYTES:])
            self._dropped += len(rest) - len(self._tail[-1])
            self._tail_bytes += len(self._tail[-1])
            while self._tail_bytes - len(self._tail[0]) >= LOG_BYTES:
                gone = self._tail.popleft()
                self._tail_bytes -= len(gone)
                self._dropped += len(gone)
        return bool(chunk)

    def log(self) -> str:
        """What was printed, the middle left out where it was long, undecodable bytes replaced."""
        return log_of(bytes(self._head), b"".join(self._tail), self._dropped)

    def _memory(self) -> int:
        """Resident bytes of the child and its descendants now; remembers every process seen."""
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self.child.pid)
            for process in [root, *root.children(recursive=True)]:
                self.family[process.pid] = process
        used = 0
        for process in list(self.family.values()):
            with contextlib.suppress(psutil.Error):
                if len(self.family) == 1:
                    used += process.memory_info().rss
                else:  # what forked processes share counts once; this reads more, so one alone is spared it
                    seen = process.memory_full_info()
                    used += getattr(seen, "pss", seen.rss)  # pss: Linux only
        self.peak = max(self.peak, used)
        return used

    def _ask_to_end(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGTERM)
        end = time.perf_counter() + GRACE_SECONDS
        while self.child.poll() is None and time.perf_counter() < end:
            self._drain_quietly()
            time.sleep(0.02)

    def _drain_quietly(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._drain()

    def sweep(self) -> None:
        """Kill the child and all it left behind: its group, those seen as its descendants, those that bear its mark.

        A process that left the group, cleared its environment and was never seen as a descendant escapes; a sandbox's
        process namespace is what ends that one too.
        """
        self._drain_quietly()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
        for process in self.family.values():
            with contextlib.suppress(psutil.Error):
                if process.pid != self.child.pid:
                    process.kill()  # psutil checks the start time, so a reused pid is left alone
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(MARK) == self.mark:
                    process.kill()
        self.child.wait()
        self._drain_quietly()
        if self.child.stdout is not None:
            self.child.stdout.close()
