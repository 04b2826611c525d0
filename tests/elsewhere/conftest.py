"""What runs other programs and machines; they come by `uv run --group elsewhere`, and without them it is skipped."""

import sys
from pathlib import Path

import pytest

TOYS = Path(__file__).parents[1] / "toys"


@pytest.fixture(scope="session")
def toys():
    """The folder of the toys, and by it, how a toy is named: `f"{toys}/echo"`."""
    return TOYS


@pytest.fixture
def genbench():
    """Gives the command line that runs a verb in a process of its own."""
    return [sys.executable, "-m", "genbench.cli"]
