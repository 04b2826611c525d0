"""The answers that a job left, read as what a stranger's process wrote: copied first, then looked at, then read.

What is mapped into memory must be our own: a process that outlived its job could shorten its file under the map, which
would end the evaluation. A body that is packed is refused, for a few bytes of it may be gigabytes.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from genbench import strangers
from genbench.cards import entries
from genbench.errors import SubmissionFault
from genbench.scoring import grading

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.data.problem import Targets

LEAST_ROOM: Final = 2**28  # bytes of answers that are read however short the right ones are
TIMES: Final = 64  # and else so many times as many bytes as the right answers have
_COMPRESSION: Final = 3  # the place of `compression` among the fields of RecordBatch in Arrow's Message.fbs


def answers_of(path: Path, room: Path, targets: Targets) -> pa.Table:
    """The answers in the file `path`, read from a copy at `room`.

    Raises `SubmissionFault` for what is no regular file, is too large, or is not whole; `OSError` where there is no
    room for the copy.
    """
    copied(path, room, targets)
    return grading.read_answers(room)


def copied(path: Path, room: Path, targets: Targets) -> None:
    """Copy the answers in the file `path` to `room`, where they can be read. Raises likewise."""
    most = max(LEAST_ROOM, TIMES * targets.target.nbytes)
    try:
        strangers.copied(path, room, most)
    except strangers.NotAFile as fault:
        raise SubmissionFault(f"the answers cannot be read: {fault}") from fault
    except OSError as fault:
        if fault.filename is None or str(fault.filename) != str(path):
            raise
        raise SubmissionFault(f"the answers cannot be read: {fault.strerror}") from fault
    try:
        packed = _packed(room)
    except Exception as fault:  # whatever Arrow raises for bytes that are none of its own
        raise SubmissionFault(f"the answers cannot be read: {entries.first_line(fault)}") from fault
    if packed:
        raise SubmissionFault("the answers cannot be read: they are compressed; answers are written as they are")


def _packed(path: Path) -> bool:
    """Whether a record batch or dictionary of an Arrow stream is compressed."""
    with pa.memory_map(str(path)) as source:
        for message in pa.ipc.MessageReader.open_stream(source):
            header = _table_in(message.metadata.to_pybytes(), 0, 2)
            if message.type == "dictionary":
                header = None if header is None else _table_in(*header, 1)
            if message.type in {"record batch", "dictionary"} and header and _field(*header, _COMPRESSION):
                return True
    return False


def _table_in(bytes_: bytes, at: int, place: int) -> tuple[bytes, int] | None:
    """The table that field `place` of the flatbuffer's table at `at` leads to; `at` 0 is the root."""
    at = at or struct.unpack_from("<I", bytes_, 0)[0]
    field = _field(bytes_, at, place)
    return (bytes_, field + struct.unpack_from("<I", bytes_, field)[0]) if field else None


def _field(bytes_: bytes, at: int, place: int) -> int:
    """Where a field of the flatbuffer's table at `at` lies; 0 where it is absent."""
    names = at - struct.unpack_from("<i", bytes_, at)[0]
    size = struct.unpack_from("<H", bytes_, names)[0]
    offset: Any = struct.unpack_from("<H", bytes_, names + 4 + 2 * place)[0] if size > 4 + 2 * place else 0
    return at + int(offset) if offset else 0
