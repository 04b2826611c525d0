"""Run each job confined by the kernel alone, where there is no bubblewrap: Landlock, seccomp, namespaces if it lets us.

It opens what a job in a sandbox of bubblewrap sees, and nothing else; it has no sockets, and of other processes no more
than their numbers. `docs/security.md` has what was tried, and in which the two forms differ: what is refused here still
has a name, a size and times that can be asked for, and nothing stands in for /tmp and /dev/shm.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from genbench.errors import Unavailable
from genbench.evaluation.executors import views
from genbench.evaluation.executors.process import Process
from genbench.evaluation.questions import withheld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from genbench.evaluation.cell import Job, Sealing

HINT: Final = (
    "--executor sandbox:landlock needs Linux 6.12 or newer with Landlock, or 6.2 with namespaces that this user may "
    "make; `genbench doctor` says what is there"
)
_MODULE: Final = "genbench.evaluation.confinement"


def why_not() -> str:
    """Why a job cannot be confined here; empty where it can. Tried once, by confining a command."""
    if sys.platform != "linux":
        return f"this system is {sys.platform}; Landlock is of Linux"
    from genbench.evaluation.confinement import landlock, seccomp

    if not seccomp.known():
        return "the numbers of this processor's system calls are not known; those of x86_64 and aarch64 are"
    if (version := landlock.abi()) < landlock.LEAST:
        return f"the kernel's Landlock is of version {version}, and {landlock.LEAST} is needed" if version else _NONE
    try:
        tried = subprocess.run(
            [*_launcher({"read": views.SYSTEM}), "/bin/true"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return f"nothing can be confined: {fault}"
    lines = tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"]
    return f"nothing can be confined: {lines[-1]}" if tried.returncode else ""


_NONE: Final = "the kernel has no Landlock, or it is turned off"


class Landlock(Process):
    """The process executor with the kernel's rules around each job. Raises `Unavailable` where they cannot be had.

    `namespaces` says whether they are tried; where none may be made it is as if they were not.
    """

    sealing: Sealing = "sandbox:landlock"

    def __init__(self, jobs: int = 1, *, namespaces: bool = True) -> None:
        if why := why_not():
            raise Unavailable([f"{why}; {HINT}"])
        super().__init__(jobs, prepared=False)
        self.namespaces = namespaces

    def command(self, job: Job) -> list[str]:
        """What confines itself and then runs the job's own command."""
        read = [*views.SYSTEM, *views.LINKER, *views.code(job), *views.given(job), _path(job)]
        read += [views.DRIVERS] if job.context.device != "cpu" else []
        read += views.NETWORK if job.network else []
        what: dict[str, object] = {
            "read": list(map(str, read)),
            "own": list(map(str, views.own(job))),
            "devices": list(map(str, views.devices(job))),
            "network": job.network,
            "namespaces": self.namespaces,
            "path": str(_path(job)),
            "hidden": str(views.BUNDLED) if views.BUNDLED.is_dir() else "",
        }
        return [*_launcher(what), *super().command(job)]

    @contextlib.contextmanager
    def around(self, job: Job) -> Iterator[None]:
        """Keep the questions outside until the job asks for them, and make genbench found.

        The folder that genbench's own lies in may hold the tasks too, and cannot be listed, which python does to find
        a module; so one is made that holds a link.
        """
        path = _path(job)
        path.mkdir()
        (path / views.PACKAGE.name).symlink_to(views.PACKAGE)
        try:
            with withheld(job.folder), super().around(job):
                yield
        finally:
            shutil.rmtree(path, ignore_errors=True)


def _path(job: Job) -> Path:
    return job.folder.with_name(f"{job.folder.name}.path")


def _launcher(what: dict[str, object]) -> list[str]:
    return [sys.executable, "-P", "-s", "-m", _MODULE, json.dumps(what)]
