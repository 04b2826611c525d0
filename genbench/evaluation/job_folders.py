"""The folder in which one evaluation makes its jobs' folders, and the removal of those that a killed one left.

A warden removes it where an evaluation is killed, once there is a warden; between the two, or where both are killed or
the power fails, it stays, with the data of a split in it. It is marked as soon as it is made, and the mark is held as
long as the evaluation lives: the next one removes what is marked and nobody holds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.evaluation.checkpoints import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = "genbench-"
MARK: Final = ".genbench-jobs"


@contextlib.contextmanager
def job_folders(work: Path | None = None) -> Iterator[Path]:
    """A folder for the jobs of one evaluation, in `work` or the system's temporary folder; gone at the end.

    Raises `OSError` where it cannot be made.
    """
    place = Path(tempfile.gettempdir()) if work is None else work
    _remove_left(place)
    root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    try:
        (root / MARK).touch()
        holding = locked(root / MARK)
        try:
            yield root
        finally:
            if holding is not None:
                holding.close()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _remove_left(place: Path) -> None:
    """Remove the folders there that this user's evaluations made and none holds any more."""
    if not hasattr(os, "geteuid"):  # nobody can be known to hold one
        return
    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            mark = folder / MARK
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid() or mark.is_symlink() or not mark.is_file():
                continue
            if (nobody := locked(mark)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                nobody.close()
