"""Pictures of a split's examples: those of one class beside each other on a contact sheet, as PNG.

An example is drawn by the entry `draw` of its task's card, which gets a row and the parameters and returns a Pillow
image; a task without one is drawn by its first column of images.
"""

from __future__ import annotations

import io
import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from genbench.cards import entries
from genbench.errors import BadData, BadValue, StoreFault, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from PIL.Image import Image

    from genbench.data.problem import Data
    from genbench.registry import ChosenSplit

    Draw = Callable[[Mapping[str, Any]], Image]

SHOWN: Final = 40  # examples of a class and subset; those between them are as good
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


def of_class(chosen: ChosenSplit, data: Data, label: str) -> Image:
    """The contact sheet of the examples whose target is `label`, written as a number or as the axis `class` has it.

    Train and each question set have a strip, of at most `SHOWN` drawings spread over its rows, in their order. The
    title says the label and what all its questions have in common along the split's axes, as its frequency. Raises
    `BadValue` where the split has nothing to draw, `UnknownName` for a class that it does not have.
    """
    task, name = chosen.task, f"{chosen.task.name}/{chosen.label}"
    draw = drawer(chosen)
    value = _value(chosen, data, label)
    target = pa.scalar(value, data.train.schema.field(task.target).type)
    strips, called, told = [], f"{name}  class {value}", []
    learned = {"train": data.train} | ({} if data.validation is None else {"validation": data.validation})
    for subset, table in {**learned, **data.questions}.items():
        own = table.filter(pc.equal(table.column(task.target), target))
        count = min(SHOWN, own.num_rows)
        places = [at * own.num_rows // count for at in range(count)]
        shown = f", {count} of them shown" if count < own.num_rows else ""
        images = "image" if own.num_rows == 1 else "images"
        heading = f"{subset}: {own.num_rows:,} {images}{shown}"
        strips.append(Strip(heading, tuple(draw(row) for row in own.take(pa.array(places, pa.int64())).to_pylist())))
        if own.num_rows and subset in data.questions:
            for axis in chosen.split.axes:
                found = pc.unique(own.column(axis)).to_pylist()
                line = f"{axis} {found[0]}"
                if axis == "class" and found != [value]:
                    called = f"{name}  class {value}: {found[0]}"
                elif axis != "class" and len(found) == 1 and line not in told:
                    told.append(line)
    if not any(strip.drawings for strip in strips):
        raise UnknownName(f"{name} has no class {label!r}{_classes(chosen, data)}")
    return sheet("  ·  ".join([called, *told]), strips)


def drawer(chosen: ChosenSplit) -> Draw:
    """What draws a row of the split. Raises `BadValue` where nothing does."""
    task = chosen.task
    if task.draw:
        entry = entries.load_entry(task.folder, task.draw)
        return lambda row: entry(row, chosen.params)
    column = next((name for name, kind in task.inputs.items() if kind == "image"), None)
    if column is None:
        raise BadValue(
            f"{task.name}/{chosen.label} cannot be drawn: it has no column of images, and its card no key 'draw'"
        )
    return lambda row: _opened(row[column], f"{task.name}/{chosen.label}")


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


def _opened(content: Mapping[str, Any], where: str) -> Image:
    from PIL import Image

    try:
        image = Image.open(content["path"] if content["bytes"] is None else io.BytesIO(content["bytes"]))
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise BadData(f"{where}: an image cannot be read: {entries.first_line(fault)}") from None
    return image


def _value(chosen: ChosenSplit, data: Data, label: str) -> object:
    """The target that `label` spells: itself, or that of the class of this name."""
    if "class" in chosen.split.axes:
        for table in data.questions.values():
            named = table.filter(pc.equal(table.column("class").cast(pa.string()), label))
            if named.num_rows:
                return named.column(chosen.task.target)[0].as_py()
    if chosen.task.target_type == "string":
        return label
    try:
        return int(label)
    except ValueError:
        raise UnknownName(
            f"{chosen.task.name}/{chosen.label} has no class {label!r}{_classes(chosen, data, label)}"
        ) from None


def _classes(chosen: ChosenSplit, data: Data, label: str = "") -> str:
    """Which classes there are: the range of the labels, or a name that is spelled alike."""
    tables = data.questions.values()
    if label and "class" in chosen.split.axes:
        return nearest(label, sorted({name for table in tables for name in table.column("class").unique().to_pylist()}))
    asked = sorted({value for table in tables for value in table.column(chosen.task.target).unique().to_pylist()})
    return f"; its classes are {asked[0]} to {asked[-1]}" if asked else ""
