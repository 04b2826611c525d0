"""Screens as pixels: 80 x 80, each cell 8 x 8 with a letter of 5 x 7 in it, on black."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from language import CELLS, COLOURS, SHAPES, SIDE

from genbench.painting import letters
from genbench.painting.letters import CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from language import Thing

# Black, then the colours in the order of COLOURS.
PALETTE: Final = np.array(
    [
        (0, 0, 0),
        (255, 45, 45),
        (0, 190, 60),
        (70, 110, 255),
        (255, 235, 0),
        (170, 60, 230),
        (255, 145, 0),
        (255, 255, 255),
        (255, 140, 200),
        (0, 225, 225),
        (155, 95, 40),
    ],
    np.uint8,
)


_SORTS: Final = np.concatenate(  # each cell's content: none, then by 1 + 26 * colour + shape
    [
        np.zeros((1, CELL, CELL), np.uint8),
        (np.arange(1, len(COLOURS) + 1, dtype=np.uint8)[:, None, None, None] * letters.cells("".join(SHAPES))).reshape(
            -1, CELL, CELL
        ),
    ]
)


def drawn(screens: Iterable[Sequence[Thing]]) -> np.ndarray:
    """Places in `PALETTE`, (B, 80, 80): the thing at (a, b) is in column a and line b, both from the upper left."""
    sorts = []
    for things in screens:
        sort = np.zeros(CELLS, np.intp)
        for one in things:
            sort[SIDE * one.b + one.a] = 1 + len(SHAPES) * one.colour + one.shape
        sorts.append(sort)
    return of_sorts(np.array(sorts).reshape(-1, SIDE, SIDE))


def of_sorts(sorts: np.ndarray) -> np.ndarray:
    """The same from what is in each cell, (B, b, a): 0, or 1 + 26 * colour + shape."""
    return letters.tiled(_SORTS[sorts])
