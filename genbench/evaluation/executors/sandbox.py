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
# Of the system: programs and shared libraries, and what the dynamic linker looks up. No /etc beside: it names users.
_SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_LINKER: Final = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")
_GPU: Final = ("nvidia", "kfd", "dri", "dxg")  # device files of NVIDIA, AMD and WSL by how their names begin


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
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            found += ["--symlink", os.readlink(path), name]  # noqa: PTH115  as it is written, relative or not
        elif path.is_dir():
            found += ["--ro-bind", name, name]
    for name in _LINKER:
        found += ["--ro-bind-try", name, name]
    # What is written there is memory that no process is seen to hold.
    size = ["--size", str(max(1, memory_bytes))]
    return [*found, "--proc", "/proc", "--dev", "/dev", *size, "--tmpfs", "/tmp", *size, "--tmpfs", "/dev/shm"]  # noqa: S108


def _views(job: Job) -> list[str]:
    """What a job sees beside the system: the interpreter and libraries, genbench, its code, what it may write to."""
    package = Path(__file__).resolve().parents[2]
    python = [Path(sys.base_prefix), Path(sys.prefix)]
    if job.python is not None:
        python.append(job.python.parent.parent)
    read = [path for path in python if not path.is_relative_to("/usr")] + [package]
    views = [word for path in dict.fromkeys(read) for word in ("--ro-bind", str(path), str(path))]
    if (package / "bundled").is_dir():  # of a wheel: the tasks and baselines that come with it
        views += ["--tmpfs", str(package / "bundled")]
    views += [word for path in _given(job) for word in ("--ro-bind", str(path), str(path))]
    for path in (job.folder, job.context.checkpoints):
        if path is not None:
            views += ["--bind", str(path), str(path)]
    if job.context.device != "cpu":
        devices = sorted(path for path in Path("/dev").iterdir() if path.name.startswith(_GPU))
        views += [word for path in devices for word in ("--dev-bind", str(path), str(path))]
        views += ["--ro-bind-try", "/sys", "/sys"]  # drivers ask there which cards there are
    if job.network:
        views += [word for name in ("resolv.conf", "hosts", "nsswitch.conf", "ssl") for word in _tried(f"/etc/{name}")]
    return [*views, "--chdir", str(job.folder)]


def _given(job: Job) -> list[Path]:
    """The submission's own folder, the files that its parameters name, and models that were fetched before."""
    hub = os.environ.get("HF_HUB_CACHE", "")
    found = [job.contribution, *job.files, *([Path(hub)] if hub else [])]
    return list(dict.fromkeys(path.resolve() if path.is_symlink() else path for path in found if path.exists()))


def _tried(path: str) -> tuple[str, str, str]:
    return "--ro-bind-try", path, path
