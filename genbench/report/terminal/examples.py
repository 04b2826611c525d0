"""Examples of a split shown: one row in words or drawn, or the images of one class on a contact sheet."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench import registry
from genbench.errors import BadValue
from genbench.report.output import in_colour
from genbench.report.tables import Column, table_of

if TYPE_CHECKING:
    from genbench.registry import ChosenSplit
    from genbench.report.output import Output


EXAMPLE: Final = (
    Column("column", "text", "column of the row; `described` is what the task says of it", "column"),
    Column("value", "text", "as a person reads it, cut at 400 characters", "value"),
)


def example(name: str, row: int, subset: str, path: Path | None, output: Output) -> None:
    """Show one row of a split, what its task says of it, and where `path` is given its drawing there."""
    from genbench.cards import entries
    from genbench.errors import UnknownName, nearest
    from genbench.evaluation import build
    from genbench.report.drawings import examples, png

    chosen = _one_split(name, "--example")
    draw = examples.drawer(chosen) if path else None  # refused before the data are built
    data = build.load(chosen)
    tables = {where.removeprefix("questions/"): table for where, table in data.subsets().items()}
    whole = f"{chosen.task.name}/{chosen.label}"
    if subset not in tables:
        raise UnknownName(f"{whole} has no subset {subset!r}{nearest(subset, tables)}")
    table = tables[subset]
    if row >= table.num_rows:
        raise BadValue(f"--example is {row}; {whole} {subset} has the rows 0 to {table.num_rows - 1:,}")
    (values,) = table.slice(row, 1).to_pylist()
    describe = entries.load_entry(chosen.task.folder, chosen.task.describe) if chosen.task.describe else None
    said = describe(values, chosen.params) if describe else ""
    if output.for_people:
        print(f"{whole} {subset}, row {row:,} of {table.num_rows:,}")
        for key, value in values.items():
            print(f"{key:<12} {brief(value)}")
        if said:
            print(f"\n{as_shown(said)}")
    else:
        told = [(key, brief(value)) for key, value in values.items()] + ([("described", plain(said))] if said else [])
        output.show(table_of("example", EXAMPLE, told))
    if draw is not None and path is not None:
        caption = plain(said).split("\n\n")[0] or "\n".join(f"{key}: {brief(value)}" for key, value in values.items())
        _opened(png.write(png.captioned(draw(values), caption), path), output)


def contact_sheet(name: str, label: str, path: Path | None, output: Output) -> None:
    """Draw the examples of one class of a split, say where the picture is, and open it where there is a display."""
    from genbench.evaluation import build
    from genbench.report.drawings import examples, png

    chosen = _one_split(name, "--class")
    examples.drawer(chosen)  # refused before the data are built
    drawn = examples.of_class(chosen, build.load(chosen), label)
    stem = re.sub(r"[^\w.=-]+", "-", f"{chosen.task.name}-{chosen.label}-class-{label}")
    _opened(png.write(drawn, path or Path(f"{stem}.png")), output)


def plain(text: str) -> str:
    """`text` without the codes that colour it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def as_shown(text: str) -> str:
    """`text` with its colours where a person reads it on a terminal that has some."""
    return text if in_colour() else plain(text)


def brief(value: object) -> str:
    """A value as one reads it: text cut at 400 characters, an image as its size, numbers to six digits."""
    if isinstance(value, list) and value and isinstance(value[0], float):
        return _numbers(value)
    text = (
        value if isinstance(value, str) else f"<{len(value['bytes'])} bytes>" if isinstance(value, dict) else str(value)
    )
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"


def _numbers(values: list[float]) -> str:
    """The first numbers of a list or vector, and how many there are where not all are shown."""
    shown = ", ".join(f"{value:.6g}" for value in values[:8])
    return f"[{shown}, \N{HORIZONTAL ELLIPSIS}] ({len(values):,} numbers)" if len(values) > 8 else f"[{shown}]"


def _one_split(name: str, option: str) -> ChosenSplit:
    splits = registry.choose_splits([name], registry.catalogue())
    if len(splits) != 1:
        raise BadValue(f"{name!r} names {len(splits)} splits; {option} takes one")
    return splits[0]


def _opened(path: Path, output: Output) -> None:
    """Say where a picture is, and open it where there is a display and a person to look."""
    import os

    output.say(f"picture: {path}")
    shown = sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if shown and sys.stdout.isatty():
        import click

        click.launch(str(path))
