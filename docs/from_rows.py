"""Make anew what docs/papers.md and docs/reproduction.md hold below their line, from cards and published rows.

uv run python docs/from_rows.py
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from genbench.cli import main

HERE = Path(__file__).parent
LINE = "\n---\n\n"


def renewed(verb: str) -> None:
    """Write what the verb says of the published rows below the line of its page; the words above stay."""
    page = HERE / f"{verb}.md"
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        if main([verb, str(HERE.parent / "leaderboard" / "results")]):
            raise SystemExit(f"genbench {verb} failed")
    head, line, _ = page.read_text(encoding="utf-8").partition(LINE)
    page.write_text(head + line + told.getvalue(), encoding="utf-8")
    print(f"written: docs/{page.name}")


if __name__ == "__main__":
    for one in ("papers", "reproduction"):
        renewed(one)
