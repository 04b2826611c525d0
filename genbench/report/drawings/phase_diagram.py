"""Phase diagrams as SVG: a tile for each setting, its colour the phase that training ended in.

Colours are of Okabe & Ito 2008, told apart by colour-blind readers; each tile says its numbers too.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from genbench.analysis.grokking import PHASES
from genbench.analysis.standings import natural
from genbench.cards import Address, address, spell
from genbench.errors import BadValue
from genbench.report.drawings import svg
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.grokking import Phase, Summary
    from genbench.cards import Value

FILL: Final[dict[Phase, str]] = {
    "coexistence": "#56B4E9",
    "partial inversion": "#009E73",
    "full inversion": "#F0E442",
    "memorization": "#E69F00",
    "forgetting": "#CC79A7",
    "confusion": "#BBBBBB",
}
TILE: Final = 52  # side of a tile, in pixels
ROW: Final = 4  # panels side by side
MARGIN: Final = 56
LINE: Final = 15
ROOM: Final = 36  # letters of a line in a title
LETTER: Final = 8  # pixels a letter
SAYS: Final = (  # below a diagram, a line each
    "in each tile: accuracy in % on held-out questions, and below it on training rows; then the steps from",
    "memorizing to generalizing, > where that delay outlasts training, \N{EN DASH} where nothing was memorized",
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One phase diagram: its title, the values along both axes, and what stands at (across, up)."""

    title: str
    across: tuple[Value, ...]
    up: tuple[Value, ...]
    tiles: dict[tuple[Value, Value], Summary]


def panels(found: Sequence[Summary], across: str, up: str) -> list[Panel]:
    """One panel for each task, split, submission and profile that differ in no more than the two parameters.

    There is none where nobody has both. Raises `BadValue` where they are the same.
    """
    if across == up:
        raise BadValue(f"a diagram needs two parameters; both are {across!r}")
    groups: dict[str, dict[tuple[Value, Value], Summary]] = {}
    for one in found:
        course = one.courses[0]
        if across in course.params and up in course.params:
            split, submission = (_without(label, {across, up}) for label in (course.split, course.submission))
            title = f"{course.task}/{split} {submission}" + (" (quick)" if course.profile == "quick" else "")
            groups.setdefault(title, {})[course.params[across], course.params[up]] = one
    return [
        Panel(
            title,
            tuple(sorted({at for at, _ in tiles}, key=_order)),
            tuple(sorted({at for _, at in tiles}, key=_order)),
            tiles,
        )
        for title, tiles in sorted(groups.items(), key=lambda pair: natural(pair[0]))
    ]


def _without(label: str, names: set[str]) -> str:
    typed = address(label)
    return Address(typed.name, typed.variant, {k: v for k, v in typed.given.items() if k not in names}).label


def _order(value: Value) -> tuple[int, float, str]:
    number = isinstance(value, (int, float))
    return (0, float(value), "") if number else (1, 0.0, str(value))


def draw(drawn: Sequence[Panel], across: str, up: str) -> str:
    """The diagrams side by side: a tile's colour is the phase of the mean over seeds; in it, what `SAYS` says."""
    titles = [[line for word in one.title.split() for line in svg.lines_of(word, ROOM)] for one in drawn]
    heads = max((len(lines) for lines in titles), default=0)
    widths = [
        MARGIN + max(TILE * len(one.across) + 24, *(LETTER * len(line) for line in lines))
        for one, lines in zip(drawn, titles, strict=True)
    ]
    heights = [TILE * len(one.up) + (heads + 4) * LINE for one in drawn]
    parts: list[str] = []
    top, width = LINE, 0
    for begin in range(0, len(drawn), ROW):
        left = 0
        row = slice(begin, begin + ROW)
        for one, wide, lines in zip(drawn[row], widths[row], titles[row], strict=True):
            for place, line in enumerate(lines):
                parts.append(svg.text(left + MARGIN, top + LINE * (place + heads - len(lines)), line, weight="bold"))
            parts += _panel(one, left, top + LINE * (heads - 1), across, up)
            left += wide
        width = max(width, left)
        top += max(heights[begin : begin + ROW])
    left = MARGIN
    for phase in PHASES:
        parts.append(f'<rect x="{left}" y="{top}" width="12" height="12" fill="{FILL[phase]}"/>')
        parts.append(svg.text(left + 18, top + 10, phase))
        left += 30 + 7 * len(phase)
    parts += [svg.text(MARGIN, top + (3 + place) * LINE, line) for place, line in enumerate(SAYS)]
    return svg.drawing(max(width, left), top + (3 + len(SAYS)) * LINE, parts)


def _panel(one: Panel, left: int, top: int, across: str, up: str) -> list[str]:
    parts: list[str] = []
    top += LINE // 2
    for (x, y), summary in sorted(one.tiles.items(), key=lambda pair: [_order(value) for value in pair[0]]):
        at_x = left + MARGIN + TILE * one.across.index(x)
        at_y = top + TILE * (len(one.up) - 1 - one.up.index(y))
        parts.append(
            f"<g><title>{escape(_says(summary, f'{across} {spell(x)}, {up} {spell(y)}'))}</title>"
            f'<rect x="{at_x}" y="{at_y}" width="{TILE - 1}" height="{TILE - 1}" fill="{FILL[summary.phase]}"/>'
            + "".join(
                svg.text(at_x + TILE // 2, at_y + (place + 1) * LINE, text, anchor="middle")
                for place, text in enumerate(
                    [f"{100 * summary.test:.0f}", f"{100 * summary.train:.0f}", _delay(summary)],
                )
            )
            + "</g>"
        )
    for place, x in enumerate(one.across):
        at = left + MARGIN + TILE * place + TILE // 2
        parts.append(svg.text(at, top + TILE * len(one.up) + LINE, spell(x), anchor="middle"))
    for place, y in enumerate(one.up):
        at = top + TILE * (len(one.up) - 1 - place) + TILE // 2 + 5
        parts.append(svg.text(left + MARGIN - 6, at, spell(y), anchor="end"))
    middle = left + MARGIN + TILE * len(one.across) // 2
    parts.append(svg.text(middle, top + TILE * len(one.up) + 2 * LINE + 2, across, anchor="middle"))
    return [*parts, svg.upright(left + 12, top + TILE * len(one.up) // 2, up)]


def _delay(one: Summary) -> str:
    """The median delay in steps; where there is none, the longest that was watched in vain, or a dash."""
    timed = one.medians["delay", "steps"]
    if timed.median is not None:
        return f"{timed.median:,.0f}"
    watched = [time[0] for course in one.courses if (time := course.time("delay", "steps")) is not None]
    return f">{max(watched):,.0f}" if watched else NONE


def _says(one: Summary, where: str) -> str:
    agree = ", ".join(f"{count} x {phase}" for phase, count in one.phases)
    corrupted = "" if one.memorized is None else f"; corrupted memorized {100 * one.memorized:.1f} %"
    corrupted += "" if one.recovered is None else f", recovered {100 * one.recovered:.1f} %"
    delay = _delay(one)
    delay = "nothing memorized" if delay == NONE else f"delay {delay} steps"
    shares = f"test {100 * one.test:.1f} %, train {100 * one.train:.1f} %"
    return f"{where}: {one.phase} ({agree}); {shares}; {delay}{corrupted}"
