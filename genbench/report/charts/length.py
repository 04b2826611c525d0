"""Accuracy by length on the page: one chart over all question sets, and a table of how far each submission reaches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from genbench.report.charts.chart import Chart, Line, Mark, Numbers
from genbench.report.charts.levels import placed
from genbench.report.charts.scale import Scale, y_ticks
from genbench.report.wording import count, figure, point, span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from genbench.analysis.lengths import Reach
    from genbench.report.charts.levels import Levels
    from genbench.report.charts.looks import Look

TICK: Final = 6.0  # per cent of a chart's width between two numbers below it


def along_length(
    found: Sequence[Reach],
    drawn: Mapping[str, Look],
    sets: Mapping[str, float | None],
    metric: str,
    levels: Levels = (),
) -> Chart:
    """A line chart by length over all question sets, whose chance `sets` tells; below it how far each reaches.

    `levels` are those that all of them have in common.
    """
    chances = set(sets.values())
    chance = chances.pop() if len(chances) == 1 else None
    asked = sorted({length for one in found for length in one.lengths})
    bend = math.log if found[0].bent else float
    across, down = Scale(bend(asked[0]), bend(asked[-1])), Scale(0.0, 1.0)
    lines = []
    for one in found:
        name, counts = one.readings[0].submission, one.readings[0].counts
        if name not in drawn:
            continue
        marks = tuple(
            Mark(
                at=across.at(bend(length)),
                y=down.from_top(share.value),
                low=down.from_top(share.low),
                high=down.from_top(share.high),
                look=drawn[name],
                says=f"{name}, {one.readings[0].axis} {length:g}: {figure(share.value, bounded=True)} "
                f"({span(share.low, share.high, bounded=True)}), {count(questions, 'question')}",
            )
            for length, share, questions in zip(one.lengths, one.shares, counts, strict=True)
        )
        lines.append(Line.through(drawn[name], marks))
    rows = [
        (
            one.readings[0].submission,
            *(point(of.value, of.low, of.high, one.lengths) for of in (one.break_point, one.half_length)),
            f"{one.area.value:.3f} ({span(one.area.low, one.area.high, bounded=True)})",
            str(len(one.readings)),
        )
        for one in sorted(found, key=lambda one: -one.area.value)
    ]
    return Chart(
        title=next(iter(sets)) if len(sets) == 1 else f"all question sets, {metric}",
        across=found[0].readings[0].axis,
        x_ticks=tuple((across.at(bend(length)), f"{length:g}") for length in _apart(asked, across, bend)),
        y_ticks=y_ticks(down),
        chance_at=down.maybe_from_top(chance),
        lines=tuple(lines),
        numbers=Numbers(("", ".9 up to", "half at", "area", "seeds"), tuple(rows), shown=True),
        wide=True,
        levels_at=placed(levels, down.from_top),
    )


def _apart(asked: Sequence[float], across: Scale, bend: Callable[[float], float]) -> list[float]:
    """Of the lengths asked those whose numbers can stand side by side, from the longest down."""
    kept: list[float] = []
    for length in reversed(asked):
        if not kept or across.at(bend(kept[-1])) - across.at(bend(length)) >= TICK:
            kept.append(length)
    return kept
