"""What a row of `sources` says: the cells of its scene drawn with their marks, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import Image

    from genbench import Value

GAP = 2  # pixels between cells


def example(row: Mapping[str, Any], params: Mapping[str, Value]) -> str:
    """What is asked of which marks, and the answer where it is there."""
    del params
    told = [row[f"{part}_word"] or f"a picture of a {part}" for part in ("shape", "colour")]
    lines = [f"{' and '.join(told)}; marks {', '.join(map(str, row['marks']))}"]
    return "\n".join([*lines, f"-> mark {row['answer']}"] if "answer" in row else lines)


def draw(row: Mapping[str, Any], params: Mapping[str, Value]) -> Image.Image:
    """The six cells in their colours, each with as many dots below as its mark says; then what pictures show."""
    from PIL import Image

    del params
    side = task.SIDE
    cells = np.array(row["scene"]).reshape(task.CELLS, -1)
    shown = [(cell[: task.PIXELS], cell[task.PIXELS :], mark) for cell, mark in zip(cells, row["marks"], strict=True)]
    shape, colour = np.array(row["shape_picture"]), np.array(row["colour_picture"])
    shown += [(shape, np.ones(3), 0), (np.full(task.PIXELS, 1.0) * colour.any(), colour, 0)]
    canvas = np.zeros((side + 4, len(shown) * (side + GAP) - GAP, 3))
    for at, (pixels, rgb, mark) in enumerate(shown):
        left = at * (side + GAP)
        canvas[:side, left : left + side] = pixels.reshape(side, side, 1) * rgb
        canvas[side + 2, left : left + 2 * mark : 2] = 1
    return Image.fromarray(np.rint(canvas * 255).astype(np.uint8))
