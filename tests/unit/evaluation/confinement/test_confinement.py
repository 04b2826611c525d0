"""What a confined process can do and what not; each by a real one, where this kernel has what it takes."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genbench.evaluation.confinement import landlock, seccomp
from genbench.evaluation.executors import landlock as form
from genbench.evaluation.executors import views

confined = pytest.mark.skipif(bool(form.why_not()), reason=f"nothing can be confined here: {form.why_not()}")
HEADERS = (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm-generic/unistd.h"))
LOOKS = """
import os, resource, socket
from pathlib import Path
own, shown, hidden = map(Path, (".", {shown!r}, {hidden!r}))
def works(act):
    try:
        act()
    except OSError as fault:
        return type(fault).__name__
    return "ok"
print({{
    "a file of its own": works(lambda: (own / "new").touch()),
    "its mode": works(lambda: os.chmod("new", 0)) + oct(os.stat("new").st_mode & 0o777),
    "what is shown": works((shown / "seen").read_bytes),
    "cut short": works(lambda: os.truncate(shown / "seen", 0)),
    "mode of another": works(lambda: os.chmod(shown / "seen", 0)),
    "what is hidden": works((hidden / "unseen").read_bytes),
    "a link to it": works(lambda: os.link(shown / "seen", "link")),
    "an internet socket": works(socket.socket),
    "a pair of streams": works(socket.socketpair),
    "a pair of datagrams": works(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
    "limits of its own": works(lambda: resource.prlimit(0, resource.RLIMIT_CORE, (0, 0))),
    "limits of others": works(lambda: resource.prlimit({parent}, resource.RLIMIT_CORE, (0, 0))),
    "the first process": works(lambda: os.kill(1, 0)),
    "processes": works(lambda: os.listdir("/proc")),
    "itself": works(Path("/proc/self/status").read_bytes),
}})
"""


@confined
@pytest.mark.parametrize("namespaces", [True, False])
def test_a_confined_process_does_what_its_list_says_and_no_more(tmp_path, namespaces):
    own, shown = tmp_path / "own", tmp_path / "shown"
    hidden = shown / "deep" / "hidden"
    for folder in (own, hidden):
        folder.mkdir(parents=True)
    for file in (shown / "seen", hidden / "unseen"):
        file.write_text("text")
    what = {
        "read": [*views.SYSTEM, *views.LINKER, sys.base_prefix, str(shown)],
        "own": [str(own)],
        "hidden": str(hidden),
        "namespaces": namespaces,
    }
    python = [os.path.realpath(sys.executable), "-I", "-S", "-c"]
    looks = LOOKS.format(shown=str(shown), hidden=str(hidden), parent=os.getpid())

    done = subprocess.run(
        [sys.executable, "-m", "genbench.evaluation.confinement", json.dumps(what), *python, looks],
        cwd=own,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ast.literal_eval(done.stdout) == {
        "a file of its own": "ok",
        "its mode": "ok0o644",  # it is told that it was changed, and it was not
        "what is shown": "ok",
        "cut short": "PermissionError",
        "mode of another": "ok",
        "what is hidden": "PermissionError",
        "a link to it": "OSError",  # EXDEV, as between file systems
        "an internet socket": "PermissionError",
        "a pair of streams": "ok",
        "a pair of datagrams": "PermissionError",
        "limits of its own": "ok",
        "limits of others": "PermissionError",
        "the first process": "PermissionError",
        "processes": "PermissionError",
        "itself": "ok",
    }
    assert (shown / "seen").stat().st_mode & 0o777


@confined
@pytest.mark.parametrize("namespaces", [True, False])
def test_it_ends_as_its_command_does_and_takes_all_with_it(namespaces):
    what = json.dumps({"read": [*views.SYSTEM, *views.LINKER], "namespaces": namespaces})
    script = f"( (sleep 7{os.getpid()} &) & ); kill -SEGV $$"

    command = [sys.executable, "-m", "genbench.evaluation.confinement", what, "/bin/sh", "-c", script]
    done = subprocess.run(command, check=False)

    assert done.returncode == (128 + 11 if namespaces else -11)
    running = [path for path in Path("/proc").glob("[0-9]*/cmdline") if f"sleep\0007{os.getpid()}" in _read(path)]
    assert running == []


def _read(path):
    try:
        return path.read_text()
    except OSError:
        return ""


@pytest.mark.parametrize(("machine", "header"), list(enumerate(HEADERS)))
def test_numbers_of_system_calls_are_those_of_the_kernels_headers(machine, header):
    if not header.exists():
        pytest.skip(f"{header} is not here")
    told = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))

    named = seccomp.REFUSED | seccomp.IDLE
    named |= {name.lower(): getattr(seccomp, name) for name in ("SOCKET", "SOCKETPAIR", "CLONE", "CLONE3")}
    ours = {name: str(each[machine]) for name, each in named.items() if name in told}

    assert len(ours) > 35
    assert ours == {name: told[name] for name in ours}


def test_a_folder_is_read_but_for_what_lies_in_the_hidden_one(tmp_path):
    for name in ("a/hidden/x", "a/beside", "b"):
        (tmp_path / name).mkdir(parents=True)

    rules = dict(landlock.without(str(tmp_path), str(tmp_path / "a" / "hidden")))

    assert rules == {
        str(tmp_path): landlock.READ_DIR,
        str(tmp_path / "b"): landlock.READ,
        str(tmp_path / "a" / "beside"): landlock.READ,
    }
