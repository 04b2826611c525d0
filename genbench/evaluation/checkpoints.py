"""Where interrupted cells keep their checkpoints, and how those that nobody came back for go.

The folder may be one that holds other things too (`GENBENCH_CHECKPOINTS=/my/models`), so a name or an age says nothing:
only a folder with genbench's own mark in it is ever removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from genbench.errors import StoreFault

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
    return (Path(own) if Path(own).is_absolute() else Path.home() / ".local" / "state") / "genbench" / "checkpoints"


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
                if folder.stat().st_mtime < oldest:
                    remove(folder)
