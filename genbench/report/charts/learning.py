"""Curves by training step: the metric of a question set, and what submissions said of themselves."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.analysis.standings import by_number
from genbench.evaluation.cell import DIAGNOSTIC
from genbench.report.charts.chart import Chart, Line, Mark
from genbench.report.charts.levels import levels_of, placed
from genbench.report.charts.scale import Scale, decades, short, y_ticks
from genbench.report.wording import count, figure, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.analysis.standings import CurvePoint, Standing
    from genbench.report.charts.levels import Levels
    from genbench.report.charts.looks import Look

PARTS: Final = 4  # slices of a named axis that get a learning curve of their own


def learning(points: list[CurvePoint], shown: list[Standing], drawn: Mapping[str, Look]) -> Iterable[Chart]:
    """Charts of the metric by training step: the whole question set, and the slices of an axis that has few names."""
    standing = {one.question_set: one for one in shown}
    for question_set, of_set in groupby(points, key=lambda one: one.question_set):
        if question_set not in standing:
            continue
        for axis, of_axis in groupby(of_set, key=lambda one: one.axis):
            panels = [list(own) for _, own in groupby(of_axis, key=lambda one: one.slice)]
            numeric = all(by_number(own[0].slice)[0] == 0 for own in panels)
            if not axis or (1 < len(panels) <= PARTS and not numeric):
                one = standing[question_set]
                for own in panels:
                    title = question_set + (f" · {axis} {own[0].slice}" if axis else "")
                    chance, levels = (None, ()) if axis else (one.chance, levels_of(one))
                    yield _by_step(title, own, drawn, bounded=one.bounded, chance=chance, levels=levels)


def diagnosed(points: list[CurvePoint], drawn: Mapping[str, Look]) -> Iterable[Chart]:
    """Charts of what submissions said of themselves by training step, one for each name."""
    told = [one for one in points if one.metric.startswith(DIAGNOSTIC)]
    for metric, own in groupby(told, key=lambda one: one.metric):
        yield _by_step(metric.removeprefix(DIAGNOSTIC), list(own), drawn, bounded=False, chance=None)


def _by_step(
    title: str,
    points: list[CurvePoint],
    drawn: Mapping[str, Look],
    *,
    bounded: bool,
    chance: float | None,
    levels: Levels = (),
) -> Chart:
    bounded = bounded and all(one.least >= 0 and one.most <= 1 for one in points)
    steps = sorted({max(1, one.step) for one in points})  # a step 0 has no logarithm: it is drawn at 1
    most = math.log10(steps[-1])
    across = Scale(min(math.log10(steps[0]), most - 1), most)
    ends = [value for one in points for value in (one.least, one.most)]
    down = Scale.of([*ends, *(value for _, value in levels)], bounded=bounded)
    lines = []
    for name, look in drawn.items():
        marks = tuple(
            Mark(
                at=across.at(math.log10(max(1, one.step))),
                y=down.from_top(one.mean),
                low=down.from_top(one.least),
                high=down.from_top(one.most),
                look=look,
                says=f"{name}, step {one.step:,}: {figure(one.mean, bounded)} after {seconds(one.fit_seconds)} s, "
                + count(one.seeds, "seed"),
            )
            for one in points
            if one.submission == name
        )
        if marks:
            lines.append(Line.through(look, marks))
    return Chart(
        title=title,
        across="training step",
        x_ticks=tuple((across.at(math.log10(step)), short(step)) for step in decades(across)),
        y_ticks=y_ticks(down),
        chance_at=down.maybe_from_top(chance),
        lines=tuple(lines),
        numbers=None,
        levels_at=placed(levels, down.from_top),
    )
