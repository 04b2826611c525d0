"""Run a command confined: `python -m genbench.evaluation.confinement WHAT COMMAND...`.

WHAT is JSON, and may leave out what is as in `NOTHING`: the paths that may be read, and a folder below them that may
not; folders to write to; device files; whether there is a network and whether namespaces are tried; and where python
looks for modules first.

Three processes: this one, which waits; where namespaces may be made, their first process, with which all others in them
end; and the command. Without namespaces this process adopts what the command leaves behind, and ends it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from genbench.evaluation.confinement import landlock, namespaces, seccomp

NOTHING = {"read": [], "hidden": "", "own": [], "devices": [], "network": False, "namespaces": True, "path": ""}
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# Of /proc a process sees itself, and libraries ask there which processor they run on.
SEEN = ("/proc/self", "/proc/cpuinfo")


def main() -> NoReturn:
    """Be confined and run the command; ends as it ends."""
    what, command = NOTHING | json.loads(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # which is for the command; who waits ends with it
    namespaces.end_with_parent()
    if what["namespaces"] and namespaces.enter(network=what["network"]):
        if first := os.fork():
            _end_as(os.waitpid(first, 0)[1])
        namespaces.end_with_parent()
    elif landlock.abi() < landlock.SCOPED:
        sys.exit("no namespaces may be made, and without them this kernel's Landlock lets signals out")
    else:
        namespaces.adopt()
    worker = os.fork()
    if not worker:
        _run(what, command)
    status = None
    with contextlib.suppress(ChildProcessError):  # there is none left
        while True:
            ended, told = os.wait()
            status = told if ended == worker else status
            if status is not None:
                _end_the_rest()
    _end_as(status or 0)


def _run(what: dict[str, Any], command: list[str]) -> NoReturn:
    namespaces.end_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if what["path"]:
        os.environ["PYTHONPATH"] = what["path"]
    namespaces.give_up_rights()
    landlock.restrict(_rules(what), network=what["network"])
    seccomp.refuse(network=what["network"])
    os.execv(command[0], command)  # noqa: S606  it is to be this process


def _rules(what: dict[str, Any]) -> list[tuple[str, int]]:
    own = landlock.own(landlock.abi())
    rules = [rule for path in what["read"] if Path(path).exists() for rule in landlock.without(path, what["hidden"])]
    rules += [(path, landlock.READ_FILE | landlock.READ_DIR) for path in SEEN]
    rules += [(path, own) for path in what["own"]]
    return [*rules, *((path, landlock.USE) for path in (*DEVICES, *what["devices"]))]


def _end_the_rest() -> None:
    """Kill what the command left behind. In namespaces of one's own that is all there is in them."""
    if os.getpid() == 1:
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
        return
    for child in _children():
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)


def _children() -> list[int]:
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208
        with contextlib.suppress(OSError, ValueError):
            words = Path("/proc", name, "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(words[1]) == os.getpid():
                found.append(int(name))
    return found


def _end_as(status: int) -> NoReturn:
    """End as a child did; of the first process in its namespace, which no signal of its own ends, a shell's word."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0 and os.getpid() != 1:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
