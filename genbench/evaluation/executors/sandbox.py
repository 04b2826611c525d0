"""Run each job in a sandbox of bubblewrap: it sees its own folder, its own code, an interpreter, and nothing else.

Around the process executor, whose clock, memory limit and record of output hold as before, the kernel's namespaces take
away what a process of the same user could reach: the network, other processes and their memory, the tasks, other
submissions, results, caches, the home. Libraries are there to be read alone. Questions lie outside until they are asked
for. `docs/security.md` has a table of what was tried and what became of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.errors import Unavailable
from genbench.evaluation.executors import views
from genbench.evaluation.executors.process import Process
from genbench.evaluation.questions import withheld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.evaluation.cell import Job, Sealing

PROGRAM: Final = "bwrap"
HINT: Final = (
    "--executor sandbox needs bubblewrap on Linux (apt install bubblewrap, dnf install bubblewrap) and user namespaces "
    "that this user may make; `genbench doctor` says what is there"
)


def why_not() -> str:
    """Why a sandbox cannot be made here; empty where it can. Tried once, by making one."""
    if sys.platform != "linux":
        return f"this system is {sys.platform}; bubblewrap is of Linux"
    program = shutil.which(PROGRAM)
    if program is None:
        return "bubblewrap (the program bwrap) is not installed"
    try:
        tried = subprocess.run(
            [program, *_apart(), *_system(), "--", "/bin/true"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return f"bubblewrap does not run: {fault}"
    lines = tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"]
    return f"bubblewrap makes no sandbox: {lines[-1]}" if tried.returncode else ""


class Sandbox(Process):
    """The process executor with a sandbox around each job. Raises `Unavailable` where none can be made here."""

    sealing: Sealing = "sandbox:bwrap"

    def __init__(self, jobs: int = 1) -> None:
        if why := why_not():
            raise Unavailable([f"{why}; {HINT}"])
        super().__init__(jobs, prepared=False)  # a view of its own is made before an interpreter starts

    def command(self, job: Job) -> list[str]:
        """bubblewrap, what the job may see, and the job's own command behind it."""
        return [
            shutil.which(PROGRAM) or PROGRAM,
            *_apart(network=job.network),
            *_system(job.memory_bytes),
            *_views(job),
            "--",
            *super().command(job),
        ]

    @contextlib.contextmanager
    def around(self, job: Job) -> Iterator[None]:
        """Keep the questions outside until the job asks for them."""
        with withheld(job.folder), super().around(job):
            yield


def _apart(*, network: bool = False) -> list[str]:
    """Namespaces of its own for all there is, and nothing of them to be gained or outlived."""
    shared = ["--share-net"] if network else []
    return [
        *("--unshare-all", *shared, "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
        *("--die-with-parent", "--new-session", "--hostname", "genbench"),
    ]


def _system(memory_bytes: int = 2**20) -> list[str]:
    """Programs and libraries of the system, read-only; links as links, as a merged /usr has them."""
    found: list[str] = []
    for name in views.SYSTEM:
        path = Path(name)
        if path.is_symlink():
            found += ["--symlink", os.readlink(path), name]  # noqa: PTH115  as it is written, relative or not
        elif path.is_dir():
            found += ["--ro-bind", name, name]
    for name in views.LINKER:
        found += ["--ro-bind-try", name, name]
    # What is written there is memory that no process is seen to hold.
    size = ["--size", str(max(1, memory_bytes))]
    return [*found, "--proc", "/proc", "--dev", "/dev", *size, "--tmpfs", "/tmp", *size, "--tmpfs", "/dev/shm"]  # noqa: S108


def _views(job: Job) -> list[str]:
    """What a job sees beside the system: the interpreter and libraries, genbench, its code, what it may write to."""
    seen = [word for path in views.code(job) for word in ("--ro-bind", str(path), str(path))]
    if views.BUNDLED.is_dir():
        seen += ["--tmpfs", str(views.BUNDLED)]
    seen += [word for path in views.given(job) for word in ("--ro-bind", str(path), str(path))]
    seen += [word for path in views.own(job) for word in ("--bind", str(path), str(path))]
    if job.context.device != "cpu":
        seen += [word for path in views.devices(job) for word in ("--dev-bind", str(path), str(path))]
        seen += ["--ro-bind-try", views.DRIVERS, views.DRIVERS]
    if job.network:
        seen += [word for path in views.NETWORK for word in ("--ro-bind-try", path, path)]
    return [*seen, "--chdir", str(job.folder)]
