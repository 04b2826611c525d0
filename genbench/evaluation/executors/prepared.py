"""Prepared workers: templates that have imported what cells need, and a child of one of them for each cell.

A cell spends more on importing than many spend on their work. `Templates` keeps a few templates
(`evaluation/template.py`), each for one set of libraries and one environment, and asks the one that fits for a child;
it serves one cell at a time, so a cell that ends its template ends nobody else's work.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from genbench.evaluation.executors.watch import LOST, MARK, Stopped

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from genbench.evaluation.cell import Job

MOST: Final = 3  # templates kept at a time for each cell that runs beside others; each holds its libraries in memory
READY_SECONDS: Final = 120.0  # what importing may take; a cell whose libraries take longer imports them itself
MESSAGE: Final = 1 << 20  # most bytes of a message
OWN: Final = ("HOME", "TMPDIR", MARK)  # of the environment what each cell has to itself
ANYWAY: Final = frozenset({"datasets", "numpy", "pandas", "pyarrow"})  # libraries that every template has imported
PLAIN: Final = "genbench.evaluation.worker"  # of the modules that a job may run, the one that a template knows


def why_not(job: Job) -> str:
    """Why a job is given an interpreter of its own, whatever it imports; empty where it may be a template's child."""
    if sys.platform != "linux":
        return "on this system a fork is not safe"
    if job.context.device != "cpu":
        return f"a fork and {job.context.device} do not go together"
    if job.context.threads > 1:
        return "numpy starts threads where it may"  # a template would find out after its imports
    if job.network or job.environment:
        return "its environment is its own"
    return "" if job.module == PLAIN else "it measures time"


class Templates:
    """The templates of one thread of an executor. `mark` is the evaluation's, with which those of its cells begin.

    Their folders lie in `place`, where they are to outlive the jobs' own, and beside the jobs' where it is None.
    """

    def __init__(self, mark: str, place: Path | None = None) -> None:
        self.mark, self.place = mark, place
        self.kept: dict[object, Template] = {}

    def child(
        self, job: Job, command: list[str], environment: Mapping[str, str], stop: threading.Event, door: str = ""
    ) -> Forked | None:
        """A child for a job whose interpreter would be started by `command`; None where that has to be done.

        `door` is that of the control group which the child enters before it does anything, where there is one.
        Raises `Stopped` where `stop` is set meanwhile, and `OSError` where the machine has no room for a process.
        """
        if why_not(job):
            return None
        shared = {name: value for name, value in environment.items() if name not in OWN}
        own = tuple(name for name in job.libraries if name not in ANYWAY)
        fitting = (command[0], own, job.memory_bytes, tuple(sorted(shared.items())))
        template = self.kept.pop(fitting, None)
        if template is None or template.lost:
            if template is not None:
                template.end()
            while len(self.kept) >= MOST:
                self.kept.pop(next(iter(self.kept))).end()
            own_mark = {MARK: self.mark.ljust(len(environment[MARK]), "-")}
            template = Template(job, command, {**environment, **own_mark}, stop, self.place or job.folder.parent)
        self.kept[fitting] = template  # the newest last
        return template.fork(job, environment, door) if template.takes(job.contribution) else None

    def end(self) -> None:
        """End all templates."""
        for template in self.kept.values():
            template.end()
        self.kept.clear()


class Template:
    """One template, in a folder of its own in `place`."""

    def __init__(
        self, job: Job, command: list[str], environment: Mapping[str, str], stop: threading.Event, place: Path
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="template-", dir=place))
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        own = [*command[: command.index("-m") + 1], "genbench.evaluation.template"]
        with theirs:
            self.process = subprocess.Popen(
                [*own, str(theirs.fileno()), str(job.memory_bytes), *job.libraries],
                cwd=self.folder,
                env={**environment, "HOME": str(self.folder), "TMPDIR": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )
        try:
            said = self._ready(stop)
        except BaseException:
            self.end()
            raise
        self.obstacle = str(said.get("obstacle", "it did not come to be"))
        self.names = frozenset(said.get("names", ()))
        self.lost = False
        if self.obstacle:
            self.end()  # that it cannot be is remembered, and no libraries held in memory for it

    def _ready(self, stop: threading.Event) -> dict[str, Any]:
        """What the template says when it has imported its libraries; nothing where it ended, or takes too long."""
        deadline = time.perf_counter() + READY_SECONDS
        while not select.select([self.control], [], [], 0.1)[0]:
            if stop.is_set():
                raise Stopped
            if time.perf_counter() > deadline:
                return {}
        message = _received(self.control)
        return dict(json.loads(message)) if message else {}

    def takes(self, contribution: Path) -> bool:
        """Whether a child may be forked for what lies in that folder.

        No where a module of the folder has the name of one that is imported already: it would not be found.
        """
        return not self.obstacle and self.names.isdisjoint(path.stem for path in contribution.iterdir())

    def fork(self, job: Job, environment: Mapping[str, str], door: str) -> Forked | None:
        """A child that does the job; None where the template is no more."""
        prints, output = os.pipe()
        request = {
            "folder": str(job.folder),
            "mark": environment[MARK],
            "environment": {name: environment[name] for name in OWN},
            "door": door,
        }
        try:
            socket.send_fds(self.control, [json.dumps(request).encode()], [output])
            message = _received(self.control)
        except OSError:
            message = b""
        finally:
            os.close(output)
        if not message:
            self.lost = True
            os.close(prints)
            return None
        return Forked(json.loads(message)["child"], os.fdopen(prints, "rb", buffering=0), self)

    def end(self) -> None:
        """End the template, whose child has ended."""
        self.control.close()
        if self.process.returncode is None:
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Forked:
    """A template's child, as `subprocess.Popen` is to those who watch it."""

    pid: int
    stdout: IO[bytes] | None
    template: Template
    returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, below 0 for a signal, `LOST` where the template is no more; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code. Raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            if not select.select([self.template.control], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            message = _received(self.template.control)
            if not message:  # whoever ended the template may have left the child
                self.template.lost = True
                self.kill()
            self.returncode = json.loads(message)["code"] if message else LOST
        return self.returncode

    def kill(self) -> None:
        """End it, where it has not ended."""
        if self.returncode is None:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)


def _received(control: socket.socket) -> bytes:
    """The next message; nothing at the end."""
    try:
        return control.recv(MESSAGE)
    except OSError:
        return b""
