"""Standings along an axis: a line chart where its slices are numbers, lanes where they are names."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from genbench.report.charts.chart import Chart, Lanes, Line, Mark, Numbers
from genbench.report.charts.levels import placed
from genbench.report.charts.scale import Scale, thinned, y_ticks
from genbench.report.wording import NONE, count, figure, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.analysis.standings import SliceStanding
    from genbench.report.charts.levels import Levels
    from genbench.report.charts.looks import Look


def along_numbers(parts: list[SliceStanding], drawn: Mapping[str, Look], levels: Levels = ()) -> Chart:
    """A line chart of one question set along a numeric axis."""
    one = parts[0]
    values = sorted({float(part.slice) for part in parts})
    across = Scale(values[0], values[-1]) if len(values) > 1 else Scale(values[0] - 1, values[0] + 1)
    down = _scale(parts, levels)
    lines = []
    for name, look in drawn.items():
        own = [part for part in parts if part.submission == name]
        marks = tuple(
            Mark(
                at=across.at(float(part.slice)),
                y=down.from_top(part.mean),
                low=down.maybe_from_top(part.low),
                high=down.maybe_from_top(part.high),
                look=look,
                says=f"{name}, {one.axis} {part.slice}: {_spelled(part)}",
            )
            for part in own
        )
        if marks:
            lines.append(Line.through(look, marks))
    return Chart(
        title=one.question_set,
        across=one.axis,
        x_ticks=tuple((across.at(value), f"{value:g}") for value in thinned(values, 7)),
        y_ticks=y_ticks(down),
        chance_at=down.maybe_from_top(one.chance),
        lines=tuple(lines),
        numbers=_numbers(parts, drawn),
        levels_at=placed(levels, down.from_top),
    )


def _scale(parts: list[SliceStanding], levels: Levels) -> Scale:
    ends = [value for part in parts for value in (part.mean, part.low, part.high)]
    return Scale.of([*ends, *(value for _, value in levels)], bounded=parts[0].bounded)


def along_names(parts: list[SliceStanding], drawn: Mapping[str, Look], levels: Levels = ()) -> Lanes:
    """A chart of one question set along a named axis."""
    one = parts[0]
    scale = _scale(parts, levels)
    present = [name for name in drawn if any(part.submission == name for part in parts)]
    strips = []
    for name, of_slice in groupby(parts, key=lambda part: part.slice):
        own = list(of_slice)
        marks = tuple(
            Mark(
                at=scale.at(part.mean),
                low=scale.maybe(part.low),
                high=scale.maybe(part.high),
                look=drawn[part.submission],
                says=f"{part.submission}, {name}: {_spelled(part)}",
                y=round(100 * (present.index(part.submission) + 0.5) / len(present), 2),
            )
            for part in own
        )
        strips.append((name, scale.maybe(own[0].chance), marks))
    return Lanes(
        title=one.question_set,
        across=one.axis,
        least=f"{scale.least:.4g}",
        most=f"{scale.most:.4g}",
        strips=tuple(strips),
        lanes=len(present),
        wide=max(len(name) for name, _, _ in strips) > 24,
        numbers=_numbers(parts, drawn),
        levels_at=placed(levels, scale.at),
    )


def _numbers(parts: list[SliceStanding], drawn: Mapping[str, Look]) -> Numbers:
    means = {(part.slice, part.submission): figure(part.mean, part.bounded) for part in parts}
    asked = {part.slice: part.questions for part in parts}
    present = [name for name in drawn if any(part.submission == name for part in parts)]
    return Numbers(
        head=(parts[0].axis, *present, "questions"),
        rows=tuple((name, *(means.get((name, who), NONE) for who in present), f"{asked[name]:,}") for name in asked),
    )


def _spelled(part: SliceStanding) -> str:
    mean, within = figure(part.mean, part.bounded), span(part.low, part.high, part.bounded)
    return f"{mean} ({within}), {count(part.seeds, 'seed')}, {count(part.questions, 'question')}"
