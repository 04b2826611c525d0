"""Standings, shown as one self-contained HTML page: `render` writes it.

The page is drawn by the templates of a folder (`page.html`, `parts.html`, `style.css`); the files beside this one
decide what they get, as texts already rounded; `charts` decides where in a drawing a figure lies. The page holds no
script and asks for nothing; the same rows give the same bytes, for the only clock on it is that of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench import strangers
from genbench.errors import StoreFault
from genbench.report.contests import EMPTY, QUICK, REPORTED
from genbench.report.page.overview import overview
from genbench.report.page.task import task_sections
from genbench.report.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from genbench.analysis.frequency import Found
    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Board
    from genbench.report.contests import Reported


def render(
    board: Board,
    out: Path,
    template_folder: Path,
    difficulty: Mapping[tuple[str, str], str] | None = None,
    reported: Reported | None = None,
    trends: Sequence[Found] = (),
    reaches: Sequence[Reach] = (),
    pictures: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write the page to the file `out` and return it; folders above it are made. Raises `StoreFault` where it cannot.

    `difficulty` is a line of text for each task and split of which it is known, to stand under the split's heading.
    `reported` are lines on published figures, to stand below the full profile's rows of a question set. `trends` say
    how accuracy grows with frequency, and are drawn in place of the slices along that axis; so do `reaches`, axis after
    axis, which say up to which length or depth answers are right. `pictures` are SVG of what was reported on a task,
    for its end.

    Whatever a submission is called is escaped: a name is text, never markup, and turns no other text.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template_folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.get_template("page.html").render(
        facts=_facts(board),
        tasks=task_sections(board, difficulty or {}, reported or {}, trends, reaches, pictures or {}),
        overview=overview(board.standings),
        empty=EMPTY,
        quick=QUICK,
        reported=REPORTED,
    )
    partial = out.with_name(out.name + ".partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(strangers.plain(text), encoding="utf-8")  # the whole of it: names stand in drawings, too
        partial.replace(out)
    except OSError as fault:
        raise StoreFault(f"cannot write the page {out}: {fault.strerror or fault}") from fault
    return out


def _facts(board: Board) -> dict[str, object]:
    """What the head of the page says: counts, profiles, days and versions."""
    days = sorted({f"{when:%Y-%m-%d}" for when in (board.first, board.last) if when is not None})
    failed = f", {board.failed} of them failed" if board.failed else ""
    older = f"; {count(board.superseded, 'older cell')} superseded" if board.superseded else ""
    return {
        "cells": f"{count(board.cells, 'cell')}{failed}{older}",
        "profiles": " and ".join(sorted({one.profile for one in board.standings})),
        "days": " to ".join(days),
        "versions": [(name, ", ".join(found)) for name, found in board.versions],
    }
