"""Learning courses behind a phase diagram: accuracy by training step, on held-out questions and on training rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.grokking import Summary

LINES: Final = ("train", "test", "memorized", "recovered")
DRAWN: Final = 24  # courses in one picture; more cannot be compared
COURSE: Final = "by training step; memorized, recovered: corrupted training rows answered as given, as is true"


def courses(found: Sequence[Summary]) -> list[Plot]:
    """The mean course of each of the first `DRAWN` summaries by step, on a logarithmic scale."""
    return [_course(one) for one in found[:DRAWN]]


def picture(found: Sequence[Summary]) -> str:
    """The courses side by side as one SVG."""
    from genbench.report.plots import rendering

    return rendering.svg(courses(found), LINES, [COURSE], columns=4)


def _course(one: Summary) -> Plot:
    first = one.courses[0]
    steps = sorted(set.intersection(*(set(course.steps) for course in one.courses)))
    rows = []
    for name in LINES:
        for step in steps:
            values = [getattr(course, name)[course.steps.index(step)] for course in one.courses]
            if None not in values:
                rows.append({"who": name, "x": max(1, step), "y": math.fsum(values) / len(values)})
    spec = lines("training step", "accuracy", log=True)
    return Plot(f"{first.task}/{first.split}", first.submission, spec, tuple(rows))
