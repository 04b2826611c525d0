"""Pictures of concepts: a shape with a colour and a texture, somewhere on a cluttered ground; from integers to PNG.

    "striped red star": a star, 13 to 27 pixels wide at 32 x 32, turned by at most 20 degrees, its hue off by at most
    14, with darker stripes, somewhere on a window of a canvas that is littered with smaller things of all colours;
    a little of the ground shines through, and then there is noise

Image i of a concept is painted from the outputs i * LANES, i * LANES + 1, ... of the concept's own SplitMix64 (Steele,
Lea & Flood 2014), whatever is painted beside it: so any image can be had alone, and a batch of any size has the same
bytes. All arithmetic that reaches a pixel is that of integers, for sines and exponentials differ in their last bit from
processor to processor; those of the tables are rounded to integers first.

What many images share is made once: a sprite of each shape with each texture, a canvas that the grounds are windows of,
a bank of noise. Images of one role (training, test) share canvas and noise; no two roles do.
"""

from __future__ import annotations

import functools
import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from genbench import seeds, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jaxtyping import Int, UInt8, UInt16, UInt64

    Grid = Int[np.ndarray, "row column"]

SHAPES: Final = ("disc", "square", "triangle", "cross", "star", "ring", "moon", "bolt")
COLOURS: Final = ("red", "orange", "lime", "green", "cyan", "blue", "violet", "pink")
TEXTURES: Final = ("plain", "striped", "checked", "dotted")
SIZES: Final = (32, 64)

WIDE: Final = (40, 84)  # least and most width of the thing, in hundredths of the image's
TURN: Final = 20  # degrees to either side
HUE_JITTER: Final = 14  # degrees of 360 to either side; neighbouring colours are 45 apart
VALUE: Final = (150, 256)  # brightness of the thing, of 256
OPAQUE: Final = (104, 128)  # how much of the ground the thing covers, of 128
GROUND: Final = (70, 230)  # brightness of the ground, of 256
DARK: Final = 96  # brightness of a texture's darker parts, of 255
NOISE: Final = 22  # standard deviation, of 256 levels
LITTER: Final = (16, 44)  # least and most width of what lies on the ground, in hundredths of the image's

LANES: Final = 8  # random numbers of an image
BATCH: Final = 64  # images at once: what they need fits a processor's second cache
ALPHA: Final = 128  # opaque
SAMPLES: Final = 4  # points across a sprite's cell, by which its edges are softened
CANVAS: Final = 16  # a canvas is so many images wide and high
BANK: Final = 1 << 20  # values of noise


def names(shapes: int, colours: int, textures: int) -> list[str]:
    """What the concepts are called, by label: label = (shape * colours + colour) * textures + texture."""
    return [
        f"{texture} {colour} {shape}"
        for shape in SHAPES[:shapes]
        for colour in COLOURS[:colours]
        for texture in TEXTURES[:textures]
    ]


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints images of `size` x `size` pixels for one role, as `seed` has it."""

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
            yield self._batch(parts[part], random(keys[part], numbers[part]))

    def key(self, concept: str) -> int:
        """Where the random numbers of a concept's images begin."""
        return seeds.derive("letitwag", "synthetic", self.role, self.seed, concept)

    def _batch(
        self, parts: Int[np.ndarray, "batch 3"], drawn: UInt64[np.ndarray, "lane batch"]
    ) -> UInt8[np.ndarray, "batch 3 size size"]:
        size, count = self.size, len(parts)
        thing = sprites(size)[_sprite_at(size, parts, drawn)]  # (batch, size, size)
        alpha = (thing >> 8).reshape(count, 1, size * size)
        alpha *= between(drawn[4] << np.uint64(32), *OPAQUE).astype(np.uint16)[:, None, None]
        alpha >>= 7
        shade = (thing & 255).reshape(count, 1, size * size)
        colour = _colour(parts[:, 1], drawn[3], drawn[4])[:, :, None]
        canvas = _canvas(size, self.seed, self.role)
        places = canvas.shape[-1] - size
        windows = np.lib.stride_tricks.sliding_window_view(canvas, (size, size), axis=(1, 2))
        ground = windows[:, below(drawn[5], places), below(drawn[5] << np.uint64(32), places)].swapaxes(0, 1)
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
        bank = np.lib.stride_tricks.sliding_window_view(_noise(self.seed, self.role), 3 * size * size)
        noisy = image.view(np.int16)
        noisy += bank[below(drawn[7], len(bank))].reshape(noisy.shape)
        np.clip(noisy, 0, 255, out=noisy)
        return noisy.astype(np.uint8).reshape(count, 3, size, size)


