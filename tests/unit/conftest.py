"""What the tests of the door and of the report share: results of toys, made once."""

import shutil
from pathlib import Path

import pytest

from genbench import registry
from genbench.evaluation.executors.here import Here
from genbench.evaluation.plan import plan
from genbench.evaluation.run import run
from genbench.rows.store import Store

TOYS = Path(__file__).parents[1] / "toys"


@pytest.fixture(scope="session")
def toys():
    """The folder of the toys."""
    return TOYS


def evaluated(place, splits, submissions, seeds=1):
    """Run cells in this process and keep their rows."""
    found = registry.catalogue()
    chosen = registry.choose_splits(splits, found), registry.choose_submissions(submissions, found)
    list(run(plan(*chosen, seeds, "quick", "cpu"), Here(), Store(str(place))))


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Results of two bundled submissions on two splits of modular arithmetic, three seeds, and a toy that fails."""
    place = tmp_path_factory.mktemp("kept")
    splits = ["modular/addition:p=7", "modular/addition_corrupted:p=7"]
    evaluated(place, splits, ["chance", "majority"], seeds=3)
    evaluated(place, ["modular/addition:p=7"], [f"{TOYS}/faulty@raises"])
    return place


@pytest.fixture
def copied(kept, tmp_path):
    """A copy of these results that a test may spoil."""
    return shutil.copytree(kept, tmp_path / "copied")
