"""Who descends from a process, without reading the table of all processes where the kernel tells children."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

PROC: Final = Path("/proc")


def descendants(processes: Iterable[int]) -> set[int]:
    """The children of these processes, their children, and so on, as they are now; one that begins or ends is missed.

    Linux tells children under /proc (since 3.5, where built with `CONFIG_PROC_CHILDREN`), at a cost that grows with
    the family. Elsewhere the whole table of processes is read, at one that grows with all that the machine runs.
    """
    given = list(processes)
    if not _tells_children():
        found: set[int] = set()
        for process in given:
            with contextlib.suppress(psutil.Error):
                found |= {child.pid for child in psutil.Process(process).children(recursive=True)}
        return found
    found, waiting = set(), list(given)
    while waiting:
        new = _children(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def _tells_children() -> bool:
    return (PROC / "self" / "task").is_dir() and any((PROC / "self" / "task").glob("*/children"))


def _children(process: int) -> set[int]:
    """The children of each thread of a process; none of one that is gone."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for thread in (PROC / str(process) / "task").iterdir():
            with contextlib.suppress(OSError):  # a thread that ended meanwhile
                found |= {int(child) for child in (thread / "children").read_text(encoding="ascii").split()}
    return found
