"""Things on a cluttered ground: a shape with a colour and a texture, somewhere on a canvas of smaller things.

    "striped red star": a star, 13 to 27 pixels wide at 32 x 32, turned by at most 20 degrees, its hue off by at most
    14, with darker stripes, somewhere on a window of a canvas that is littered with smaller things of all colours;
    a little of the ground shines through, and then there is noise

What many images share is made once: a sprite of each shape with each texture, a canvas that the grounds are windows of,
a bank of noise. Images of one role (training, test) share canvas and noise; no two roles do.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench import seeds
from genbench.painting.colours import hues, jittered
from genbench.painting.plane import looked_up, turns
from genbench.painting.shapes import ALPHA, TEXTURES, sprites
from genbench.painting.splitmix import below, between, lower, random

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Int, UInt8, UInt64

    Stream = tuple[str | int, ...]

WIDE: Final = (40, 84)  # least and most width of the thing, in hundredths of the image's
TURN: Final = 20  # degrees to either side
OPAQUE: Final = (104, 128)  # how much of the ground the thing covers, of 128
GROUND: Final = (70, 230)  # brightness of the ground, of 256
NOISE: Final = 22  # standard deviation, of 256 levels
LITTER: Final = (16, 44)  # least and most width of what lies on the ground, in hundredths of the image's

LANES: Final = 8  # random numbers of an image
BATCH: Final = 64  # images at once: what they need fits a processor's second cache
CANVAS: Final = 16  # a canvas is so many images wide and high
BANK: Final = 1 << 20  # values of noise


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints images of `size` x `size` pixels for one role, as `seed` has it; `stream` names the task to its seeds."""

    stream: Stream
    size: int
    seed: int
    role: str

    def paint(
        self, parts: Int[np.ndarray, "image 3"], keys: UInt64[np.ndarray, " image"], numbers: Int[np.ndarray, " image"]
    ) -> Iterator[UInt8[np.ndarray, "batch 3 size size"]]:
        """Images of things with these shapes, colours and textures, `BATCH` at a time.

        `keys` are `key` of the concepts, `numbers` tell images of one concept apart.
        """
        for begin in range(0, len(parts), BATCH):
            part = slice(begin, begin + BATCH)
            yield self._batch(parts[part], random(keys[part], numbers[part], LANES))

    def key(self, concept: str) -> int:
        """Where the random numbers of a concept's images begin."""
        return seeds.derive(*self.stream, self.role, self.seed, concept)

    def _batch(
        self, parts: Int[np.ndarray, "batch 3"], drawn: UInt64[np.ndarray, "lane batch"]
    ) -> UInt8[np.ndarray, "batch 3 size size"]:
        size, count = self.size, len(parts)
        thing = sprites(size)[_sprite_at(size, parts, drawn)]  # (batch, size, size)
        alpha = (thing >> 8).reshape(count, 1, size * size)
        alpha *= between(lower(drawn[4]), *OPAQUE).astype(np.uint16)[:, None, None]
        alpha >>= 7
        shade = (thing & 255).reshape(count, 1, size * size)
        colour = jittered(parts[:, 1], drawn[3], drawn[4])[:, :, None]
        canvas = _canvas(self.stream, size, self.seed, self.role)
        places = canvas.shape[-1] - size
        windows = np.lib.stride_tricks.sliding_window_view(canvas, (size, size), axis=(1, 2))
        ground = windows[:, below(drawn[5], places), below(lower(drawn[5]), places)].swapaxes(0, 1)
        image = ground.reshape(count, 3, size * size).astype(np.uint16)
        image *= between(drawn[6], *GROUND).astype(np.uint16)[:, None, None]
        image >>= 8
        # What is above 16 bits nowhere: 255 * 255 here, 255 * ALPHA below.
        shaded = shade * colour
        shaded >>= 8
        shaded *= alpha
        np.subtract(ALPHA, alpha, out=alpha)
        image *= alpha
        image += shaded
        image >>= 7
        bank = np.lib.stride_tricks.sliding_window_view(_noise(self.stream, self.seed, self.role), 3 * size * size)
        noisy = image.view(np.int16)
        noisy += bank[below(drawn[7], len(bank))].reshape(noisy.shape)
        np.clip(noisy, 0, 255, out=noisy)
        return noisy.astype(np.uint8).reshape(count, 3, size, size)


def _sprite_at(
    size: int, parts: Int[np.ndarray, "batch 3"], drawn: UInt64[np.ndarray, "lane batch"]
) -> Int[np.ndarray, "batch size size"]:
    """For each pixel, where in `sprites` its value is."""
    wide = between(drawn[0], WIDE[0] * size * 4 // 100, WIDE[1] * size * 4 // 100)  # in quarters of a pixel
    free = 4 * size - wide
    across = wide // 2 + (free * between(drawn[1], 0, 255) >> 8)  # of the centre
    down = wide // 2 + (free * between(lower(drawn[1]), 0, 255) >> 8)
    cosine, sine = turns(TURN)[:, between(drawn[2], 0, 2 * TURN)]
    # A cell of a sprite is size / wide pixels; cosine and sine have 14 bits of fraction.
    steps = (size * cosine << 2) // wide, (size * sine << 2) // wide
    at = looked_up(size, size, steps, (across, down))
    at += ((parts[:, 0] * len(TEXTURES) + parts[:, 2]) * size * size).astype(np.int32)[:, None, None]
    return at


@functools.cache
def _canvas(stream: Stream, size: int, seed: int, role: str) -> UInt8[np.ndarray, "3 canvas canvas"]:
    """What grounds are windows of: soft patches of colour, and on them smaller things of every shape and colour."""
    draw = np.random.default_rng(seeds.derive(*stream, "canvas", role, seed))
    side = CANVAS * size
    coarse = draw.integers(30, 220, (3, 2 * CANVAS, 2 * CANVAS))
    canvas = np.repeat(np.repeat(coarse, size // 2, 1), size // 2, 2)
    atlas = sprites(size).reshape(-1, size, size)
    for _ in range(6 * CANVAS * CANVAS):
        wide = int(draw.integers(LITTER[0] * size // 100, LITTER[1] * size // 100 + 1))
        cells = np.arange(wide) * size // wide
        thing = atlas[draw.integers(len(atlas))][cells][:, cells].astype(np.int64)
        left, top = draw.integers(0, side - wide, 2)
        place = canvas[:, top : top + wide, left : left + wide]
        colour = hues()[draw.integers(360)] * draw.integers(100, 256) >> 8
        alpha = thing >> 8
        place += alpha * ((colour[:, None, None] * (thing & 255) >> 8) - place) >> 7
    return canvas.astype(np.uint8)


@functools.cache
def _noise(stream: Stream, seed: int, role: str) -> Int[np.ndarray, " value"]:
    """Values of mean 0 and standard deviation NOISE, each a sum of eight uniform ones: nearly those of a bell."""
    draw = np.random.default_rng(seeds.derive(*stream, "noise", role, seed))
    return noise(draw, NOISE, BANK)


def noise(draw: np.random.Generator, deviation: int, values: int) -> Int[np.ndarray, " value"]:
    """Integers of mean 0 and this standard deviation, each a sum of eight uniform ones: nearly those of a bell."""
    summed = draw.integers(-128, 128, (8, values), dtype=np.int16).sum(0, dtype=np.int64)  # deviation 209
    values_of: Int[np.ndarray, " value"] = (summed * deviation // 209).astype(np.int16)
    return values_of
