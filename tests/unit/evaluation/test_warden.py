"""What an evaluation leaves that did not end by itself, its warden ends and removes."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from genbench.evaluation.warden import Warden, bearing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the environment of a process")


def waiting(mark, **more):
    return subprocess.Popen(
        [sys.executable, "-S", "-c", "input()"],
        stdin=subprocess.PIPE,
        env={"GENBENCH_CELL": mark},
        **more,
    )


def until(holds):
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_where_the_evaluation_ends_without_a_word_its_processes_end_and_its_folder_goes(tmp_path):
    (tmp_path / "jobs" / "one").mkdir(parents=True)
    ours, elsewhere = waiting("mark-a", start_new_session=True), waiting("mark-b")
    stranger = waiting("other")
    warden = Warden("mark", tmp_path / "jobs")
    warden.tell(ours.pid)
    warden.tell(stranger.pid)  # as if its number had been given to another process meanwhile

    warden._child.stdin.close()

    assert until(lambda: ours.poll() is not None and elsewhere.poll() is not None)
    assert until(lambda: not (tmp_path / "jobs").exists())
    assert stranger.poll() is None
    stranger.kill()
    for process in (ours, elsewhere, stranger, warden._child):
        process.communicate()


def test_one_that_is_dismissed_touches_nothing(tmp_path):
    (tmp_path / "jobs").mkdir()
    ours = waiting("mark-c")
    warden = Warden("mark-c", tmp_path / "jobs")

    warden.dismiss()

    assert warden._child.returncode == 0
    assert (tmp_path / "jobs").exists()
    assert bearing("mark-c") == [ours.pid]
    ours.communicate(b"")


def test_without_its_warden_an_evaluation_goes_on(tmp_path):
    warden = Warden("mark-d", tmp_path)
    psutil.Process(warden._child.pid).kill()
    warden._child.wait()

    warden.tell(os.getpid())
    warden.dismiss()
