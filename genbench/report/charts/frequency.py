"""Accuracy against frequency on the page: a line chart by bins, and the spectrum of all concepts above accuracy."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from genbench.report.charts.chart import Chart, Line, Mark, Numbers, Spectrum, points
from genbench.report.charts.levels import placed
from genbench.report.charts.scale import Scale, decades, short, y_ticks
from genbench.report.wording import NONE, count, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.frequency import Estimate, Found
    from genbench.report.charts.levels import Levels
    from genbench.report.charts.looks import Look


def along_frequency(
    found: Sequence[Found], drawn: Mapping[str, Look], chance: float | None, levels: Levels = ()
) -> Chart:
    """A line chart of one question set by bins of log frequency; below it what the trends say in numbers.

    The bins that a trend leaves out, the first and the last, are drawn all the same.
    """
    present = {one.submission: one.analysis for one in found if one.submission in drawn}
    edges = [edge for of in present.values() for edge in (of.trend.edges[0], of.trend.edges[-1])]
    across, down = Scale(math.log10(min(edges)), math.log10(max(edges))), Scale(0.0, 1.0)
    lines = []
    for name, of in present.items():
        marks = tuple(
            Mark(
                at=across.at(math.log10(edge)),
                y=down.from_top(accuracy.value),
                low=down.maybe_from_top(accuracy.low),
                high=down.maybe_from_top(accuracy.high),
                look=drawn[name],
                says=f"{name}, frequency up to {edge:,.0f}: {figure(accuracy.value, bounded=True)}, "
                + count(int(concepts), "concept"),
            )
            for edge, concepts, accuracy in zip(of.trend.edges, of.trend.concepts, of.accuracy, strict=True)
            if concepts
        )
        lines.append(Line.through(drawn[name], marks))
    return Chart(
        title=found[0].question_set,
        across="frequency in training",
        x_ticks=tuple((across.at(math.log10(step)), short(step)) for step in decades(across)),
        y_ticks=y_ticks(down),
        chance_at=down.maybe_from_top(chance),
        levels_at=placed(levels, down.from_top),
        lines=tuple(lines),
        numbers=Numbers(
            head=("trend", *present),
            rows=(
                ("points a decade", *(_estimate(of.slope, 2) for of in present.values())),
                ("r over bins", *(_estimate(of.r, 3) for of in present.values())),
                ("r over concepts", *(_estimate(of.concept_r, 3) for of in present.values())),
                ("never seen", *(_estimate(of.unseen_accuracy, 3) for of in present.values())),
            ),
        ),
    )


def spectrum(found: Sequence[Found], drawn: Mapping[str, Look], chance: float | None, levels: Levels = ()) -> Spectrum:
    """The concepts of one question set by frequency, and below them how well each submission knows them."""
    present = {one.submission: one.analysis for one in found if one.submission in drawn}
    counts = next(iter(present.values())).spectrum
    wide = Scale(0.0, float(len(counts)))
    # Half an image below the least that is drawn: what was never seen has no height.
    high, down = Scale(math.log10(0.5), max(1.0, math.log10(counts[0]))), Scale(0.0, 1.0)
    steps = [0, *(at for at in range(1, len(counts)) if counts[at] != counts[at - 1]), len(counts)]
    outline = [(0.0, 100.0)]
    for begin, end in pairwise(steps):
        top = high.from_top(math.log10(max(0.5, counts[begin])))
        outline += [(wide.at(begin), top), (wide.at(end), top)]
    lines = []
    for name, of in present.items():
        path, begin = [], 0
        for inside, accuracy in zip(of.trend.concepts[::-1], of.accuracy[::-1], strict=True):
            if inside:
                y = down.from_top(accuracy.value)
                path += [(wide.at(begin), y), (wide.at(begin + inside), y)]
                begin += int(inside)
        lines.append(Line(drawn[name], points(path), ()))
    ranks = sorted({len(counts) * quarter // 4 for quarter in range(5)})
    return Spectrum(
        title=found[0].question_set,
        concepts=len(counts),
        path=points([*outline, (100.0, 100.0)]),
        x_ticks=tuple((wide.at(rank), f"{rank:,}") for rank in ranks),
        frequencies=tuple((high.from_top(math.log10(step)), short(step)) for step in decades(Scale(0.0, high.most))),
        y_ticks=y_ticks(down),
        chance_at=down.maybe_from_top(chance),
        levels_at=placed(levels, down.from_top),
        lines=tuple(lines),
    )


def _estimate(of: Estimate, places: int) -> str:
    if math.isnan(of.value):
        return NONE
    within = "" if math.isnan(of.low) else f" ({of.low:.{places}f} {NONE} {of.high:.{places}f})"
    return f"{of.value:.{places}f}{within}"
