"""A split's examples as pictures: those of one class beside each other on a contact sheet.

An example is drawn by the entry `draw` of its task's card, which gets a row and the parameters and returns a Pillow
image; a task without one is drawn by its first column of images.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from genbench.cards import entries
from genbench.errors import BadData, BadValue, UnknownName, nearest
from genbench.report.drawings.png import Strip, sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PIL.Image import Image

    from genbench.data.problem import Data
    from genbench.registry import ChosenSplit

    Draw = Callable[[Mapping[str, Any]], Image]

SHOWN: Final = 40  # examples of a class and subset; those between them are as good


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
