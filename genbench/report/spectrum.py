"""Accuracy against frequency as SVG: one frame for each question set, a line for each submission through its bins.

Colours are of Okabe & Ito 2008, told apart by colour-blind readers; beside each line stand its numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.report import svg
from genbench.report.svg import HUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.published import Against, Slope

WIDE: Final = 460  # the frame, and
HIGH: Final = 260
MARGIN: Final = 64
LINE: Final = 16
LETTER: Final = 7  # pixels a letter
DRAWN: Final = len(HUES)  # lines in a frame; more cannot be told apart
SHIFT: Final = 3  # pixels between the intervals of two submissions in a bin, so that both can be seen


@dataclass(frozen=True, slots=True)
class Frame:
    """Where numbers lie: a frame whose lower left corner is at (left, bottom), in pixels."""

    left: float
    bottom: float
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        """The place of a value along the lower edge."""
        return self.left + WIDE * (value - self.across[0]) / (self.across[1] - self.across[0])

    def y(self, value: float) -> float:
        """The place of a value along the left edge."""
        return self.bottom - HIGH * (value - self.up[0]) / (self.up[1] - self.up[0])

    def drawn(self, title: str, across: str, up: str) -> list[str]:
        """The frame itself, with its title, ticks at `ticks_up` and the names of both axes."""
        parts = [
            svg.text(self.left, self.bottom - HIGH - LINE // 2, title, weight="bold"),
            (
                f'<rect x="{self.left}" y="{self.bottom - HIGH}" width="{WIDE}" height="{HIGH}" fill="none" '
                'stroke="#999"/>'
            ),
            svg.text(self.left + WIDE // 2, self.bottom + 2 * LINE + 4, across, anchor="middle"),
            svg.upright(self.left - 42, self.bottom - HIGH // 2, up),
        ]
        for share in range(5):
            value = self.up[0] + (self.up[1] - self.up[0]) * share / 4
            parts.append(svg.text(self.left - 6, self.y(value) + 4, f"{value:.3g}", anchor="end"))
            if 0 < share < 4:
                parts.append(svg.line([(self.left, self.y(value)), (self.left + WIDE, self.y(value))], "#ddd", ""))
        return parts


def trends(found: Sequence[Found]) -> str:
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


def against(one: Against, fits: Mapping[str, Slope | None], border: float) -> str:
    """Published models on one test set against another, with the lines through those below and above the border."""
    frame = Frame(MARGIN, 2 * LINE + HIGH, (0.0, 100.0), (0.0, 100.0))
    parts = frame.drawn(f"{one.task}/{one.split}, {one.question_set}, reported", f"{one.other}, %", f"{one.metric}, %")
    parts += [svg.text(frame.x(at), frame.bottom + LINE, f"{at}", anchor="middle") for at in (0, 25, 50, 75, 100)]
    parts.append(svg.line([(frame.x(0), frame.y(0)), (frame.x(100), frame.y(100))], "#999", "4 4"))
    y = frame.bottom + 4 * LINE
    for colour, (name, fit) in zip(HUES, fits.items(), strict=False):
        if fit is None:
            continue
        own = [model.other for model in one.models if (model.other < border) == (name == "below")]
        ends = [(frame.x(100 * x), frame.y(100 * (fit.slope * x + fit.intercept))) for x in (min(own), max(own))]
        line = f"slope {fit.slope:.4f}, intercept {100 * fit.intercept:.2f} ({fit.models} models)"
        parts += [
            svg.line(ends, colour, ""),
            svg.line([(frame.left, y - 4), (frame.left + 24, y - 4)], colour, ""),
            svg.text(frame.left + 30, y, f"{name} {100 * border:g} %: {line}"),
        ]
        y += LINE
    for model in one.models:
        x, at = frame.x(100 * model.other), frame.y(100 * model.value)
        says = f"{model.model}, {model.pretraining}: {100 * model.value:.1f} % against {100 * model.other:.1f} %"
        dot = f'<circle cx="{x:.1f}" cy="{at:.1f}" r="3.5" fill="#fff" stroke="#111">'
        parts.append(f"{dot}<title>{escape(says)}</title></circle>")
    foot = f"{len(one.models)} models; {one.paper} ({one.status}); dashed: as good on both"
    parts.append(svg.text(frame.left, y, foot))
    return svg.drawing(max(MARGIN + WIDE, MARGIN + LETTER * len(foot)) + MARGIN // 2, round(y) + LINE, parts)


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
