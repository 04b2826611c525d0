"""Drawings of examples put together and written as PNG: a contact sheet of many, or one of them under its caption."""

from __future__ import annotations

import io
import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL.Image import Image

ACROSS: Final = 10  # in a row
LARGE: Final = 480  # pixels, about so large is a drawing that stands alone
TILE: Final = 96  # pixels; smaller images are magnified, larger ones reduced
GAP: Final = 6
MARGIN: Final = 16
LETTERS: Final = 15  # pixels high
PAPER: Final = "#ffffff"
INK: Final = "#222222"
FAINT: Final = "#666666"


@dataclass(frozen=True, slots=True)
class Strip:
    """Drawings under one heading."""

    heading: str
    drawings: tuple[Image, ...]


def sheet(title: str, strips: Sequence[Strip]) -> Image:
    """Drawings in rows of `ACROSS` under their headings, all of one scale."""
    from PIL import Image, ImageDraw, ImageFont

    largest = max((max(one.size) for strip in strips for one in strip.drawings), default=1)
    scale = TILE // largest if largest <= TILE else TILE / largest
    line = 2 * LETTERS
    width = 2 * MARGIN + ACROSS * (TILE + GAP) - GAP
    rows = [math.ceil(len(strip.drawings) / ACROSS) for strip in strips]
    height = 2 * MARGIN + line + sum(line + count * (TILE + GAP) for count in rows)
    drawn = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(drawn)
    pen.text((MARGIN, MARGIN), title, INK, ImageFont.load_default(LETTERS))
    top = MARGIN + line
    for strip, count in zip(strips, rows, strict=True):
        pen.text((MARGIN, top), strip.heading, FAINT, ImageFont.load_default(LETTERS - 2))
        for at, one in enumerate(strip.drawings):
            size = (max(1, round(one.width * scale)), max(1, round(one.height * scale)))
            how = Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.LANCZOS
            place = (MARGIN + at % ACROSS * (TILE + GAP), top + line + at // ACROSS * (TILE + GAP))
            drawn.paste(one.convert("RGB").resize(size, how), place)
        top += line + count * (TILE + GAP)
    return drawn


def captioned(drawing: Image, caption: str) -> Image:
    """A drawing, magnified where it is small, with what it shows above it; long lines are wrapped."""
    from PIL import Image, ImageDraw, ImageFont

    scale = max(1, LARGE // max(drawing.size))
    large = drawing.convert("RGB").resize((drawing.width * scale, drawing.height * scale), Image.Resampling.NEAREST)
    font = ImageFont.load_default(LETTERS)
    across = max(20, large.width // (LETTERS // 2))
    lines = [part for line in caption.splitlines() for part in textwrap.wrap(line, across)]
    top = MARGIN + LETTERS * 3 // 2 * len(lines) + GAP
    wide = max([large.width, *(math.ceil(font.getlength(line)) for line in lines)])
    drawn = Image.new("RGB", (wide + 2 * MARGIN, top + large.height + MARGIN), PAPER)
    pen = ImageDraw.Draw(drawn)
    for place, line in enumerate(lines):
        pen.text((MARGIN, MARGIN + LETTERS * 3 // 2 * place), line, INK, font)
    drawn.paste(large, (MARGIN, top))
    return drawn


def write(drawn: Image, path: Path) -> Path:
    """Write a PNG, whole or not at all; folders above it are made. Raises `StoreFault` where it cannot."""
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(buffer.getbuffer())
        partial.replace(path)
    except OSError as fault:
        raise StoreFault(f"cannot write the picture {path}: {fault.strerror or fault}") from fault
    return path
