"""The picture of painted glyphs is of the tasks as they stand."""

from pathlib import Path

import glyphs
import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[3]


def test_the_picture_of_glyphs_is_what_the_tasks_draw():
    with Image.open(ROOT / "docs" / "glyphs.png") as kept:
        shown = np.asarray(kept.convert("RGB"))

    assert (shown == np.asarray(glyphs.picture())).all(), "draw it again: uv run python docs/glyphs.py"


def test_a_line_has_rows_of_one_table_each():
    assert len(glyphs.images("glyphs", "styles", "faint")) == glyphs.ACROSS
    low, high = zip(*(image.getextrema() for image in glyphs.images("glyphs", "styles", "faint")), strict=True)
    assert min(low) >= 100
    assert max(high) <= 151
