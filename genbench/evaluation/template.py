"""A template: an interpreter that has imported libraries, and forks a child for each cell that asks for just these.

    python -P -s -u -m genbench.evaluation.template SOCKET MEMORY LIBRARY...

It is started as a cell's own interpreter would be, with the same short environment and limit of memory (MEMORY, in
bytes), and has seen no task, no target, no submission and no cell: what it has imported is all that its children share.
The parent of both holds the other end of SOCKET. First the template says what it imported, or what stands against a
fork; then each message asks for one child, whose end is told, and the next is asked for. Where the socket ends, so does
the child, and the template with it.

A child makes up for what an interpreter of its own would have found at its start: its session, folder, environment and
mark, what it prints to, and random numbers of its own. `executors/prepared.py` is the other end.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import re
import select
import signal
import socket
import sys
import tempfile
import traceback
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, NoReturn

from genbench.evaluation import worker
from genbench.evaluation.copies import obstacle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MESSAGE: Final = 1 << 16  # most bytes of a message
SAID: Final = 16 * 1024  # most bytes kept of what libraries print while they are imported
ENVIRONMENT_AT: Final = 50  # of /proc/self/stat, counted from 1: where the environment of the start lies


def main() -> None:
    """Import the libraries that the command line names, then serve children until the socket ends."""
    control = socket.socket(fileno=int(sys.argv[1]))
    worker.limit_memory(int(sys.argv[2]), "cpu")  # before libraries reserve what they think is there
    said, fault = _imported(sys.argv[3:])
    gc.collect()
    gc.freeze()  # a collection in a child would otherwise write to all pages that it shares
    names = {name.partition(".")[0] for name in sys.modules}
    known = {"names": sorted(names), "obstacle": fault or _obstacle(control.fileno())}
    places = _places(str(Path.cwd()))
    control.send(json.dumps(known).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 1)
        if not message:
            return
        request = json.loads(message)
        child = os.fork()
        if child == 0:
            control.close()
            _live(request, descriptors[0], said, places)
        for one in descriptors:
            os.close(one)
        _tell(control, child, {"child": child})
        _tell(control, child, {"code": _ending(child, control)})


def modules_of(library: str) -> list[str]:
    """What is imported of an installed package by the name that a card gives it; nothing where it is not installed."""
    try:
        installed = metadata.distribution(library)
    except metadata.PackageNotFoundError:
        return []
    told = (installed.read_text("top_level.txt") or "").split()
    if not told:
        told = sorted({file.parts[0] for file in installed.files or () if file.parts[1:] == ("__init__.py",)})
    own = re.sub(r"[-_.]+", "_", library).lower()
    return [name for name in told if name.lower() == own] or [name for name in told if not name.startswith("_")]


def _imported(libraries: Iterable[str]) -> tuple[bytes, str]:
    """Import what every cell needs, then the libraries.

    Gives what they printed, which belongs into each cell's log, and which does not import, if one does not: a cell that
    needs it meets that itself, from the beginning.
    """
    kept, fault = os.memfd_create("said"), ""
    os.dup2(kept, 1)
    os.dup2(kept, 2)
    for name in ("datasets", "genbench.data.tables", *(one for library in libraries for one in modules_of(library))):
        try:
            importlib.import_module(name)
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - a library may raise anything
            fault = f"{name} does not import: {raised!r:.200}"
    said = os.pread(kept, SAID, 0)
    os.close(kept)
    return said, fault


def _obstacle(control: int) -> str:
    """Why no child can be forked that shares nothing but memory which each side copies; empty where one can."""
    if not hasattr(os, "pidfd_open"):
        return "this system tells of no process's end"
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123  a line at a time
        shared = [line.split(maxsplit=5)[5:] for line in maps if re.match(r"rw.s", line.split(maxsplit=2)[1])]
    if shared:
        return f"a library shares memory: {''.join(shared[0]).strip() or 'of no name'}"
    others = [name for name in os.listdir("/proc/self/fd") if int(name) > 2 and int(name) != control and _is_open(name)]  # noqa: PTH208
    return f"a library holds {len(others)} files open" if others else obstacle("cpu")


def _is_open(name: str) -> bool:
    with contextlib.suppress(OSError):  # that of the listing itself is gone
        os.fstat(int(name))
        return True
    return False


def _places(own: str) -> list[tuple[dict[str, Any], str]]:
    """Where modules remember a path in the template's folder, which was its home: a cell's home is its own."""
    spaces = [
        space for module in list(sys.modules.values()) if isinstance(space := getattr(module, "__dict__", 0), dict)
    ]
    return [
        (space, name)
        for space in spaces
        for name, value in list(space.items())
        if isinstance(value, (str, PurePath)) and own in str(value)
    ]


def _live(
    request: Mapping[str, Any], output: int, said: bytes, places: Iterable[tuple[dict[str, Any], str]]
) -> NoReturn:
    """The life of a child: it becomes what a cell's own interpreter would be, and does its job."""
    try:
        if request["door"]:
            # By itself and first: what it started before another put it inside would stay outside. Where it may not
            # enter, its processes are counted where they are seen.
            with contextlib.suppress(OSError):
                Path(request["door"]).write_text("0", encoding="ascii")
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.write(1, said)
        home, folder = str(Path.cwd()), request["folder"]
        os.chdir(folder)
        _bear(request["mark"])
        os.environ.update(request["environment"])
        for space, name in places:
            space[name] = type(space[name])(str(space[name]).replace(home, folder))
        tempfile.tempdir = None
        _draw_anew()
        sys.argv = [str(worker.__file__), folder]
        at_start = sys.modules["__main__"]  # by which children that a submission spawns find their way
        at_start.__spec__, at_start.__file__ = worker.__spec__, worker.__file__
        worker.main()
    except KeyboardInterrupt:
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001 - as an interpreter of its own would end
        traceback.print_exc()
    finally:
        os._exit(1)


def _bear(mark: str) -> None:
    """Write the cell's mark over the template's, of the same length, where the system reads a process's environment."""
    import ctypes

    # The name of the program, the second word, is in parentheses and may hold anything.
    words = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    begins, given = int(words[ENVIRONMENT_AT - 3]), Path("/proc/self/environ").read_bytes()
    found = re.search(rb"(?:^|\0)GENBENCH_CELL=([^\0]*)", given)
    if found is None or len(found[1]) != len(mark):
        raise RuntimeError("the template bears no mark that the cell's could replace")
    ctypes.memmove(begins + found.start(1), mark.encode(), len(mark))


def _draw_anew() -> None:
    """Give the generators that libraries seed from the system at import such a seed again; `random` does so itself."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "datasets.fingerprint" in sys.modules:
        sys.modules["datasets.fingerprint"].fingerprint_rng.seed()


def _ending(child: int, control: socket.socket) -> int:
    """Wait for a child and give its exit code, or less than 0 for a signal. Where the parent ends, both end."""
    told = os.pidfd_open(child)
    waiting = select.poll()
    waiting.register(told, select.POLLIN)
    waiting.register(control, select.POLLIN)
    ready = {descriptor for descriptor, _ in waiting.poll()}
    if told not in ready:  # nothing is asked for while a child lives: it is the end of the socket
        _give_up(child)
    os.close(told)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _tell(control: socket.socket, child: int, message: Mapping[str, int]) -> None:
    try:
        control.send(json.dumps(message).encode())
    except OSError:
        _give_up(child)


def _give_up(child: int) -> NoReturn:
    """Nobody is left to look after the child's time and memory."""
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(OSError):  # it may have no session yet
        os.kill(child, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
