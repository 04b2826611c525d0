"""What the pages tell their reader to type, typed: each page's commands in order, in a clone of its own.

The clone holds few of the published rows, so that what reads them takes seconds. Commands that a page marks as not run
are checked for their spelling in tests/unit/docs. All but the README, CONTRIBUTING and the tutorials are typed
where GENBENCH_ALL_PAGES is set, which the nightly workflow does: together they take minutes. There rows are of all
tasks, too; each split of theirs is built anew by a leaderboard's pages.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from genbench.cards.addresses import card_name
from genbench.rows.schema import TABLES
from genbench.rows.store import Store

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs"))

from making import commands  # noqa: E402 - it lies in docs/, in no package

BASH = shutil.which("bash") or "/bin/bash"
CELLS = 2  # of each task and submission
SEVERAL = {"scan", "gcog"}  # and of these of each split: pages compare submissions on them
FEW = {  # of which splits there are rows: those that the pages name, and some of other forms
    "scan": {"length", "simple"},
    "gcog": {"distractor", "productive"},
    "modular": {"addition_corrupted", "addition_phases"},
    "letitwag": {"synthetic"},
    "algorithms": {"count"},  # by length
    "factor_teacher": {"factor"},  # errors, of which the lower is better
    "glyphs": {"stream"},
}


def run_lines(path):
    """The commands of a page that are to be run."""
    found = commands.blocks(path.read_text(encoding="utf-8"))
    return [command for block in found for command in block.commands if not command.reason]


ALL = bool(os.environ.get("GENBENCH_ALL_PAGES"))
PAGES = [path for path in commands.pages(ROOT) if run_lines(path)]
if not ALL:
    PAGES = [path for path in PAGES if path.parent == ROOT or path.parent.name == "tutorials"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Some published rows: a few cells of each submission."""
    place = tmp_path_factory.mktemp("published")
    for folder in (".", "modular_decay"):
        whole, few = Store(str(ROOT / "leaderboard" / "results" / folder)), Store(str(place / folder))
        taken = Counter()
        rows = whole.read("cells", ["cell", "task", "split", "submission"]).table.to_pylist()
        for row in rows:
            who, split = (row["task"], card_name(row["submission"])), row["split"].partition(":")[0]
            if not ALL and split not in FEW.get(row["task"], ()):
                continue
            apart = "" if ALL and row["task"] not in SEVERAL else split
            taken[who, apart] += 1
            if taken[who, apart] <= CELLS:
                tables = {name: whole.read_cell(name, *who, row["cell"]) for name in TABLES}
                kept = {name: table.cast(TABLES[name]) for name, table in tables.items() if table is not None}
                few.append(*who, row["cell"], kept)
    return place


@pytest.fixture
def clone(tmp_path):
    """A checkout as a reader has it, but for the published rows; `uv run` runs what is here."""
    folder = tmp_path / "genbench"
    for name in (
        "genbench",
        "tasks",
        "baselines",
        "grids",
        "leaderboard/page",
        "leaderboard/published",
        "leaderboard/papers",
    ):
        shutil.copytree(ROOT / name, folder / name)  # with what Python compiled: times are copied, so it holds
    shutil.copy(ROOT / "pyproject.toml", folder)
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text('#!/bin/sh\nshift\n[ "$1" = --extra ] && shift 2\nexec "$@"\n')
    uv.chmod(0o755)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_page_does_not_except_succeeds(path, clone, request):
    here = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": os.pathsep.join([str(clone.parent / "bin"), str(here), os.environ["PATH"]]),
        "PYTHONPATH": str(clone),
        "GENBENCH_CACHE": str(clone.parent / "cache"),
        "GENBENCH_OFFLINE": "1",
    }
    script = "\n".join(command.text for command in run_lines(path))
    if ALL or "leaderboard/results" in script:
        shutil.copytree(request.getfixturevalue("published"), clone / "leaderboard" / "results")

    done = subprocess.run(
        [BASH, "-eux", "-o", "pipefail", "-c", script],
        stdin=subprocess.DEVNULL,
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
