"""The digest of files that a parameter names: of weights, whose bytes decide and whose name does not.

Weights are large, so a large file is read once, and its digest kept with what tells whether it was written since: its
size, its time of modification to the nanosecond, and its inode. A file that was written within the last seconds is
read again the next time, for a clock may be too coarse to tell two writes apart.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.rows.fingerprints import files_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE: Final = 2**20  # bytes; a smaller file is read each time
SETTLED_SECONDS: Final = 2.0  # since the last write; the coarsest clock of a file system in use, FAT's
MOST: Final = 4096  # files that are remembered, the latest

_Known = dict[str, tuple[int, int, int, str]]  # path -> size, mtime_ns, inode, sha256


class Digests:
    """Digests of files and folders; those of large files are remembered in the file `kept`."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept
        self.known = _read(kept)
        self.new: _Known = {}

    def of(self, path: Path) -> str:
        """`sha256:...` of a file's bytes, or of the names and bytes of a folder's files, links followed.

        Of a folder, dot files, `__pycache__` and `README.md` do not count, as in the fingerprint of a contribution.
        Raises `OSError` where something cannot be read, `FileNotFoundError` also for a folder that holds no file.
        """
        if not path.is_dir():
            return f"sha256:{self._file(path)}"
        whole, empty = hashlib.sha256(), True
        for file in sorted(files_of(path)):
            name = file.relative_to(path).as_posix()
            whole.update(f"{len(name)}:{name}:{self._file(file)}".encode())
            empty = False
        if empty:
            raise FileNotFoundError(f"{path} is a folder without files")
        return f"sha256:{whole.hexdigest()}"

    def _file(self, path: Path) -> str:
        place = os.path.realpath(path)
        before = os.stat(place)  # noqa: PTH116  realpath gives texts
        told = (before.st_size, before.st_mtime_ns, before.st_ino)
        kept = self.new.get(place) or self.known.get(place)
        if kept is not None and kept[:3] == told:
            return kept[3]
        with open(place, "rb") as file:  # noqa: PTH123  as above
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if before.st_size >= LARGE and time.time() - before.st_mtime > SETTLED_SECONDS:
            self.new[place] = (*told, found)
        return found

    def keep(self) -> None:
        """Remember what was read; where that cannot be written, the files are read again the next time."""
        if not self.new:
            return
        # Read again: another evaluation may have written meanwhile. What it wrote after this line is read once more.
        known = {place: one for place, one in _read(self.kept).items() if place not in self.new} | self.new
        with contextlib.suppress(OSError):
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            with _partial(self.kept) as partial:
                partial.write_text(json.dumps(dict(list(known.items())[-MOST:])), encoding="utf-8")
                partial.replace(self.kept)


@contextlib.contextmanager
def _partial(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _read(kept: Path) -> _Known:
    """What was remembered; nothing where the file is absent, or is not as it was written."""
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
        return {str(place): (int(a), int(b), int(c), str(digest)) for place, (a, b, c, digest) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
