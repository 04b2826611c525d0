"""Examples in docstrings are tests too: of the engine, and of what contributions offer beside their entries."""

import doctest
import importlib
from pathlib import Path

import pytest

from genbench.cards.entries import load_entry

ROOT = Path(__file__).parents[2]
ENGINE = [path for path in sorted((ROOT / "genbench").rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]
SOLVERS = sorted((ROOT / "tasks").glob("*/solve.py"))


def checked(module):
    result = doctest.testmod(module)
    assert result.attempted
    return result.failed


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.stem)
def test_the_engines_examples_hold(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    assert checked(importlib.import_module(name)) == 0


@pytest.mark.parametrize("path", SOLVERS, ids=lambda path: path.parent.name)
def test_a_solvers_examples_hold(path):
    module = importlib.import_module(load_entry(path.parent, "solve:answer").__module__)

    assert checked(module) == 0
