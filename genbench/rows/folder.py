"""One results folder, local or at any fsspec URL: its files are there as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import uuid
from typing import TYPE_CHECKING, Any

from genbench.errors import StoreFault
from genbench.rows import files, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _to_the_disk(sink: Any) -> None:
    """Let a file reach the disk before it gets its name: after a power cut the name must not stand for half of it."""
    with contextlib.suppress(AttributeError, OSError):  # elsewhere than on a disk there is nothing of the kind
        sink.flush()
        os.fsync(sink.fileno())


def _under(folder: str) -> list[str]:
    """Paths of the files under a folder of this disk, as `find` of its file system tells them, many times faster."""
    found: list[str] = []
    left = [folder]
    try:
        while left:
            above = left.pop()
            with os.scandir(above) as entries:
                for entry in entries:
                    (left if entry.is_dir(follow_symlinks=False) else found).append(f"{above}/{entry.name}")
    except NotADirectoryError:
        return [folder] if above == folder else found
    return found


class Folder:
    """Where results lie."""

    def __init__(self, place: str) -> None:
        if not place:
            raise StoreFault("results have no place: the name of the folder is empty")
        self.place = place.rstrip("/") or place
        self.fs, self.root = places.at(self.place)

    def prepare(self) -> None:
        """Make the folder and write to it once, so that an unwritable place is known before anything runs."""
        probe = f"{self.root}/.write-{uuid.uuid4().hex}"
        try:
            self.fs.makedirs(self.root, exist_ok=True)
            with self.fs.open(probe, "wb") as sink:
                sink.write(b"genbench")
            self.fs.rm_file(probe)
        except OSError as fault:
            raise StoreFault(f"results {self.place!r} cannot be written: {files.said(fault)}") from fault

    def exists(self) -> bool:
        """Whether there is a folder at this place. Raises `StoreFault` where that cannot be told."""
        with self._read():
            return bool(self.fs.isdir(self.root))

    def holds(self, path: str) -> bool:
        """Whether there is a file, whatever is in it. Raises `StoreFault` where that cannot be told."""
        with self._read():
            return bool(self.fs.exists(path))

    def find(self, folder: str) -> list[str]:
        """Paths of the files under a folder of it, sorted; the partial files of a write under way are left out."""
        with self._read():
            place = f"{self.root}/{folder}"
            try:
                found = _under(place) if files.on_this_disk(self.fs) else self.fs.find(place)
            except FileNotFoundError:
                return []
        return sorted(path for path in found if not path.rpartition("/")[2].startswith("."))

    @contextlib.contextmanager
    def _read(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            raise StoreFault(f"results {self.place!r} cannot be read: {files.said(fault)}") from fault

    def staged(self, contents: Mapping[str, Any]) -> dict[str, str]:
        """Write each table beside its path, under a name that readers skip: path -> that name.

        A content may also be bytes, or a function that is given the open file.

        All or none: a full disk is met here, before anything that was there is touched.
        """
        staged: dict[str, str] = {}
        try:
            for path, content in contents.items():
                folder, _, name = path.rpartition("/")
                self.fs.makedirs(folder, exist_ok=True)
                staged[path] = f"{folder}/.{name}.{uuid.uuid4().hex[:8]}.partial"
                with self.fs.open(staged[path], "wb") as sink:
                    if isinstance(content, bytes):
                        sink.write(content)
                    elif callable(content):
                        content(sink)
                    else:
                        files.write(content, sink)
                    _to_the_disk(sink)
        except BaseException:
            for partial in staged.values():
                with contextlib.suppress(OSError):
                    self.fs.rm_file(partial)
            raise
        return staged

    def move(self, partial: str, path: str) -> None:
        """Give a file that was staged its name, in one step."""
        self.fs.mv(partial, path)

    def write(self, path: str, content: Any) -> None:
        """Write one file, or put it in place of one, in one step."""
        for name, partial in self.staged({path: content}).items():
            self.move(partial, name)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(path)

    def size(self, path: str) -> int:
        """The bytes of a file; -1 where it is not there."""
        try:
            return int(self.fs.size(path))
        except (OSError, TypeError):
            return -1

    def stamp(self, path: str) -> tuple[Any, ...]:
        """What differs where a file was written anew: size and time, as far as the file system tells them."""
        try:
            self.fs.invalidate_cache(path.rpartition("/")[0])
            told = self.fs.info(path)
        except OSError:
            return ()
        return tuple(told.get(name) for name in ("size", "mtime", "LastModified", "ETag", "created", "ino"))

    def bytes_of(self, path: str) -> bytes:
        """What a file holds. Raises `OSError`."""
        with self.fs.open(path, "rb") as source:
            return bytes(source.read())

    def empty(self, path: str) -> None:
        """Make an empty file, with its folders."""
        self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.fs.pipe_file(path, b"")
