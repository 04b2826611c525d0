"""Landlock: which files a process and all that it starts may open, to which others it may send signals.

The kernel's rules of `include/uapi/linux/landlock.h`. What a rule does not allow is refused; of what is refused, that
it exists, its size and its times can still be asked for.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.evaluation.confinement.kernel import PR_SET_NO_NEW_PRIVS, call, prctl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, with these numbers on every processor
_VERSION: Final = 1
_BENEATH: Final = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_OF_A_FILE: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ: Final = EXECUTE | READ_FILE | READ_DIR
USE: Final = READ_FILE | WRITE_FILE | IOCTL_DEV  # of a device
LEAST: Final = 3  # the ABI from which on a file that may not be written cannot be cut short either
SCOPED: Final = 6  # the ABI from which on signals and abstract sockets stay inside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock that the kernel has; 0 where it has none, or it is turned off."""
    try:
        return call(_CREATE, None, 0, _VERSION)
    except OSError:
        return 0


def everything(version: int) -> int:
    """All that can be asked for of a file or folder, in that version."""
    known = _REFER - 1
    for since, right in ((2, _REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        known |= right if version >= since else 0
    return known


def own(version: int) -> int:
    """What a process may do in a folder that is its own: all, but for making devices."""
    return everything(version) & ~(_MAKE_CHAR | _MAKE_BLOCK)


def restrict(rules: Iterable[tuple[str, int]], *, network: bool = False) -> None:
    """Let this process, and what it starts from now on, do no more with files than `rules` say: path and rights.

    A rule holds for all beneath its path; one of which the path is not there is none. Signals and abstract sockets stay
    inside where the kernel knows how; TCP too, unless `network`. Raises `OSError`.
    """
    version = abi()
    known = everything(version)
    asked = _Ruleset(known, 0 if network or version < 4 else 0b11, 0 if version < SCOPED else 0b11)
    size = 8 if version < 4 else 16 if version < SCOPED else 24  # it grew with the versions
    ruleset = call(_CREATE, ctypes.byref(asked), size, 0)
    for path, rights in rules:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            kept = rights if stat.S_ISDIR(os.fstat(place).st_mode) else rights & _OF_A_FILE
            call(_ADD, ruleset, _BENEATH, ctypes.byref(_Beneath(kept & known, place)), 0)
            os.close(place)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def without(folder: str, hidden: str) -> Iterator[tuple[str, int]]:
    """Rules to read `folder` but for the files in `hidden`, which lies somewhere in it; names can be listed there.

    >>> list(without("/usr", "/opt"))
    [('/usr', 13)]
    """
    folder, hidden = os.path.realpath(folder), os.path.realpath(hidden) if hidden else ""
    if not hidden or os.path.commonpath((folder, hidden)) != folder:
        yield folder, READ
        return
    yield folder, READ_DIR
    while folder != hidden:
        inner = f"{folder.rstrip(os.sep)}/{Path(hidden).relative_to(folder).parts[0]}"
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.path != inner and not entry.is_symlink():  # what a link leads to has a rule, or has none
                    yield entry.path, READ
        folder = inner
