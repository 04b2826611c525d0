"""Where official files may lie on this machine, and whether they may be fetched: what the environment says."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from genbench.errors import SourceFault

if TYPE_CHECKING:
    from collections.abc import Iterator

_offline: ContextVar[bool] = ContextVar("offline", default=False)


@contextlib.contextmanager
def offline() -> Iterator[None]:
    """While this holds, nothing is fetched: a file that is neither in the folder nor in the cache is absent."""
    token = _offline.set(True)
    try:
        yield
    finally:
        _offline.reset(token)


def may_fetch() -> bool:
    """Whether files may be fetched: not within `offline`, and not where `GENBENCH_OFFLINE` is set."""
    return not _offline.get() and os.environ.get("GENBENCH_OFFLINE", "0") in {"", "0"}


def data_folder() -> Path | None:
    """The folder that `GENBENCH_DATA` names, None where it is not set. Raises `SourceFault` where there is none."""
    given = os.environ.get("GENBENCH_DATA", "")
    if not given:
        return None
    folder = Path(given).expanduser()
    if not folder.is_dir():
        raise SourceFault(f"GENBENCH_DATA is {given!r}, and there is no such folder")
    return folder


def cache_folder() -> Path:
    """Where fetched files are kept: `GENBENCH_CACHE`, else `genbench` in the platform's cache folder."""
    given = os.environ.get("GENBENCH_CACHE", "")
    if given:
        return Path(given).expanduser()
    if sys.platform == "darwin":
        return home() / "Library" / "Caches" / "genbench"
    own = os.environ.get("XDG_CACHE_HOME", "")
    # The specification has relative paths ignored.
    return (Path(own) if Path(own).is_absolute() else home() / ".cache") / "genbench"


def home() -> Path:
    """The user's home, or where there is none a folder of that user's own.

    There is none without HOME and an entry in the user database, and where these name what is no folder and cannot be
    made one, as `/nonexistent` of `nobody`. Raises `SourceFault` where somebody else has the other folder.
    """
    with contextlib.suppress(RuntimeError):
        found = Path.home()
        if found.is_dir() or not hasattr(os, "getuid"):
            return found
        above = next(path for path in found.parents if os.path.lexists(path))
        if not os.path.lexists(found) and above.is_dir() and os.access(above, os.W_OK):
            return found
    folder = Path(tempfile.gettempdir()) / f"genbench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise SourceFault(f"there is no home folder, and {folder} is somebody else's; let HOME name one")
    return folder
