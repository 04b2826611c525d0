"""seccomp: the calls that the kernel refuses a process and all that it starts.

What Landlock does not know of: sockets, other processes' memory, shared memory by number, keys, namespaces. What
changes a file's mode, owner or attributes by its name cannot be told apart by where the file lies, and libraries call
it for files of their own; so it does nothing, and reports success.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import TYPE_CHECKING, Final

from genbench.evaluation.confinement.kernel import MACHINE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl

if TYPE_CHECKING:
    from collections.abc import Iterator

# Numbers of system calls on x86_64 and aarch64 (asm/unistd_64.h, asm-generic/unistd.h); None: there is no such call.
REFUSED: Final[dict[str, tuple[int | None, int]]] = {
    # Sockets are beside these; a ring would make one without the call.
    "io_uring_setup": (425, 425),
    # Namespaces, in which a process has rights again; `clone` is looked at beside these.
    "unshare": (272, 97),
    "setns": (308, 268),
    # Other processes.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # Memory, semaphores and queues that anyone reaches who guesses a number, and keys.
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # Files by other ways than their names, and news of who opens them.
    "open_by_handle_at": (304, 265),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    # Parts of the kernel that no submission needs.
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
}
IDLE: Final[dict[str, tuple[int | None, int]]] = {
    "chmod": (90, 52),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, 54),
    "fchown": (93, 55),
    "lchown": (94, 54),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}
SOCKET: Final = (41, 198)
SOCKETPAIR: Final = (53, 199)
CLONE: Final = (56, 220)
CLONE3: Final = (435, 435)
PRLIMIT: Final = (302, 261)

_ARCHITECTURE: Final = (0xC000003E, 0xC00000B7)
_X32: Final = 0x40000000  # from this number on they are the same calls by another name
_NAMESPACES: Final = 0x7E020080  # all CLONE_NEW flags
_STREAM, _SEQPACKET = 1, 5  # pairs that cannot be led elsewhere; those of datagrams can

_LOAD, _AND, _JUMP_EQUAL, _JUMP_FROM, _JUMP_SET, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in what a filter is shown
_ALLOW: Final = 0x7FFF0000
_SAY: Final = 0x00050000  # and the number of the error
_FILTER: Final = 2


def known() -> bool:
    """Whether the numbers of this processor's calls are."""
    return MACHINE >= 0


def refuse(*, network: bool = False) -> None:
    """Let the kernel refuse them to this process, and to what it starts from now on. Raises `OSError`."""
    steps = b"".join(program(MACHINE, network=network))
    kept = ctypes.create_string_buffer(steps, len(steps))
    head = struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(kept))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, _FILTER, ctypes.create_string_buffer(head, len(head)))


def program(machine: int, *, network: bool = False) -> Iterator[bytes]:
    """The filter, an instruction of 8 bytes each: code, how many to skip where it holds and where not, a number."""
    yield _step(_LOAD, _MACHINE)
    yield from _where(_JUMP_EQUAL, _ARCHITECTURE[machine], otherwise=_error(errno.EPERM))
    yield _step(_LOAD, _NUMBER)
    if machine == 0:
        yield from _where(_JUMP_FROM, _X32, _error(errno.EPERM))
    for numbers in REFUSED.values():
        yield from _where(_JUMP_EQUAL, numbers[machine], _error(errno.EPERM))
    for number in dict.fromkeys(numbers[machine] for numbers in IDLE.values()):
        yield from _where(_JUMP_EQUAL, number, _error(0))
    yield from _where(_JUMP_EQUAL, CLONE3[machine], _error(errno.ENOSYS))  # its flags cannot be seen; clone is called
    if not network:
        yield from _where(_JUMP_EQUAL, SOCKET[machine], _error(errno.EPERM))
        yield from _looked_at(
            SOCKETPAIR[machine],
            _step(_LOAD, _SECOND),
            _step(_AND, 0xF),
            *_where(_JUMP_EQUAL, _STREAM, _ALLOW),
            *_where(_JUMP_EQUAL, _SEQPACKET, _ALLOW),
            _step(_RETURN, _error(errno.EPERM)),
        )
    yield from _looked_at(
        CLONE[machine],
        _step(_LOAD, _FIRST),
        *_where(_JUMP_SET, _NAMESPACES, _error(errno.EPERM)),
        _step(_RETURN, _ALLOW),
    )
    yield from _looked_at(  # limits are one's own alone
        PRLIMIT[machine],
        _step(_LOAD, _FIRST),
        *_where(_JUMP_EQUAL, 0, _ALLOW),
        _step(_RETURN, _error(errno.EPERM)),
    )
    yield _step(_RETURN, _ALLOW)


def _where(jump: int, number: int | None, then: int | None = None, otherwise: int | None = None) -> Iterator[bytes]:
    """Return `then` where the comparison holds, or `otherwise` where it does not; else go on."""
    if number is None:
        return
    yield struct.pack("HBBI", jump, 0 if then is not None else 1, 1 if then is not None else 0, number)
    yield _step(_RETURN, then if then is not None else otherwise or 0)


def _looked_at(number: int, *steps: bytes) -> Iterator[bytes]:
    """Steps that end with a verdict, for one call alone: they look at what it was given."""
    yield struct.pack("HBBI", _JUMP_EQUAL, 0, len(steps), number)
    yield from steps


def _step(code: int, number: int) -> bytes:
    return struct.pack("HBBI", code, 0, 0, number)


def _error(number: int) -> int:
    return _SAY | number
