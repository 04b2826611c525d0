"""Charts of the page as a picture that stands alone: panel beside panel, their submissions named below."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from genbench.report.charts.chart import Chart, Lanes
from genbench.report.drawings import svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genbench.report.charts.chart import Mark
    from genbench.report.charts.looks import Look

    Panel = tuple[str, Chart | Lanes]  # what stands above a chart, and the chart

DASHES: Final = ("", "7 3", "2 2", "8 3 2 3")  # of a look's shape
ROW: Final = 2  # panels side by side
WIDE: Final = 340  # what a panel draws in, in pixels, and
HIGH: Final = 200
MARGIN: Final = 60
LINE: Final = 16
LETTER: Final = 7  # pixels a letter
LANE: Final = 9
NAME: Final = 28  # letters of a slice's name; the whole of it is told by its title


def draw(panels: Sequence[Panel], said: str = "") -> str:
    """The picture of some panels; below them a legend, and what else is to be `said`."""
    parts: list[str] = []
    top = 0
    room = NAME * LETTER if any(isinstance(chart, Lanes) for _, chart in panels) else 0
    for start in range(0, len(panels), ROW):
        row = panels[start : start + ROW]
        for place, (heading, chart) in enumerate(row):
            left = MARGIN + place * (WIDE + MARGIN + room)
            left += NAME * LETTER if isinstance(chart, Lanes) else 0
            parts += _panel(heading, chart, left, top)
        top += max(_height(chart) for _, chart in row)
    width = min(ROW, len(panels)) * (WIDE + MARGIN + room) + MARGIN // 2
    left, top = MARGIN, top + LINE
    for look in _looks(chart for _, chart in panels):
        if left > MARGIN and left + 40 + LETTER * len(look.name) > width:
            left, top = MARGIN, top + LINE + 2
        parts.append(svg.line([(left, top - 4), (left + 26, top - 4)], _colour(look), _dashes(look)))
        parts.append(f'<circle cx="{left + 13}" cy="{top - 4}" r="3" fill="{_colour(look)}"/>')
        parts.append(svg.text(left + 32, top, look.name))
        left += 52 + LETTER * len(look.name)
    if said:
        top += LINE + 6
        parts.append(svg.text(MARGIN, top, said))
    return svg.drawing(max(width, MARGIN + LETTER * len(said)), top + LINE, parts)


def _height(chart: Chart | Lanes) -> int:
    inner = HIGH if isinstance(chart, Chart) else len(chart.strips) * _strip(chart)
    return inner + 6 * LINE


def _strip(chart: Lanes) -> int:
    """How high the strip of a slice is: all its lanes, and room for its name."""
    return max(LINE, 8 + LANE * chart.lanes)


def _panel(heading: str, chart: Chart | Lanes, left: int, top: int) -> list[str]:
    start = left - NAME * LETTER if isinstance(chart, Lanes) else left
    titles = [*svg.lines_of(heading, (WIDE + left - start) // LETTER)[:2], f"{chart.title}, by {chart.across}"]
    parts = [
        svg.text(start, top + LINE * (place + 1), line, weight="bold" if place < len(titles) - 1 else "normal")
        for place, line in enumerate(titles)
    ]
    body = top + 3 * LINE + 10
    return parts + (_lines(chart, left, body) if isinstance(chart, Chart) else _lanes(chart, left, body))


def _lines(chart: Chart, left: int, top: int) -> list[str]:
    """A line chart in its frame."""

    def at(x: float, y: float) -> tuple[float, float]:
        return left + WIDE * x / 100, top + HIGH * y / 100

    parts = [f'<rect x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" fill="none" stroke="#999"/>']
    for place, words in chart.y_ticks:
        x, y = at(0, place)
        parts.append(svg.text(x - 6, round(y + 4, 1), words, anchor="end"))
    for place, words in chart.x_ticks:
        x, y = at(place, 100)
        parts.append(svg.text(round(x, 1), y + LINE, words, anchor="middle"))
    if chart.chance_at is not None:
        parts.append(svg.line([at(0, chart.chance_at), at(100, chart.chance_at)], "#888", "4 3"))
    for line in reversed(chart.lines):
        colour = _colour(line.look)
        inner = [svg.line([at(mark.at, mark.y) for mark in line.marks], colour, _dashes(line.look))]
        for mark in line.marks:
            if mark.low is not None and mark.high is not None:
                inner.append(svg.line([at(mark.at, mark.low), at(mark.at, mark.high)], colour, ""))
            inner.append(_dot(*at(mark.at, mark.y), mark))
        parts.append(f"<g>{''.join(inner)}</g>")
    return parts


def _lanes(chart: Lanes, left: int, top: int) -> list[str]:
    """A strip for each slice, a lane in it for each submission."""
    high = _strip(chart)
    bottom = top + high * len(chart.strips)
    parts = [
        svg.text(left, bottom + LINE, chart.least),
        svg.text(left + WIDE, bottom + LINE, chart.most, anchor="end"),
    ]
    for place, (name, chance_at, marks) in enumerate(chart.strips):
        y = top + place * high
        shown = name if len(name) < NAME else f"{name[: NAME - 2]}\N{HORIZONTAL ELLIPSIS}"
        label = svg.text(left - 6, y + high // 2 + 4, shown, anchor="end")
        parts.append(f"<g><title>{escape(name)}</title>{label}</g>")
        parts.append(f'<rect x="{left}" y="{y}" width="{WIDE}" height="{high}" fill="none" stroke="#ddd"/>')
        if chance_at is not None:
            x = left + WIDE * chance_at / 100
            parts.append(svg.line([(x, y), (x, y + high)], "#888", "4 3"))
        for mark in marks:
            lane = y + high * mark.y / 100
            if mark.low is not None and mark.high is not None:
                ends = [(left + WIDE * end / 100, lane) for end in (mark.low, mark.high)]
                parts.append(svg.line(ends, _colour(mark.look), _dashes(mark.look)))
            parts.append(_dot(left + WIDE * mark.at / 100, lane, mark))
    return parts


def _dot(x: float, y: float, mark: Mark) -> str:
    title = f"<title>{escape(mark.says)}</title>"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_colour(mark.look)}">{title}</circle>'


def _colour(look: Look) -> str:
    return svg.HUES[look.hue % len(svg.HUES)]


def _dashes(look: Look) -> str:
    return DASHES[look.shape % len(DASHES)]


def _looks(charts: Iterable[Chart | Lanes]) -> list[Look]:
    """Who is drawn, each once."""
    found: dict[str, Look] = {}
    for chart in charts:
        own = [line.look for line in chart.lines] if isinstance(chart, Chart) else []
        own += [mark.look for _, _, marks in chart.strips for mark in marks] if isinstance(chart, Lanes) else []
        found |= {look.name: look for look in own}
    return sorted(found.values(), key=lambda look: look.name)
