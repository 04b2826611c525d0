"""Draw what the tasks of painted glyphs show: `uv run python docs/glyphs.py` writes docs/glyphs.png.

A line for each: rows of `glyph_colours/multicolor` and of its one-colour control, of training and where patches fail;
a line for each style of `glyphs/styles`; signs that are no digits, which the other splits are pretrained on.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from PIL import Image

from genbench.cards import read
from genbench.cards.entries import load_entry

ROOT = Path(__file__).resolve().parents[1]
ACROSS, EDGE, GAP = 12, 84, 6  # images a line; pixels of an image, and between two
LINES = (  # task, split, and what of it
    ("glyph_colours", "multicolor", "train"),
    ("glyph_colours", "multicolor", "p70"),
    ("glyph_colours", "multicolor_one", "train"),
    ("glyph_colours", "multicolor_one", "p70"),
    *(("glyphs", "styles", name) for name in ("id", "inverted", "stripes", "faint", "blurred", "speckle")),
    ("glyphs", "stream", "pretraining"),
)


@functools.cache
def built(task: str, split: str) -> Any:
    """The data of a split, as its card has them."""
    card = read(ROOT / "tasks" / task, "task")
    return load_entry(card.folder, card.entry)(split, card.split(split).params, card.data_seed)


def images(task: str, split: str, name: str) -> list[Image.Image]:
    """The first rows of a table of a split, as the task draws them."""
    card, data = read(ROOT / "tasks" / task, "task"), built(task, split)
    tables = {"train": data.train, **data.questions, **data.auxiliary}
    draw = load_entry(card.folder, card.draw)
    return [draw(row, card.split(split).params) for row in tables[name].slice(0, ACROSS).to_pylist()]


def picture() -> Image.Image:
    """All lines, one below the other."""
    step = EDGE + GAP
    canvas = Image.new("RGB", (ACROSS * step - GAP, len(LINES) * step - GAP), "white")
    for down, line in enumerate(LINES):
        for across, image in enumerate(images(*line)):
            large = image.convert("RGB").resize((EDGE, EDGE), Image.Resampling.NEAREST)
            canvas.paste(large, (across * step, down * step))
    return canvas


if __name__ == "__main__":
    picture().save(ROOT / "docs" / "glyphs.png", optimize=True)
    print("written: docs/glyphs.png")
