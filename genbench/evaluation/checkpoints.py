"""Where interrupted cells keep their checkpoints, and how those that nobody came back for go.

The folder may be one that holds other things too (`GENBENCH_CHECKPOINTS=/my/models`), so a name or an age says nothing:
only a folder with genbench's own mark in it is ever removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from genbench.data.sources.places import home
from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT_SECONDS: Final = 30 * 24 * 3600  # how long the checkpoints of an interrupted cell are kept
MARK: Final = ".genbench-checkpoints"
MARKED: Final = (
    "The checkpoints of an interrupted cell. genbench removes this folder when the cell ends, or in a month.\n"
)


def place() -> Path:
    """The folder of all cells' checkpoints: `GENBENCH_CHECKPOINTS`, else in the user's state folder.

    Not beside the results or the cache: both hold targets, and a submission is told this path.
    """
    given = os.environ.get("GENBENCH_CHECKPOINTS", "")
    if given:
        return Path(given).expanduser().absolute()
    own = os.environ.get("XDG_STATE_HOME", "")
    # The specification has relative paths ignored.
    return (Path(own) if Path(own).is_absolute() else home() / ".local" / "state") / "genbench" / "checkpoints"


def make(folder: Path) -> None:
    """Make and mark the folder of one cell, or leave it as an interruption left it.

    Raises `StoreFault` where it cannot be had, and where something is there that genbench did not make.
    """
    if is_ours(folder):
        return
    if folder.exists() or folder.is_symlink():
        raise StoreFault(
            f"checkpoints cannot be kept in {folder}: it is there and genbench did not make it; move it away, "
            "or let GENBENCH_CHECKPOINTS name another folder"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Marked before it has its name: an interruption in between must not leave a folder that nobody may remove.
        made = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        (made / MARK).write_text(MARKED, encoding="utf-8")
        made.rename(folder)
    except OSError as fault:
        raise StoreFault(
            f"checkpoints cannot be kept in {folder.parent}: {fault.strerror or fault}; "
            "GENBENCH_CHECKPOINTS names another folder"
        ) from fault


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Path]:
    """The folder of one cell, made, and nobody else's until this ends: two evaluations never write to one.

    Where another evaluation has it, a folder beside it is given, which is empty and removed at the end. Raises as
    `make` does.
    """
    lock = _lock_of(folder)
    own = folder if lock else folder.with_name(f"{folder.name}.{os.getpid()}")
    if lock is None:
        remove(own)
        make(own)
    try:
        yield own
    finally:
        if lock is None:
            remove(own)
        else:
            lock.close()


def empty(folder: Path) -> None:
    """Take out of the folder of one cell all but its mark."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MARK:
            path.unlink(missing_ok=True)


def _lock_of(folder: Path) -> IO[bytes] | None:
    """The folder's mark, held for this process alone, the folder being made; None where another process holds it."""
    while True:
        make(folder)
        with contextlib.suppress(FileNotFoundError):  # whoever had it ended, and removed it, in between
            lock = locked(folder / MARK)
            if lock is None or os.path.samestat(os.fstat(lock.fileno()), (folder / MARK).stat()):
                return lock
            lock.close()


def locked(mark: Path) -> IO[bytes] | None:
    """A file that is there, held for this process alone; None where another process holds it. Raises `OSError`."""
    file = mark.open("rb")
    if sys.platform == "win32":  # nobody can be kept out there
        return file
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:  # a file system without locks
        return file
    return file


def is_ours(folder: Path) -> bool:
    """Whether genbench made this folder: a folder itself, no link to one, with the mark in it."""
    mark = folder / MARK
    return not folder.is_symlink() and mark.is_file() and not mark.is_symlink()


def remove(folder: Path) -> None:
    """Remove the folder of one cell, where genbench made it."""
    if is_ours(folder):
        shutil.rmtree(folder, ignore_errors=True)


def remove_forgotten() -> None:
    """Remove checkpoints that nobody came back for in a month."""
    oldest = time.time() - KEPT_SECONDS
    with contextlib.suppress(OSError):  # no such folder, or none that may be read: nothing of ours is there
        for folder in place().iterdir():
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime < oldest and is_ours(folder) and (lock := locked(folder / MARK)) is not None:
                    remove(folder)
                    lock.close()
