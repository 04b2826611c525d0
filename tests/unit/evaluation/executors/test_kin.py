"""Descendants of a process: all of them, by either way, and none of a process that is gone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from genbench.evaluation.executors import kin

# A process that starts a child from a thread of its own, and that child another; each says its number.
FAMILY = """
import subprocess, sys, threading
again = '''
import subprocess, sys
one = subprocess.Popen([sys.executable, "-c", "input()"], stdin=sys.stdin)
print(one.pid, flush=True)
one.wait()
'''
def start():
    one = subprocess.Popen([sys.executable, "-c", again], stdin=sys.stdin)
    print(one.pid, flush=True)
    one.wait()
thread = threading.Thread(target=start)
thread.start()
thread.join()
"""


@pytest.fixture
def family():
    """A process with a child and a grandchild, and the numbers of these."""
    with subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        numbers = {int(process.stdout.readline()) for _ in range(2)}
        yield process, numbers
        process.stdin.close()


@pytest.mark.parametrize("told", [True, False])
def test_children_of_any_thread_and_theirs_are_found(family, monkeypatch, told):
    process, numbers = family
    if not told:
        monkeypatch.setattr(kin, "PROC", kin.PROC / "nowhere")
    elif not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        pytest.skip("this kernel does not tell children: built without CONFIG_PROC_CHILDREN, or not Linux")
    else:  # or the other way was taken, and this tells nothing of it
        monkeypatch.delattr("psutil.Process.children")

    assert kin.descendants([process.pid]) == numbers
    assert kin.descendants([process.pid, *numbers]) == numbers


def test_a_process_that_is_gone_has_none():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    while psutil.pid_exists(process.pid):
        time.sleep(0.01)

    assert kin.descendants([process.pid]) == set()
