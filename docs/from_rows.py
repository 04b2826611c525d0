"""Make anew what pages hold below their line, from cards and published rows: papers, reproduction, difficulty, jitter.

uv run python docs/from_rows.py
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from making import jitter

from genbench.cli import main

HERE = Path(__file__).parent
RESULTS = str(HERE.parent / "leaderboard" / "results")
LINE = "\n---\n\n"


def said(verb: str, *options: str) -> str:
    """What the verb says of the published rows."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        if main([verb, RESULTS, *options]):
            raise SystemExit(f"genbench {verb} failed")
    return told.getvalue()


def renew(name: str, told: str) -> None:
    """Write what is told below the line of a page; the words above stay."""
    page = HERE / f"{name}.md"
    head, line, _ = page.read_text(encoding="utf-8").partition(LINE)
    page.write_text(head + line + told, encoding="utf-8")
    print(f"written: docs/{page.name}")


if __name__ == "__main__":
    for one in ("papers", "reproduction"):
        renew(one, said(one))
    renew("difficulty", said("foretell", "--format", "markdown"))
    renew("jitter", jitter.told(RESULTS))
    (HERE / "jitter.svg").write_text(jitter.picture(RESULTS), encoding="utf-8")
    print("written: docs/jitter.svg")
