"""The folder of an evaluation's jobs: gone at its end, or at the next one's beginning; never somebody else's."""

import subprocess
import sys

from genbench.evaluation.job_folders import MARK, job_folders

KILLED = """
import os, sys
from pathlib import Path
from genbench.evaluation.job_folders import job_folders
with job_folders(Path(sys.argv[1])) as folder:
    (folder / "train.arrow").write_text("rows")
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_evaluation_left_goes_with_the_next(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    assert (left / "train.arrow").exists()

    with job_folders(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]

    assert list(tmp_path.iterdir()) == []


def test_what_another_evaluation_holds_or_nobody_marked_is_left(tmp_path):
    for name in ("genbench-mine", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "other" / MARK).touch()
    (tmp_path / "genbench-link").symlink_to(tmp_path / "other")

    with job_folders(tmp_path) as first, job_folders(tmp_path):
        there = {path.name for path in tmp_path.iterdir() if first.exists()}

    assert {"genbench-mine", "other", "genbench-link", first.name} <= there
    assert {path.name for path in tmp_path.iterdir()} == {"genbench-mine", "other", "genbench-link"}
