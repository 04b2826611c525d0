"""What a job may see in a sandbox of whichever form: the system's libraries, its own code and folders, devices."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from genbench.evaluation.cell import Job

# Of the system: programs and shared libraries, and what the dynamic linker looks up. No /etc beside: it names users.
SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
LINKER: Final = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")
NETWORK: Final = ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl")
DRIVERS: Final = "/sys"  # drivers of GPUs ask there which there are
PACKAGE: Final = Path(__file__).resolve().parents[2]
BUNDLED: Final = PACKAGE / "bundled"  # of a wheel: the tasks and baselines that come with it
_GPU: Final = ("nvidia", "kfd", "dri", "dxg")  # device files of NVIDIA, AMD and WSL by how their names begin


def code(job: Job) -> list[Path]:
    """The interpreter and its libraries, and genbench; to be read."""
    python = [Path(sys.base_prefix), Path(sys.prefix)]
    if job.python is not None:
        python.append(job.python.parent.parent)
    return list(dict.fromkeys([path for path in python if not path.is_relative_to("/usr")] + [PACKAGE]))


def given(job: Job) -> list[Path]:
    """The submission's own folder, the files that its parameters name, models that were fetched before; to be read."""
    hub = os.environ.get("HF_HUB_CACHE", "")
    found = [job.contribution, *job.files, *([Path(hub)] if hub else [])]
    return list(dict.fromkeys(path.resolve() if path.is_symlink() else path for path in found if path.exists()))


def own(job: Job) -> list[Path]:
    """What the job may write to."""
    return [path for path in (job.folder, job.context.checkpoints) if path is not None]


def devices(job: Job) -> list[Path]:
    """The files of GPUs, where it is to use one."""
    if job.context.device == "cpu":
        return []
    return sorted(path for path in Path("/dev").iterdir() if path.name.startswith(_GPU))
