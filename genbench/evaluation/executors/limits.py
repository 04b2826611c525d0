"""How much of a machine a cell may take beside time and memory: processes, output, room on the disk.

Where the kernel lets this user make a control group, that counts processes and threads, refuses the one too many, and
names every process of the cell at its end, whatever it did to hide. Elsewhere they are counted where they are seen, as
often as memory is. Which limit was met stands in the cell's row.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TASKS: Final = 2048  # processes and threads at a time
OUTPUT_BYTES: Final = 2**30  # printed in all; what is kept of it is far less
FREE_BYTES: Final = 2**28  # left on the disk for whoever else writes there, rows among them
OWN_BYTES: Final = 2**30  # in a cell's own folders, from which on a full disk is its doing
TRIES: Final = 300
GROUPS: Final = Path("/sys/fs/cgroup")
_ENTER: Final = 'echo $$ 2>/dev/null >"$0"; exec "$@"'  # one that may not enter is counted where it is seen


class Group:
    """A control group of one cell; without one, `path` is None."""

    def __init__(self) -> None:
        self.path = next((made for place in _places() if (made := _made(place)) is not None), None)

    @property
    def door(self) -> str:
        """The file in which a process that is to be inside writes its number, or 0; empty without a group."""
        return "" if self.path is None else str(self.path / "cgroup.procs")

    def command(self, words: Sequence[str]) -> list[str]:
        """What runs `words` inside from the first process on."""
        return ["/bin/sh", "-c", _ENTER, self.door, *words] if self.door else list(words)

    def met(self) -> bool:
        """Whether a process or thread was refused."""
        if self.path is None:
            return False
        with contextlib.suppress(OSError, ValueError):
            told = dict(line.split() for line in (self.path / "pids.events").read_text().splitlines())
            return int(told.get("max", 0)) > 0
        return False

    def end(self) -> None:
        """Kill all that is still inside, and remove it."""
        if self.path is None:
            return
        for _ in range(TRIES):  # what is killed may have started something meanwhile, and takes a moment to be gone
            with contextlib.suppress(OSError):
                for one in (self.path / "cgroup.procs").read_text().split():
                    with contextlib.suppress(OSError):
                        os.kill(int(one), signal.SIGKILL)
            with contextlib.suppress(OSError):
                self.path.rmdir()
                return
            time.sleep(0.01)


def _places() -> Iterator[Path]:
    """Where a group may be made: below that of this process, of the newer and of the older kind of groups."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, own = line.split(":", 2)
            if not controllers:
                yield GROUPS / own.lstrip("/")
            elif "pids" in controllers.split(","):
                yield GROUPS / "pids" / own.lstrip("/")


def _made(place: Path) -> Path | None:
    """A new group below `place` that counts processes; None where none can be had."""
    path = place / f"genbench-{uuid.uuid4().hex[:12]}"
    try:
        path.mkdir()
    except OSError:
        return None
    try:
        (path / "pids.max").write_text(str(TASKS))
    except OSError:  # there are groups, and none that count processes
        with contextlib.suppress(OSError):
            path.rmdir()
        return None
    return path


def why_no_group() -> str:
    """Why processes cannot be counted by the kernel here; empty where they can."""
    group = Group()
    found = group.path is not None
    group.end()
    return "" if found else "no control group may be made; processes are counted as often as memory is looked at"


def too_many() -> str:
    """What a row says of a cell that started too much."""
    return f"started more processes and threads than its limit, {TASKS} at a time"


def too_much_printed() -> str:
    """What a row says of a cell that does not stop to print."""
    return f"printed more than its limit, {OUTPUT_BYTES / 2**30:g} GiB"


def no_room(folders: Sequence[Path]) -> str:
    """What a row says of a cell that fills the disk; empty where there is room, or where others took it."""
    for folder in folders:
        with contextlib.suppress(OSError):
            if shutil.disk_usage(folder).free < FREE_BYTES and (own := _size(folder)) > OWN_BYTES:
                return f"filled the disk: its folder holds {own / 2**30:.1f} GiB, and no more than 0.25 GiB are left"
    return ""


def _size(folder: Path) -> int:
    """Bytes on the disk below a folder; links are not followed."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_blocks * 512  # noqa: PTH118  names that are no text
    return total
