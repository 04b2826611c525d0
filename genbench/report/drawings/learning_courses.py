"""Learning courses as SVG: accuracy by training step, a frame for each setting, the courses behind a phase diagram."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from genbench.report.drawings import svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.grokking import Summary

LINES: Final = (  # of a course: name, colour, dashes
    ("train", "#0072B2", ""),
    ("test", "#D55E00", ""),
    ("memorized", "#0072B2", "2 2"),
    ("recovered", "#D55E00", "2 2"),
)
ROW: Final = 4  # frames side by side
DRAWN: Final = 24  # courses in one picture; more cannot be compared
WIDE: Final = 220  # the frame of a course, and
HIGH: Final = 130
MARGIN: Final = 56
LINE: Final = 15
ROOM: Final = 36  # letters of a line in a title
COURSE: Final = "by training step; memorized, recovered: corrupted training rows answered as given, as is true"


def draw(found: Sequence[Summary]) -> str:
    """The mean course of each of the first `DRAWN` summaries by step, on a logarithmic scale."""
    parts: list[str] = []
    for place, one in enumerate(found[:DRAWN]):
        left, top = place % ROW * (WIDE + MARGIN), place // ROW * (HIGH + 7 * LINE) + 4 * LINE
        parts += _course(one, left + MARGIN, top)
    rows, columns = math.ceil(min(len(found), DRAWN) / ROW), min(len(found), ROW)
    top, left = rows * (HIGH + 7 * LINE) + LINE, MARGIN
    for name, colour, dashes in LINES:
        parts.append(svg.line([(left, top - 4), (left + 24, top - 4)], colour, dashes))
        parts.append(svg.text(left + 30, top, name))
        left += 50 + 7 * len(name)
    parts.append(svg.text(MARGIN, top + 2 * LINE, COURSE))
    return svg.drawing(max(columns * (WIDE + MARGIN) + MARGIN, left), top + 3 * LINE, parts)


def _course(one: Summary, left: int, top: int) -> list[str]:
    first = one.courses[0]
    steps = sorted(set.intersection(*(set(course.steps) for course in one.courses)))
    lines = [*svg.lines_of(f"{first.task}/{first.split}", ROOM), *svg.lines_of(first.submission, ROOM)][:4]
    low, high = math.log10(max(1, steps[0])), math.log10(max(10, steps[-1]))
    parts = [
        *(svg.text(left, top - 7 - LINE * place, line) for place, line in enumerate(reversed(lines))),
        f'<rect x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" fill="none" stroke="#999"/>',
        *(svg.text(left - 6, top + HIGH - HIGH * share + 5, f"{share:g}", anchor="end") for share in (0, 0.5, 1)),
    ]
    for power in range(math.ceil(low), math.floor(high) + 1):
        x = left + WIDE * (power - low) / (high - low)
        parts.append(svg.text(x, top + HIGH + LINE, f"{10**power:,}", anchor="middle"))
    for name, colour, dashes in LINES:
        points = []
        for step in steps:
            values = [getattr(course, name)[course.steps.index(step)] for course in one.courses]
            if None not in values:
                x = left + WIDE * (math.log10(max(1, step)) - low) / (high - low)
                points.append((x, top + HIGH * (1 - math.fsum(values) / len(values))))
        if points:
            parts.append(svg.line(points, colour, dashes))
    return parts
