"""The picture that is shown where a link to the site is shared: a title, what it is of, and the first of a table.

Drawn by Pillow, which genbench needs in any case, with the face that it brings: no font of the machine has a say.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import ImageDraw

SIZE: Final = (1200, 630)  # what the networks ask for, 1.91 to 1
EDGE: Final = 64
GROUND, INK, SOFT, TRACK, BAR = "#ffffff", "#14181d", "#5b6570", "#e9edf1", "#2b6cb0"
BARS: Final = 7
NAMES: Final = 460  # pixels for the names of bars


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, how long it is as a share of the longest there could be, and the figure behind it."""

    name: str
    share: float
    figure: str


def draw(title: str, about: str, bars: Sequence[Bar]) -> bytes:
    """The picture, as PNG; of more bars than there is room for it shows the first."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 12), fill=BAR)
    _text(pen, (EDGE, 52), title, 60, INK, SIZE[0] - 2 * EDGE)
    _text(pen, (EDGE, 134), about, 27, SOFT, SIZE[0] - 2 * EDGE)
    shown = bars[:BARS]
    left, right = EDGE + NAMES, SIZE[0] - EDGE - 120
    for number, bar in enumerate(shown):
        top = 206 + number * 52
        _text(pen, (EDGE, top), bar.name, 27, INK, NAMES - 24)
        pen.rounded_rectangle((left, top + 3, right, top + 31), 6, fill=TRACK)
        share = min(max(bar.share, 0.0), 1.0)
        if share > 0:
            pen.rounded_rectangle((left, top + 3, left + max(8, share * (right - left)), top + 31), 6, fill=BAR)
        _text(pen, (right + 20, top), bar.figure, 27, INK, 120)
    _text(pen, (EDGE, SIZE[1] - 50), "genbench: the benchmark suite for generalization", 22, SOFT, SIZE[0] - 2 * EDGE)
    sink = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(sink, format="PNG")
    return sink.getvalue()


def _text(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, colour: str, room: int) -> None:
    """Text in one line, cut where there is no more room."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    flat = " ".join(text.split())[:200]
    if font.getlength(flat) > room:
        while flat and font.getlength(flat + "\N{HORIZONTAL ELLIPSIS}") > room:
            flat = flat[:-1]
        flat += "\N{HORIZONTAL ELLIPSIS}"
    pen.text(at, flat, fill=colour, font=font)
