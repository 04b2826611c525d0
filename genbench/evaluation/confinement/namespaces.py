"""Namespaces and rights: what a process can be cut off from without a program that does it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
from pathlib import Path
from typing import Final

from genbench.evaluation.confinement import kernel

_USER, _PROCESSES, _NETWORK, _IPC, _HOSTNAME = 0x10000000, 0x20000000, 0x40000000, 0x08000000, 0x04000000
_CAPSET: Final = (126, 91)
_CAP_VERSION: Final = 0x20080522
_CAPABILITIES: Final = 64
_CLEAR_ALL: Final = 4


def enter(*, network: bool = False) -> bool:
    """Enter namespaces of its own for users, processes, IPC, host name and, without `network`, network.

    What is started from now on is in them. Gives False where none may be made; then nothing is changed.
    """
    flags = _PROCESSES | _IPC | _HOSTNAME | (0 if network else _NETWORK)
    for chosen in (flags | _USER, flags):  # without its own users where root may and nobody else
        if _may(chosen):
            _enter(chosen)
            return True
    return False


def _may(flags: int) -> bool:
    """Whether it can be done: tried by a child, for half of it would be worse than nothing."""
    child = os.fork()
    if child == 0:
        done = False
        with contextlib.suppress(BaseException):
            _enter(flags)
            done = True
        os._exit(0 if done else 1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _enter(flags: int) -> None:
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(flags)
    if flags & _USER:  # who one was, one is
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def end_with_parent() -> None:
    """Let the kernel end this process when its parent ends."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt() -> None:
    """Be the parent of all processes that those below leave behind."""
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)


def give_up_rights() -> None:
    """Give up all that root may do and others may not, also what it could have again by starting a program."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(_CAPABILITIES):
        with contextlib.suppress(OSError):  # one that there is none of, or who has none to give up
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.PR_CAP_AMBIENT, _CLEAR_ALL)
    head = ctypes.create_string_buffer(struct.pack("Ii", _CAP_VERSION, 0), 8)
    kernel.call(_CAPSET[kernel.MACHINE], head, ctypes.create_string_buffer(24))
