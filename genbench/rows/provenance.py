"""Where a row comes from: versions, the machine. Gathered once a process."""

from __future__ import annotations

import functools
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from genbench.edition import VERSION
from genbench.rows import devices

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every cell's outcome rests on these, whatever its card lists.
BASE_LIBRARIES = ("datasets", "numpy", "pyarrow")


def versions(libraries: Iterable[str] = ()) -> dict[str, str]:
    """Versions of python, genbench and the named libraries; "absent" where one is not installed."""
    found = {"python": platform.python_version(), "genbench": VERSION}
    for name in sorted({*BASE_LIBRARIES, *libraries}):
        found[name] = _version(name)
    return found


@functools.cache
def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


@functools.cache
def machine() -> dict[str, str | int]:
    """The machine: processor name, usable cores, memory in bytes, operating system."""
    import psutil

    return {
        "processor": _processor(),
        "cores": usable_cores(),
        "memory_bytes": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.machine()}",
    }


def usable_cores() -> int:
    """Cores this process may run on, which a container or `taskset` may have cut below the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def device() -> str:
    """The kind of device a submission may use: `cuda`, `mps` or `cpu`, as `devices` found it."""
    return devices.found().device
