"""Letters and digits of 5 x 7 dots. They are written out here, for a library's fonts change, and with them an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.errors import BadValue

if TYPE_CHECKING:
    from jaxtyping import UInt8

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
CELL: Final = 8  # pixels a letter's cell is wide and high
# Seven lines of five dots, top first, as numbers in hexadecimal; in the order of LETTERS.
_DOTS: Final = """
00000e010f110f 1010161911111e 00000e1010110e 01010d1311110f 00000e111f100e 0609081c080808 000f11110f010e
10101619111111 04000c0404040e 0200060202120c 10101214181412 0c04040404040e 00001a15151111 00001619111111
00000e1111110e 00001e111e1010 00000d130f0101 00001619101010 00000e100e011e 08081c08080906 0000111111130d
00001111110a04 0000111115150a 0000110a040a11 000011110f010e 00001f0204081f
0e11131519110e 040c040404040e 0e11010204081f 1f02040201110e 02060a121f0202 1f101e0101110e 0608101e11110e
1f010204080808 0e11110e11110e 0e11110f01020c
"""


def cells(letters: str = LETTERS) -> UInt8[np.ndarray, "letter 8 8"]:
    """Ones where a letter has ink, in a cell with room around it. Raises `BadValue` for a sign that is not there.

    >>> for line in cells("4")[0, :7]:
    ...     print("".join("-#"[dot] for dot in line))
    ----#---
    ---##---
    --#-#---
    -#--#---
    -#####--
    ----#---
    ----#---
    """
    unknown = [letter for letter in letters if letter not in LETTERS]
    if unknown:
        raise BadValue(f"letter {unknown[0]!r} is not drawn; those that are: {LETTERS}")
    places = {letter: at for at, letter in enumerate(LETTERS)}
    lines = np.array([list(bytes.fromhex(dots)) for dots in _DOTS.split()], np.uint8)  # (letter, 7)
    dots = (lines[:, :, None] >> np.arange(4, -1, -1, dtype=np.uint8)) & 1
    return np.pad(dots, ((0, 0), (0, 1), (1, 2)))[[places[letter] for letter in letters]]


def tiled(shown: UInt8[np.ndarray, "image line column 8 8"]) -> UInt8[np.ndarray, "image height width"]:
    """Cells side by side as one image each."""
    count, lines, columns = shown.shape[:3]
    return shown.transpose(0, 1, 3, 2, 4).reshape(count, lines * CELL, columns * CELL)
