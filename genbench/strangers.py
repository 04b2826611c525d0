"""What a stranger's process or pull request left: files and texts, taken so that they can do no harm.

A name in a folder may be a link, a pipe that never ends, a device, or more bytes than there is room for; a text may
hold what a terminal obeys and what turns the direction of reading. Everything of the kind comes through here.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK: Final = 1 << 20  # bytes copied at once
KEPT: Final = frozenset("\n\t")  # of control characters, those that text is laid out with
# They can be seen and change nothing: joiners of Indic scripts and of emoji, the soft hyphen, the mark of byte order.
HARMLESS: Final = frozenset("\u200c\u200d\u00ad\ufeff\u200b\u2060")


class NotAFile(OSError):  # noqa: N818 - an error as the operating system has them: it cannot be opened
    """What has the name is no regular file, or larger than is read."""


@contextlib.contextmanager
def opened(path: Path | str, most: int | None = None, *, links: bool = False) -> Iterator[BinaryIO]:
    """A regular file, opened to be read; a link is followed where `links` says so.

    Raises `NotAFile` for a folder, a pipe, a socket, a device, a link, and for a file of over `most` bytes; any
    other `OSError` as the operating system does. Never waits for a pipe's other end.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
    if not links:
        if Path(path).is_symlink():
            raise NotAFile(f"{Path(path).name} is a link; it must be a file")
        flags |= getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    try:
        told = os.fstat(descriptor)
        if not stat.S_ISREG(told.st_mode):
            raise NotAFile(f"{Path(path).name} is {_kind(told.st_mode)}; it must be a file")
        if most is not None and told.st_size > most:
            raise NotAFile(f"{Path(path).name} has {told.st_size} bytes; at most {most} are read")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def content(path: Path | str, most: int, *, links: bool = False) -> bytes:
    """The bytes of a regular file, at most `most` of them. Raises as `opened` does."""
    with opened(path, most, links=links) as file:
        found = file.read(most + 1)
    if len(found) > most:  # it grew meanwhile
        raise NotAFile(f"{Path(path).name} has over {most} bytes; no more are read")
    return found


def copied(path: Path | str, to: Path, most: int) -> Path:
    """A copy of a regular file that nobody else writes to: what is mapped into memory must not shrink meanwhile.

    Raises as `opened` does; then there is no copy.
    """
    with opened(path, most) as file:
        try:
            with to.open("xb") as sink:
                _pour(file, sink, most, Path(path).name)
        except BaseException:
            to.unlink(missing_ok=True)
            raise
    return to


def _pour(file: BinaryIO, sink: BinaryIO, most: int, name: str) -> None:
    left = most
    while chunk := file.read(min(CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise NotAFile(f"{name} has over {most} bytes; no more are read")
        sink.write(chunk)


def is_file(path: Path) -> bool:
    """Whether there is a regular file at `path` itself, and no link to one; a name that no file can have has none."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def plain(text: str) -> str:
    r"""Text without what a terminal obeys and what turns the direction of reading, which is told as Python escapes it.

    >>> plain("a\x1b[31mb\u202ec\nd")
    'a\\x1b[31mb\\u202ec\nd'
    """
    if text.isprintable():
        return text
    odd = {ord(one): _named(one) for one in set(text) if not (one.isprintable() or one in KEPT or one in HARMLESS)}
    return text.translate(odd)


def _named(one: str) -> str:
    """A character as Python escapes it; a space of any width stays a space."""
    if one.isspace() and one not in "\x0b\x0c\x1c\x1d\x1e\x1f\x85\r\u2028\u2029":
        return one
    return one.encode("unicode_escape").decode("ascii")


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISLNK, "a link"),
    )
    return next((name for holds, name in kinds if holds(mode)), "a device")
