"""Accuracy by length as SVG: one frame for each split, a line with its band for each submission.

Colours are of Okabe & Ito 2008, told apart by colour-blind readers, and dashes beyond them; a submission looks alike in
all frames.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

from genbench.analysis.standings import natural
from genbench.report.drawings import svg
from genbench.report.drawings.svg import HUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.lengths import Reach

DASHES: Final = ("", "7 3", "2 2", "8 3 2 3")
SUBMISSIONS: Final = len(HUES) * len(DASHES)  # more have no look of their own
WIDE: Final = 310  # a frame, in pixels, and
HIGH: Final = 180
ROW: Final = 3  # frames side by side
MARGIN: Final = 56
LINE: Final = 15
LETTER: Final = 8  # pixels a letter
APART: Final = 26  # pixels between two numbers below a frame
RULES: Final = (0, 0.5, 0.9, 1)
FAMILIAR: Final = "shaded: values asked as in training; bands: 95 % intervals over questions and seeds"


def draw(found: Sequence[Reach]) -> str:
    """Accuracy by length, a frame for each split and profile; the first `SUBMISSIONS` submissions look alike in all."""
    names = sorted({one.readings[0].submission for one in found}, key=natural)[:SUBMISSIONS]
    looks = {name: (HUES[at % len(HUES)], DASHES[at // len(HUES)]) for at, name in enumerate(names)}
    frames: dict[tuple[str, ...], list[Reach]] = {}
    for one in found:
        task, split, submission, profile, _ = one.readings[0].who
        if submission in looks:
            frames.setdefault((task, split, profile), []).append(one)
    parts: list[str] = []
    for place, own in enumerate(frames.values()):
        left, top = MARGIN + place % ROW * (WIDE + MARGIN), 3 * LINE + place // ROW * (HIGH + 5 * LINE)
        parts += _frame(own, looks, left, top)
    width = min(len(frames), ROW) * (WIDE + MARGIN) + LINE
    top, left = math.ceil(len(frames) / ROW) * (HIGH + 5 * LINE) + 2 * LINE, MARGIN
    for name, (colour, dashes) in looks.items():
        if left > MARGIN and left + 36 + LETTER * len(name) > width:
            left, top = MARGIN, top + LINE + 4
        parts.append(svg.line([(left, top - 4), (left + 28, top - 4)], colour, dashes))
        parts.append(svg.text(left + 34, top, name))
        left += 54 + 7 * len(name)
    parts.append(svg.text(MARGIN, top + 2 * LINE, FAMILIAR))
    return svg.drawing(max(width, MARGIN + LETTER * len(FAMILIAR)), top + 3 * LINE, parts)


def _frame(own: Sequence[Reach], looks: Mapping[str, tuple[str, str]], left: int, top: int) -> list[str]:
    """One frame: its title, rules and numbers, what training reached, and each submission's band and line."""
    task, split, _, profile, axis = own[0].readings[0].who
    asked = sorted({length for one in own for length in one.lengths})

    def across(length: float) -> float:
        low, high, at = (math.log(at) if own[0].bent else at for at in (asked[0], asked[-1], length))
        return left + WIDE * (at - low) / (high - low)

    title = f"{task}/{split}" + (" (quick)" if profile == "quick" else "")
    parts = [
        svg.text(left, top - 6 - LINE * place, words, weight="bold")
        for place, words in enumerate(reversed(svg.lines_of(title, WIDE // LETTER)))
    ]
    familiar = own[0].readings[0].familiar
    if familiar is not None:
        parts.append(f'<rect x="{left}" y="{top}" width="{across(familiar) - left:.1f}" height="{HIGH}" fill="#EEE"/>')
    for share in RULES:
        y = top + HIGH * (1 - share)
        parts.append(svg.line([(left, y), (left + WIDE, y)], "#BBB", "" if share in (0, 1) else "1 3"))
        parts.append(svg.text(left - 6, y + 4, f"{share:g}", anchor="end"))
    written = math.inf
    for length in reversed(asked):
        if written - across(length) >= APART:
            written = across(length)
            parts.append(svg.text(round(written, 1), top + HIGH + LINE, f"{length:g}", anchor="middle"))
    parts.append(svg.text(left + WIDE / 2, top + HIGH + 2 * LINE + 2, axis, anchor="middle"))
    for one in own:
        colour, dashes = looks[one.readings[0].submission]
        curve = list(zip(one.lengths, one.shares, strict=True))
        ends = [(x, share.high) for x, share in curve] + [(x, share.low) for x, share in reversed(curve)]
        band = " ".join(f"{across(x):.1f},{top + HIGH * (1 - share):.1f}" for x, share in ends)
        line = svg.line([(across(x), top + HIGH * (1 - share.value)) for x, share in curve], colour, dashes)
        parts.append(f'<polygon points="{band}" fill="{colour}" fill-opacity="0.1"/>')
        parts.append(f"<g><title>{escape(_reached(one))}</title>{line}</g>")
    return parts


def _reached(one: Reach) -> str:
    return (
        f"{one.readings[0].submission}: at least .9 up to {one.break_point.value:g}, half at "
        f"{one.half_length.value:.3g}, area {one.area.value:.3f}"
    )
