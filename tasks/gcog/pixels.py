"""Screens as pixels: 80 x 80, each cell 8 x 8 with a letter of 5 x 7 in it, on black.

The letters are written out here, for a library's fonts change, and with them what an image is.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np
from language import CELLS, COLOURS, SHAPES, SIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from language import Thing

CELL: Final = 8  # pixels
# Seven lines of five dots, top first, as numbers in hexadecimal; in the order of SHAPES.
_DOTS: Final = """
00000e010f110f 1010161911111e 00000e1010110e 01010d1311110f 00000e111f100e 0609081c080808 000f11110f010e
10101619111111 04000c0404040e 0200060202120c 10101214181412 0c04040404040e 00001a15151111 00001619111111
00000e1111110e 00001e111e1010 00000d130f0101 00001619101010 00000e100e011e 08081c08080906 0000111111130d
00001111110a04 0000111115150a 0000110a040a11 000011110f010e 00001f0204081f
"""
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


def _letters() -> np.ndarray:
    """Ones where a letter is, (26, 8, 8)."""
    lines = np.array([list(bytes.fromhex(letter)) for letter in _DOTS.split()], np.uint8)  # (26, 7)
    dots = (lines[:, :, None] >> np.arange(4, -1, -1, dtype=np.uint8)) & 1
    return np.pad(dots, ((0, 0), (0, 1), (1, 2)))


_SORTS: Final = np.concatenate(  # each cell's content: none, then by 1 + 26 * colour + shape
    [
        np.zeros((1, CELL, CELL), np.uint8),
        (np.arange(1, len(COLOURS) + 1, dtype=np.uint8)[:, None, None, None] * _letters()).reshape(-1, CELL, CELL),
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
    cells = _SORTS[sorts]  # (B, b, a, 8, 8)
    return cells.transpose(0, 1, 3, 2, 4).reshape(len(sorts), SIDE * CELL, SIDE * CELL)


def png(drawing: np.ndarray) -> bytes:
    """A drawing as PNG with a palette, four bits a pixel, not compressed: compressed bytes differ between libraries."""
    height, width = drawing.shape
    lines = np.zeros((height, 1 + width // 2), np.uint8)  # each line begins with its filter, none
    lines[:, 1:] = drawing[:, ::2] << 4 | drawing[:, 1::2]
    head = struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", PALETTE.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 0)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
