"""System calls that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any, Final

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
MACHINE: Final = {"x86_64": 0, "AMD64": 0, "aarch64": 1, "arm64": 1}.get(platform.machine(), -1)  # column of numbers

PR_SET_PDEATHSIG: Final = 1
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38
PR_CAP_AMBIENT: Final = 47


def call(number: int, *values: Any) -> int:
    """The system call of that number. Raises `OSError`."""
    return _checked(_LIBC.syscall(ctypes.c_long(number), *map(_wide, values)))


def prctl(option: int, *values: Any) -> int:
    """Change something of this process. Raises `OSError`."""
    given = [*values, 0, 0, 0, 0][:4]
    return _checked(_LIBC.prctl(ctypes.c_int(option), *map(_wide, given)))


def unshare(flags: int) -> None:
    """Put this process into namespaces of its own. Raises `OSError`."""
    _checked(_LIBC.unshare(ctypes.c_int(flags)))


def _wide(value: Any) -> Any:
    """Whole numbers as wide as a register: a C function with any number of arguments takes them as they come."""
    return ctypes.c_ulong(value) if isinstance(value, int) else value


def _checked(found: int) -> int:
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return found
