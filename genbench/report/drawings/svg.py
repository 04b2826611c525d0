"""What pictures are made of: lines and texts as SVG, no script, the same numbers give the same bytes."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of Okabe & Ito 2008, told apart by colour-blind readers.
HUES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def line(points: Sequence[tuple[float, float]], colour: str, dashes: str) -> str:
    """A line through points, in pixels."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/>'


def text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    """A text at a place, in pixels; what it says is escaped."""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'


def upright(x: float, y: float, text: str) -> str:
    """A text that runs upwards, its middle at the place."""
    return f'<text transform="translate({x:g} {y:g}) rotate(-90)" text-anchor="middle">{escape(text)}</text>'


def lines_of(label: str, room: int) -> list[str]:
    """A label cut behind its commas and its colon into lines of at most `room` letters, where that can be had."""
    lines = [""]
    for part in re.findall(r"[^,:]*[,:]?", label):
        if lines[-1] and len(lines[-1]) + len(part) > room:
            lines.append("")
        lines[-1] += part
    return lines


def drawing(width: int, height: int, parts: Sequence[str]) -> str:
    """A whole picture of its parts."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#111">\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )
