"""Locales, time zones and homes that a user may have."""

import os
import re
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest

from genbench.cli import main

TOYS = Path(__file__).parents[1] / "toys"

VERBS = (
    *("leaderboard", "compact", "verify", "rescore", "phases", "lengths", "exponents", "carry", "papers", "foretell"),
    "streams",
)


@pytest.mark.parametrize(
    "odd",
    [
        {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati"},
        {"HOME": "/nonexistent", "TZ": "Nowhere/Odd"},
    ],
    ids=["an ASCII locale", "no home, and no such time zone"],
)
def test_an_evaluation_ends_well(tmp_path, odd):
    around = {name: os.environ[name] for name in ("PATH", "GENBENCH_CHECKPOINTS") if name in os.environ}
    command = [sys.executable, "-m", "genbench.cli", "evaluate", f"{TOYS}/guesses", "--task", f"{TOYS}/echo"]
    done = subprocess.run(
        [*command, "--out", "results", "--long"], cwd=tmp_path, env=around | odd, capture_output=True, check=False
    )

    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert list((tmp_path / "results" / "cells").rglob("*.parquet"))


def test_a_name_that_is_no_text_here_is_refused_in_one_line(capsys):
    name = os.fsencode("r\N{LATIN SMALL LETTER E WITH DIAERESIS}sults").decode("ascii", "surrogateescape")

    assert main(["leaderboard", name]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: 'r\\udcc3\\udcabsults' is no text in this locale")
    assert "PYTHONUTF8=1" in said


def test_results_elsewhere_end_well_with_a_page_here_that_is_named(genbench, toys, tmp_path):
    words = ["evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--executor", "here", "--out", "memory://odd/rows"]

    code, said, errors = genbench(*words)

    page = "genbench-sites/memory-odd-rows/index.html"
    assert (code, f"page: {page}" in said) == (0, True), errors
    assert (tmp_path / page).is_file()
    assert "rows at memory://odd/rows lie in the memory of this process and are gone when it ends" in errors


class Unanswered(fsspec.AbstractFileSystem):
    """Fails at all that it is asked, by an error that is its library's own."""

    protocol = "unanswered"

    def info(self, path, **options):
        raise type("OwnError", (Exception,), {})("Unable to locate credentials")

    ls = mkdir = makedirs = exists = isdir = find = _open = info


@pytest.mark.parametrize(
    "words",
    [
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo", "--executor", "here", "--out"],
        ["plan", "TOYS/idle", "--task", "TOYS/echo", "--out"],
        ["plan", "TOYS/idle", "--task", "TOYS/echo", "--timings"],
        ["timing", "TOYS/idle", "--task", "TOYS/echo", "--out"],
        ["timing", "TOYS/idle", "--task", "TOYS/echo", "--compare"],
        ["data", "push", "TOYS/echo", "--to"],
        *([verb] for verb in VERBS),
    ],
    ids=" ".join,
)
def test_a_place_that_cannot_be_had_is_one_error_of_every_verb(toys, words, capsys):
    fsspec.register_implementation("unanswered", Unanswered, clobber=True)

    code = main([*(word.replace("TOYS", str(toys)) for word in words), "unanswered://bucket/rows"])

    said = capsys.readouterr().err.splitlines()
    assert (code, len(said)) == (2, 1), said
    assert re.match(
        r"error: .*unanswered://bucket/rows.* cannot be (read|written): Unable to locate credentials$", said[0]
    )
