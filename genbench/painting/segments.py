"""Signs of seven segments, as clocks show them, in shades of grey: ten digits, and 117 others without a name.

    sign 0x5B   segments a, b, d, e, g: a 2, at 14 x 14 some 10 pixels high, turned by at most 15 degrees, slanted,
                shifted, of a thickness of its own, and then noise

A sign is the sum of its segments' bits: a top, b upper right, c lower right, d bottom, e lower left, f upper left, g
middle, from 1 for a to 64 for g. What images share is made once: how far each cell of a grid lies from each sign.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench import seeds
from genbench.errors import BadValue
from genbench.painting.plane import looked_up, turns
from genbench.painting.scenes import noise
from genbench.painting.splitmix import below, between, lower, random

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Int, UInt8, UInt64

DIGITS: Final = (0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F)  # the sign of each digit
OTHERS: Final = tuple(sign for sign in range(1, 128) if sign not in DIGITS)

HIGH: Final = (100, 130)  # least and most width of the grid that a sign stands in, in hundredths of the image's
TURN: Final = 15  # degrees to either side
SLANTS: Final = (-0.3, -0.15, 0.0, 0.15, 0.3)  # how far the top leans to the right of the middle
THICK: Final = (14, 30)  # half the width of a stroke, in 128ths of half the grid
NOISE: Final = 20  # standard deviation, of 256 levels
LEAST: Final = 8  # pixels an image is wide and high, at least

LANES: Final = 4  # random numbers of an image
BATCH: Final = 256
CELLS: Final = 64  # a grid is so many wide and high
UNIT: Final = 128  # of a distance: half the grid
BANK: Final = 1 << 18  # values of noise
# From where to where each segment goes, x to the right and y down, in halves of the grid.
_SEGMENTS: Final = (
    ((-0.4, -0.7), (0.4, -0.7)),
    ((0.4, -0.7), (0.4, 0.0)),
    ((0.4, 0.0), (0.4, 0.7)),
    ((-0.4, 0.7), (0.4, 0.7)),
    ((-0.4, 0.0), (-0.4, 0.7)),
    ((-0.4, -0.7), (-0.4, 0.0)),
    ((-0.4, 0.0), (0.4, 0.0)),
)


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints signs of `size` x `size` pixels for one role, as `seed` has it; `stream` names the task, for its seeds.

    Raises `BadValue` for a size below `LEAST`.
    """

    stream: tuple[str | int, ...]
    size: int
    seed: int
    role: str

    def __post_init__(self) -> None:
        if self.size < LEAST:
            raise BadValue(f"signs of {self.size} x {self.size} pixels; size must be {LEAST} or more")

    def paint(
        self, signs: Int[np.ndarray, " image"], keys: UInt64[np.ndarray, " image"], numbers: Int[np.ndarray, " image"]
    ) -> Iterator[UInt8[np.ndarray, "batch size size"]]:
        """White signs on black, `BATCH` at a time. `keys` are `key` of the signs; `numbers` tell images of one apart.

        Raises `BadValue` for a sign that is none.
        """
        wrong = signs[(signs < 1) | (signs > 127)]
        if len(wrong):
            raise BadValue(f"sign {wrong[0]}: it must be from 1 to 127, the sum of its segments' bits")
        for begin in range(0, len(signs), BATCH):
            part = slice(begin, begin + BATCH)
            yield self._batch(signs[part], random(keys[part], numbers[part], LANES))

    def key(self, sign: int) -> int:
        """Where the random numbers of a sign's images begin."""
        return seeds.derive(*self.stream, self.role, self.seed, sign)

    def images(self, signs: Int[np.ndarray, " image"]) -> UInt8[np.ndarray, "image size size"]:
        """One image of each sign, all together; image i has the number i. Raises `BadValue` for a sign that is none."""
        keys = np.array([self.key(sign) for sign in range(128)], np.uint64)[np.clip(signs, 0, 127)]
        parts = list(self.paint(signs, keys, np.arange(len(signs))))
        return np.concatenate([np.empty((0, self.size, self.size), np.uint8), *parts])

    def _batch(
        self, signs: Int[np.ndarray, " batch"], drawn: UInt64[np.ndarray, "lane batch"]
    ) -> UInt8[np.ndarray, "batch size size"]:
        size = self.size
        wide = between(drawn[0], HIGH[0] * size * 4 // 100, HIGH[1] * size * 4 // 100)  # in quarters of a pixel
        shift = size * 4 // 10  # a tenth of the image to either side
        centre = tuple(2 * size + between(bits, -shift, shift) for bits in (drawn[1], lower(drawn[1])))
        cosine, sine = turns(TURN)[:, between(drawn[2], 0, 2 * TURN)]
        steps = (CELLS * cosine << 2) // wide, (CELLS * sine << 2) // wide
        at = looked_up(size, CELLS, steps, (centre[0], centre[1]))
        sort = below(lower(drawn[2]), len(SLANTS)) * 128 + signs
        far = _far()[sort[:, None, None], at].astype(np.int32)
        # Ink fades from all to none over a pixel: 4 * 2 * UNIT / wide units of distance.
        faded = (between(lower(drawn[0]), *THICK)[:, None, None] - far) * 255 * wide[:, None, None] // (8 * UNIT) + 128
        image = np.clip(faded, 0, 255).astype(np.int16)
        bank = np.lib.stride_tricks.sliding_window_view(_noise(self.stream, self.seed, self.role), size * size)
        image += bank[below(drawn[3], len(bank))].reshape(image.shape)
        shown: UInt8[np.ndarray, "batch size size"] = np.clip(image, 0, 255).astype(np.uint8)
        return shown


@functools.cache
def _far() -> UInt8[np.ndarray, "slant_and_sign cell"]:
    """How far each cell lies from each sign at each slant, in `UNIT`s of half the grid, 255 at most.

    The outermost cells are far from all, for they stand for all that lies beyond the grid. Square roots are rounded
    alike on every processor.
    """
    line = (np.arange(CELLS) * 2 + 1 - CELLS) / CELLS
    x, y = np.broadcast_arrays(line[None, :], line[:, None])
    sorts = []
    for slant in SLANTS:
        each = []
        for (x0, y0), (x1, y1) in _SEGMENTS:
            begin, step = (x0 - slant * y0, y0), (x1 - x0 - slant * (y1 - y0), y1 - y0)
            along = ((x - begin[0]) * step[0] + (y - begin[1]) * step[1]) / (step[0] * step[0] + step[1] * step[1])
            along = np.clip(along, 0, 1)
            away = x - begin[0] - along * step[0], y - begin[1] - along * step[1]
            each.append(np.sqrt(away[0] * away[0] + away[1] * away[1]) * UNIT)
        fields = np.full((128, CELLS, CELLS), 255.0)
        for sign in range(1, 128):
            fields[sign] = np.min([far for bit, far in enumerate(each) if sign >> bit & 1], axis=0)
        fields[:, [0, -1]] = fields[:, :, [0, -1]] = 255
        sorts.append(np.minimum(np.rint(fields), 255).astype(np.uint8).reshape(128, -1))
    return np.concatenate(sorts)


@functools.cache
def _noise(stream: tuple[str | int, ...], seed: int, role: str) -> Int[np.ndarray, " value"]:
    return noise(np.random.default_rng(seeds.derive(*stream, "noise", role, seed)), NOISE, BANK)
