"""Ask at a yield in a copy of the process, so that nothing a submission sees there stays with it.

A copy is a fork. It is safe where no other thread runs, which Linux tells, and no GPU is in use: a lock that another
thread holds stays held in the copy for ever, and CUDA does not outlive a fork. Elsewhere the process itself is asked,
and says so in its log. The copy keeps from accidents (statistics of a normalisation that go on being counted,
weights that adapt to what is asked); it leaves files behind, so it does not keep from cheating.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HARMLESS: Final = frozenset({"jemalloc_bg_thd"})  # Arrow's allocator, which knows of forks


class Relayed(Exception):  # noqa: N818 - what was raised in the copy, on its way to the report
    """A fault in the copy; `described` are its status and line. Its traceback was printed there."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.described = described
        super().__init__(str(described))


def obstacle(device: str) -> str:
    """Why the process cannot be copied; empty where it can."""
    if sys.platform != "linux":
        return "this system does not tell which threads run"
    if device != "cpu":
        return f"a fork and {device} do not go together"
    others = [
        name
        for task in Path("/proc/self/task").iterdir()
        if task.name != str(os.getpid())
        and (name := (task / "comm").read_text(encoding="utf-8", errors="replace").strip()) not in HARMLESS
    ]
    return f"other threads run: {', '.join(sorted(set(others)))}" if others else ""


def in_a_copy(work: Callable[[], object], described: Callable[[BaseException], Mapping[str, Any]]) -> None:
    """Do `work` in a copy of this process and wait for it; only what it writes to files is left of it.

    What it raises is raised here as `Relayed`, as `described` tells it. Where the copy ends otherwise than by itself,
    this process ends in the same way.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # a submission may have closed or replaced it
            stream.flush()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _copy(work, described, tell)
    os.close(tell)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told, "rb", closefd=True) as pipe:
        os.set_blocking(pipe.fileno(), False)  # a process that the copy left behind may hold the other end
        said = pipe.read() or b""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code not in (signal.SIGKILL, signal.SIGSTOP) else None
        os.kill(os.getpid(), -code)
    if code:
        os._exit(code)
    if said:
        raise Relayed(json.loads(said))


def _copy(work: Callable[[], object], described: Callable[[BaseException], Mapping[str, Any]], tell: int) -> None:
    """The life of the copy, which ends here."""
    try:
        work()
    except BaseException as fault:  # noqa: BLE001 - a submission may raise anything, SystemExit included
        with contextlib.suppress(Exception):
            traceback.print_exc()
        os.write(tell, json.dumps(described(fault)).encode()[:60_000])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)
