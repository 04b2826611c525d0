"""Eyes on one cell: what it prints, its time, its memory, all that it starts, and how it ends."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections import deque
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol

import psutil

from genbench.evaluation.executors import limits
from genbench.evaluation.executors.jobs import LOG_BYTES, log_of
from genbench.evaluation.executors.kin import descendants
from genbench.evaluation.warden import bearing

if TYPE_CHECKING:
    import threading

    from genbench.evaluation.cell import Job, Status
    from genbench.evaluation.executors.limits import Group

GRACE_SECONDS: Final = 2.0  # between asking a cell past its budget to end and killing it
TICK_SECONDS: Final = 0.1  # how often the budget is looked at
LOOK_SECONDS: Final = 0.3  # how often memory is
MARK: Final = "GENBENCH_CELL"
LOST: Final = 1 << 16  # in place of an exit code, which is below: of a child whose end nobody tells


class Stopped(Exception):  # noqa: N818 - a message between threads, not an error
    """The evaluation was interrupted while this job ran."""


class Started(Protocol):
    """What runs a job: an interpreter (`subprocess.Popen`), or a template's child (`prepared.Forked`)."""

    pid: int
    stdout: IO[bytes] | None
    returncode: int | None

    def poll(self) -> int | None:
        """The exit code, below 0 for a signal; None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code. Raises `subprocess.TimeoutExpired`."""
        ...

    def kill(self) -> None:
        """End it, where it has not ended."""
        ...


def ending(code: int) -> tuple[Status | None, str]:
    """What an exit code says of a child that ended by itself: status, or None where its report tells, and a detail."""
    if code == 0:
        return None, ""
    if code in {-signal.SIGKILL, 128 + signal.SIGKILL}:  # the latter is a sandbox's word of what ran in it
        return "out_of_memory", "killed by signal 9 from outside, most often by a system that ran out of memory"
    if code == LOST:
        return "crashed", "the process that it was forked from was ended"
    return "crashed", f"killed by {signal.Signals(-code).name}" if code < 0 else f"the process exited with code {code}"


class Watch:
    """Eyes on one child: its output, its time, its memory, and every process it starts."""

    def __init__(self, child: Started, mark: str, job: Job, group: Group) -> None:
        self.child, self.mark, self.memory_bytes, self.group = child, mark, job.memory_bytes, group
        self.refused = False  # a process or thread, for the limit was met
        self.folders = [path for path in (job.folder, job.context.checkpoints) if path is not None]
        self.cpu: dict[int, float] = {}  # seconds of each process when it was looked at last
        self.peak = 0
        self.family: dict[int, psutil.Process] = {}
        self._head, self._tail, self._tail_bytes, self._dropped = bytearray(), deque[bytes](), 0, 0

    def until(self, deadline: float, stop: threading.Event) -> tuple[Status | None, str]:
        """Wait for the child to end; past `deadline` (perf_counter seconds) or its memory limit, end it.

        Returns the status where the parent decided it, else None, and a detail. Raises `Stopped` where `stop` is set.
        """
        assert self.child.stdout is not None  # noqa: S101 - Popen was given a pipe
        now = time.perf_counter()
        budget, look, talks = deadline - now, now + TICK_SECONDS, True
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
                    if why := self._beyond():
                        return "crashed", why
                if now >= deadline:
                    self._ask_to_end()
                    return "timeout", f"did not finish within its budget of {budget:.0f} seconds"
        self.refused = self.group.met()
        status, detail = ending(self.child.wait())
        return ("crashed", limits.too_many()) if status == "crashed" and self.refused else (status, detail)

    def _beyond(self) -> str:
        """Which limit beside time and memory was met, in words; empty where none was."""
        if self.group.met() or len(self.family) > limits.TASKS:
            return limits.too_many()
        if self._dropped + self._tail_bytes > limits.OUTPUT_BYTES:
            return limits.too_much_printed()
        return limits.no_room(self.folders)

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
        known = {number for number, process in self.family.items() if process.is_running()}  # no other took its number
        for number in {self.child.pid, *descendants({self.child.pid, *known})}:
            with contextlib.suppress(psutil.Error):
                self.family[number] = psutil.Process(number)
        used = 0
        for process in list(self.family.values()):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                self.cpu[process.pid] = times.user + times.system
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
        self.child.kill()  # a template's child is the leader of no group at first
        for process in self.family.values():
            with contextlib.suppress(psutil.Error):
                if process.pid != self.child.pid:
                    process.kill()  # psutil checks the start time, so a reused pid is left alone
        self._kill_the_marked()
        self.child.wait()
        self._drain_quietly()
        if self.child.stdout is not None:
            self.child.stdout.close()

    def _kill_the_marked(self) -> None:
        if Path("/proc/self/environ").exists():  # psutil would parse the environments of all processes
            for number in bearing(self.mark):
                with contextlib.suppress(OSError):
                    os.kill(number, signal.SIGKILL)
            return
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(MARK) == self.mark:
                    process.kill()
