"""Parses that a task gives."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from genbench import cards
from genbench.errors import BadData

TASKS = Path(__file__).parents[4] / "tasks"
SCAN = cards.read(TASKS / "scan", "task")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("42", "parse:trees returned int; it must return genbench.Trees"),
        ("Trees(('a',), np.array([0]), np.array([-1]), np.array([0]), np.array([0, 1]))", "gave 1 trees for 2 rows"),
        (
            "Trees(('a',), np.array([0, 0]), np.array([1, -1]), np.array([0, 0]), np.array([0, 1, 2]))",
            "gave a node that does not stand behind its parent",
        ),
    ],
)
def test_parses_that_are_none_are_refused(table, measured, tmp_path, given, said):
    lines = [
        "import numpy as np",
        "from genbench.analysis.difficulty import Trees",
        f"def trees(inputs): return {given}",
    ]
    (tmp_path / "parse.py").write_text("\n".join(lines))
    card = replace(SCAN, folder=tmp_path, compounds="parse:trees")

    with pytest.raises(BadData, match=re.escape(said)):
        measured(table(("a", "x"), ("b", "y")), table(("c", "x"), ("d", "y")), card)
