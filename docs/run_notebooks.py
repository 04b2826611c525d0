"""Run the notebooks of the documentation again and keep what comes out: `uv run python docs/run_notebooks.py`."""

from __future__ import annotations

from pathlib import Path

import nbformat
from making import notebooks

if __name__ == "__main__":
    for path in sorted((Path(__file__).parent / "notebooks").glob("*.ipynb")):
        nbformat.write(notebooks.executed(path), path)
        print(path)
