"""Pictures of what papers of theory found are of the published rows as they stand."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RESULTS = str(ROOT / "leaderboard" / "results")
sys.path.insert(0, str(ROOT / "docs"))
import theory  # noqa: E402 - a script beside the pages


@pytest.mark.parametrize("name", ["slabs", "xor", "tickets"])
def test_a_kept_picture_is_of_the_rows(name):
    assert theory.PICTURES[name](RESULTS) == (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")
