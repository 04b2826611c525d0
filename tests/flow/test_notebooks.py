"""The notebooks of the documentation, run from nothing: what they show is what comes out."""

import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs"))

from making import notebooks  # noqa: E402 - it lies in docs/, in no package

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_comes_out_of_it(path, monkeypatch):
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")
    kept = notebooks.shown(nbformat.read(path, as_version=4))

    found = notebooks.shown(notebooks.executed(path))

    assert found == kept, "uv run python docs/run_notebooks.py keeps what comes out now"
