"""Accuracy against frequency as SVG: one frame for each question set, a line for each submission through its bins.

Colours are of Okabe & Ito 2008, told apart by colour-blind readers; beside each line stand its numbers.
"""

from __future__ import annotations

import math
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.report.drawings import svg
from genbench.report.drawings.frame import HIGH, LETTER, LINE, MARGIN, WIDE, Frame
from genbench.report.drawings.svg import HUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genbench.analysis.frequency import Found

DRAWN: Final = len(HUES)  # lines in a frame; more cannot be told apart
SHIFT: Final = 3  # pixels between the intervals of two submissions in a bin, so that both can be seen


def draw(found: Sequence[Found]) -> str:
    """The analyses as a picture, question set by question set; of more than `DRAWN` in one the first are drawn."""
    parts: list[str] = []
    top, width = 2 * LINE, 0
    for (where, question_set), own in groupby(found, key=lambda one: (f"{one.task}/{one.split}", one.question_set)):
        shown = list(own)[:DRAWN]
        frame = _frame(shown, top)
        parts += frame.drawn(f"{where}, {question_set}", "frequency in training (logarithmic)", "accuracy, %")
        for power in range(math.ceil(frame.across[0]), math.floor(frame.across[1]) + 1):
            parts.append(svg.text(frame.x(power), frame.bottom + LINE, f"{10**power:,}", anchor="middle"))
        for place, one in enumerate(shown):
            parts += _bins(one, frame, HUES[place % len(HUES)], place - (len(shown) - 1) / 2)
        legend = [_legend(one) for one in shown]
        for place, text in enumerate(legend):
            y = frame.bottom + (4 + place) * LINE
            parts.append(svg.line([(frame.left, y - 4), (frame.left + 24, y - 4)], HUES[place % len(HUES)], ""))
            parts.append(svg.text(frame.left + 30, y, text))
        width = max(width, MARGIN + WIDE, *(MARGIN + 30 + LETTER * len(text) for text in legend))
        top = round(frame.bottom) + (7 + len(shown)) * LINE
    return svg.drawing(width + MARGIN // 2, top, parts)


def _frame(shown: Sequence[Found], top: int) -> Frame:
    edges = [edge for one in shown for edge in (one.analysis.trend.edges[0], one.analysis.trend.edges[-1])]
    most = max(
        (value for one in shown for of in one.analysis.accuracy for value in (of.high, of.value) if value == value),  # noqa: PLR0124  NaN differs from itself
        default=1.0,
    )
    low, high = math.log10(min(edges)), math.log10(max(edges))
    room = 0.03 * (high - low)
    return Frame(MARGIN, top + HIGH, (low - room, high + room), (0.0, round_up(100 * most)))


def round_up(value: float) -> float:
    """The next of 5, 10, 20, 40, 60, 80, 100 that is not below `value`."""
    return next((float(end) for end in (5, 10, 20, 40, 60, 80) if value <= end), 100.0)


def _bins(one: Found, frame: Frame, colour: str, shift: float) -> Iterable[str]:
    """The line of one submission: its inner bins joined, the bins left out as rings, intervals as strokes."""
    of = one.analysis
    points = []
    for at, (edge, accuracy) in enumerate(zip(of.trend.edges, of.accuracy, strict=True)):
        if math.isnan(accuracy.value):
            continue
        x, y = frame.x(math.log10(edge)) + SHIFT * shift, frame.y(100 * accuracy.value)
        inner = of.trend.used[0] <= at < of.trend.used[1]
        if inner:
            points.append((x, y))
        if not math.isnan(accuracy.low):
            yield svg.line([(x, frame.y(100 * accuracy.low)), (x, frame.y(100 * accuracy.high))], colour, "")
        says = f"{one.submission}: {100 * accuracy.value:.1f} %, {of.trend.concepts[at]} concepts up to {edge:,.0f}"
        fill = colour if inner else "#fff"
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{fill}" stroke="{colour}"><title>{escape(says)}</title>'
            "</circle>"
        )
    yield svg.line(points, colour, "")


def _legend(one: Found) -> str:
    of = one.analysis
    name = one.submission + (" (quick)" if one.profile == "quick" else "")
    if math.isnan(of.slope.value):
        return f"{name}: too few bins hold concepts for a trend"
    unseen = "" if not of.unseen else f"; never seen ({of.unseen}): {100 * of.unseen_accuracy.value:.1f} %"
    return (
        f"{name}: {of.slope.value:.2f} points a decade ({of.slope.low:.2f} to {of.slope.high:.2f}), "
        f"r {of.r.value:.3f}, over concepts {of.concept_r.value:.3f}{unseen}"
    )