def random(keys: UInt64[np.ndarray, " image"], numbers: Int[np.ndarray, " image"]) -> UInt64[np.ndarray, "lane image"]:
    """Each image's LANES outputs of the SplitMix64 that begins at its key."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    lanes = np.arange(1, LANES + 1, dtype=np.uint64)[:, None]
    state = keys + golden * (numbers.astype(np.uint64) * np.uint64(LANES) + lanes)
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return state


def below(drawn: UInt64[np.ndarray, " image"], bound: int) -> Int[np.ndarray, " image"]:
    """Integers 0 .. bound - 1 from the upper halves of 64 random bits (Lemire 2019, without rejection)."""
    return ((drawn >> np.uint64(32)) * np.uint64(bound) >> np.uint64(32)).astype(np.int64)


def between(drawn: UInt64[np.ndarray, " image"], low: int, high: int) -> Int[np.ndarray, " image"]:
    """Integers low .. high, likewise."""
    return low + below(drawn, high - low + 1)


def _sprite_at(
    size: int, parts: Int[np.ndarray, "batch 3"], drawn: UInt64[np.ndarray, "lane batch"]
) -> Int[np.ndarray, "batch size size"]:
    """For each pixel, where in `sprites` its value is: one linear map of the plane an image, in 16 bits of fraction."""
    wide = between(drawn[0], WIDE[0] * size * 4 // 100, WIDE[1] * size * 4 // 100)  # in quarters of a pixel
    free = 4 * size - wide
    half = np.uint64(32)
    across = wide // 2 + (free * between(drawn[1], 0, 255) >> 8)  # of the centre
    down = wide // 2 + (free * between(drawn[1] << half, 0, 255) >> 8)
    cosine, sine = _turns()[:, between(drawn[2], 0, 2 * TURN)]
    # A cell of a sprite is size / wide pixels; cosine and sine have 14 bits of fraction.
    a, b = (size * cosine << 2) // wide, (size * sine << 2) // wide  # a quarter pixel's step in cells, 16 bits
    places = np.arange(size) * 4 + 2
    middle = size << 15
    step = np.stack([a, b]).astype(np.int32)[:, :, None] * places.astype(np.int32)
    at_u = (middle - a * across - b * down).astype(np.int32)
    at_v = (middle + b * across - a * down).astype(np.int32)
    u = (step[0] + at_u[:, None])[:, None, :] + step[1][:, :, None]
    v = (at_v[:, None] - step[1])[:, None, :] + step[0][:, :, None]
    for cells in (u, v):
        np.clip(np.right_shift(cells, 16, out=cells), 0, size - 1, out=cells)
    v *= size
    v += u
    v += ((parts[:, 0] * len(TEXTURES) + parts[:, 2]) * size * size).astype(np.int32)[:, None, None]
    return v


@functools.cache
def _turns() -> Int[np.ndarray, "2 turn"]:
    """Cosine and sine of -TURN .. TURN degrees, 14 bits of fraction."""
    degrees = [math.radians(turn) for turn in range(-TURN, TURN + 1)]
    return np.array([[round(of(angle) * 2**14) for angle in degrees] for of in (math.cos, math.sin)])


@functools.cache
def _hues() -> Int[np.ndarray, "360 3"]:
    """Pure colours by hue in degrees: 0 red, 120 green, 240 blue."""
    corners = [(255, 0, 0), (255, 255, 0), (0, 255, 0), (0, 255, 255), (0, 0, 255), (255, 0, 255), (255, 0, 0)]
    return np.array(
        [[(a * (60 - at) + b * at) // 60 for a, b in zip(*corners[sector : sector + 2], strict=True)]
         for sector in range(6) for at in range(60)]
    )  # fmt: skip


def _colour(
    colour: Int[np.ndarray, " image"], hue: UInt64[np.ndarray, " image"], value: UInt64[np.ndarray, " image"]
) -> UInt16[np.ndarray, "image 3"]:
    pure = _hues()[(colour * 360 // len(COLOURS) + between(hue, -HUE_JITTER, HUE_JITTER)) % 360]
    light = pure + (255 - pure) * between(hue << np.uint64(32), 0, 90)[:, None] // 256  # less than pure
    return (light * between(value, *VALUE)[:, None] >> 8).astype(np.uint16)


@functools.cache
def sprites(size: int) -> UInt16[np.ndarray, " cell"]:
    """Every shape with every texture, size x size cells each: alpha (0 .. ALPHA) times 256, and shade (0 .. 255).

    The outermost cells are empty, for they stand for all that lies beyond the sprite.
    """
    fine = (np.arange(size * SAMPLES) * 2 + 1 - size * SAMPLES) / (size * SAMPLES) * (size / (size - 2))
    x, y = fine[None, :], fine[:, None]
    alphas = [_mean(inside(x, y)) * ALPHA for inside in _INSIDE]
    shades = [DARK + _mean(bright(x, y)) * (255 - DARK) for bright in _BRIGHT]
    cells = []
    for alpha in alphas:
        alpha[[0, -1]] = alpha[:, [0, -1]] = 0
        cells += [(alpha.astype(np.uint16) << 8) + shade.astype(np.uint16) for shade in shades]
    return np.stack(cells).ravel()


def _mean(inside: np.ndarray) -> np.ndarray:
    cells = len(inside) // SAMPLES
    return inside.reshape(cells, SAMPLES, cells, SAMPLES).mean((1, 3))


def _polygon(*corners: tuple[float, float]) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Whether points lie inside, by the parity of the edges to their right."""

    def inside(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        odd = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
        for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
            if y0 != y1:
                odd ^= ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
        return odd

    return inside


def _star(points: int, inner: float) -> list[tuple[float, float]]:
    return [
        (round(radius * math.sin(math.pi * at / points), 6), round(-radius * math.cos(math.pi * at / points), 6))
        for at in range(2 * points)
        for radius in [inner if at % 2 else 1.0]
    ]


def _disc(x: np.ndarray, y: np.ndarray, radius: float, at: float = 0.0) -> np.ndarray:
    return (x - at) * (x - at) + y * y < radius * radius


_CROSS = ((-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3))
_BOLT = ((0.35, -0.93), (-0.6, 0.12), (-0.08, 0.12), (-0.35, 0.93), (0.6, -0.18), (0.1, -0.18))
_INSIDE = (
    lambda x, y: _disc(x, y, 0.84),
    _polygon((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)),
    _polygon((0.0, -1.0), (0.9, 0.6), (-0.9, 0.6)),
    _polygon(*_CROSS, *((-a, -b) for a, b in _CROSS)),
    _polygon(*_star(5, 0.42)),
    lambda x, y: _disc(x, y, 0.92) & ~_disc(x, y, 0.5),
    lambda x, y: _disc(x, y, 0.95) & ~_disc(x, y, 0.75, at=0.5),
    _polygon(*_BOLT),
)
_BRIGHT = (
    lambda x, y: np.ones(np.broadcast_shapes(x.shape, y.shape), bool),
    lambda x, y: np.broadcast_to(np.floor(y * 4) % 2 == 0, np.broadcast_shapes(x.shape, y.shape)),
    lambda x, y: (np.floor(x * 3) + np.floor(y * 3)) % 2 == 0,
    lambda x, y: (x * 2.5 % 1 - 0.5) ** 2 + (y * 2.5 % 1 - 0.5) ** 2 > 0.09,
)


@functools.cache
def _canvas(size: int, seed: int, role: str) -> UInt8[np.ndarray, "3 canvas canvas"]:
    """What grounds are windows of: soft patches of colour, and on them smaller things of every shape and colour."""
    draw = np.random.default_rng(seeds.derive("letitwag", "synthetic", "canvas", role, seed))
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
        colour = _hues()[draw.integers(360)] * draw.integers(100, 256) >> 8
        alpha = thing >> 8
        place += alpha * ((colour[:, None, None] * (thing & 255) >> 8) - place) >> 7
    return canvas.astype(np.uint8)


@functools.cache
def _noise(seed: int, role: str) -> Int[np.ndarray, " value"]:
    """Values of mean 0 and standard deviation NOISE, each a sum of eight uniform ones: nearly those of a bell."""
    draw = np.random.default_rng(seeds.derive("letitwag", "synthetic", "noise", role, seed))
    summed = draw.integers(-128, 128, (8, BANK), dtype=np.int16).sum(0, dtype=np.int64)  # deviation 209
    return (summed * NOISE // 209).astype(np.int16)


def encoded(batches: Iterator[UInt8[np.ndarray, "batch 3 size size"]], size: int) -> pa.Array:
    """Images as the column type `image`: PNG files whose pixels are stored as they are.

    Noise does not compress, and Pillow takes longer to write an image than `Painter` to paint it. These bytes depend
    on no compressor's version.
    """
    head, tail, line = _frame(size)
    pixels = slice(len(head), len(head) + size * line)
    sums = pixels.stop
    width = sums + 4 + 4 + len(tail)
    kept = []
    for images in batches:
        file = np.empty((len(images), width), np.uint8)
        file[:, : len(head)] = np.frombuffer(head, np.uint8)
        file[:, sums + 8 :] = np.frombuffer(tail, np.uint8)
        rows = file[:, pixels].reshape(len(images), size, line)
        rows[:, :, 0] = 0  # no filter
        for channel in range(3):
            rows[:, :, 1 + channel :: 3] = images[:, channel]
        # The checksum of a chunk begins with its name, 11 bytes before the pixels, and ends with the sum of the latter.
        flat, begins = memoryview(file).cast("B"), range(0, file.size, width)
        added = [zlib.adler32(flat[at + len(head) : at + sums]) for at in begins]
        file[:, sums : sums + 4] = np.array(added, ">u4").view(np.uint8).reshape(-1, 4)
        checks = [zlib.crc32(flat[at + len(head) - 11 : at + sums + 4]) for at in begins]
        file[:, sums + 4 : sums + 8] = np.array(checks, ">u4").view(np.uint8).reshape(-1, 4)
        kept.append(file)
    whole = np.concatenate(kept) if kept else np.empty((0, width), np.uint8)
    offsets = np.arange(len(whole) + 1, dtype=np.int32) * width
    blob = pa.Array.from_buffers(pa.binary(), len(whole), [None, pa.py_buffer(offsets), pa.py_buffer(whole)])
    nowhere = pa.nulls(len(whole), pa.string())
    return pa.StructArray.from_arrays([blob, nowhere], fields=list(tables.ARROW["image"]))


def _frame(size: int) -> tuple[bytes, bytes, int]:
    """What stands before the pixels of a PNG file, and after its two sums; and bytes of a line of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    line = 1 + 3 * size
    stored = size * line  # below 65,536, what one stored block holds, at both sizes
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
    block = b"\x78\x01\x01" + struct.pack("<HH", stored, stored ^ 0xFFFF)
    data = struct.pack(">I", len(block) + stored + 4) + b"IDAT" + block
    return b"\x89PNG\r\n\x1a\n" + header + data, chunk(b"IEND", b""), line
