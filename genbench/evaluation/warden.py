"""The warden of an evaluation: a process that outlives it by as long as it takes to tidy up.

    python -I -S warden.py MARK FOLDER

The evaluation holds the other end of its standard input and writes a line for each worker that starts, `group PID`, one
for the control group it is in, `cgroup PATH`, and `done` at its end. Where the input ends without that, the evaluation
is gone, however it went: killed, out of memory, its terminal closed. Then nobody is left to look after time and memory
of workers, so they are ended: their groups, and every process that bears a mark that begins with MARK. FOLDER, where
the jobs lie, is removed.

It imports little, for it starts with every evaluation. `Warden` is the other end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

TRIES = 3  # what is killed may have started something meanwhile


class Warden:
    """The evaluation's end: tells of workers, and of its own end."""

    def __init__(self, mark: str, folder: Path) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, mark, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # neither Ctrl-C nor the end of a terminal reaches it
            cwd="/",
        )

    def tell(self, group: int) -> None:
        """A worker was started, the leader of a process group."""
        self._write(f"group {group}\n")

    def tell_of(self, folder: Path) -> None:
        """A control group was made for a worker."""
        self._write(f"cgroup {folder}\n")

    def dismiss(self) -> None:
        """The evaluation has ended its workers itself."""
        self._write("done\n")
        with contextlib.suppress(OSError):
            self._child.communicate(timeout=10)

    def _write(self, line: str) -> None:
        stream = self._child.stdin
        with contextlib.suppress(OSError, ValueError):  # somebody killed it: the evaluation goes on without
            if stream is not None:
                stream.write(line.encode())
                stream.flush()


def main() -> None:
    """Wait for the end of the evaluation, and tidy up where it did not."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    mark, folder, groups, made = sys.argv[1], sys.argv[2], [], []
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "done":
            return
        if word == "group" and rest.isdecimal():
            groups.append(int(rest))
        if word == "cgroup":
            made.append(Path(rest))
    for _ in range(TRIES):
        for group in groups:
            with contextlib.suppress(OSError):
                if marked(group, mark):  # its number may have gone to a process of somebody else's
                    os.killpg(group, signal.SIGKILL)
        for process in bearing(mark):
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        for inside in made:
            empty(inside)
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists() and not bearing(mark):
            return
        time.sleep(0.2)


def empty(group: Path) -> None:
    """Kill what is in a control group, and remove it; its name is nobody else's."""
    with contextlib.suppress(OSError, ValueError):
        for process in (group / "cgroup.procs").read_text().split():
            os.kill(int(process), signal.SIGKILL)
        time.sleep(0.05)
        group.rmdir()


def bearing(mark: str) -> list[int]:
    """The processes that bear the mark; none where the system does not tell (it has no /proc)."""
    if not Path("/proc/self/environ").exists():
        return []
    return [int(name) for name in os.listdir("/proc") if name.isdecimal() and marked(int(name), mark)]  # noqa: PTH208


def marked(process: int, mark: str) -> bool:
    """Whether a process was started with a mark that begins so; where the system does not tell, it is believed."""
    if not Path("/proc/self/environ").exists():
        return True
    with contextlib.suppress(OSError):
        return f"\0GENBENCH_CELL={mark}".encode() in b"\0" + Path(f"/proc/{process}/environ").read_bytes()
    return False


if __name__ == "__main__":
    main()
