"""Painted digits where what is asked is not what was trained: other classes, other styles, two classes at a time.

A row is an image of 14 x 14 in 196 numbers, line by line, 0 black to 1 white: a sign of seven segments, turned,
slanted, moved, of some thickness, with noise (`genbench.painting.segments`).

`transfer`: a few rows of the digits 5 to 9, and beside them `pretraining`, many rows of the digits 0 to 4. What was
learned there of other classes should help here (Zhang & Bottou 2023, arXiv:2212.07346, ask how rich such features are).

`styles`: the digits white on black; asked are five other styles, a question set each.

    inverted   black on white
    stripes    on lines across the image, every other pixel brighter by 110 of 255
    faint      a fifth of the contrast, on a grey of 100
    blurred    each pixel the mean of itself and its eight neighbours, and that once more
    speckle    of all pixels a quarter, drawn at random, are white or black

`stream`: five stages, in order, each with `shots` rows of two digits and no others; all digits are asked after each.
Beside it lies `pretraining`, rows of 24 other signs, which are no digits.

An example that a person can check: a pixel of 0.8 in `id` is one of 1 - 0.8 = 0.2 in a like image of `inverted`, and
one of (100 + 0.8 * 255 / 5) / 255 = 0.55 in `faint`, rounded down to 255ths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.data import vectors
from genbench.errors import BadValue, UnknownName, nearest
from genbench.painting import segments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jaxtyping import Int, UInt8
    from PIL import Image

    from genbench import Value

    Images = UInt8[np.ndarray, "image size size"]

SIZE = 14  # pixels
DIGITS = tuple("0123456789")
SPLITS = ("transfer", "styles", "stream")
STAGES = 5  # of two digits each
SIGNS = 24  # that are no digits, for pretraining
LIMITS = {"rows": 1_000_000, "pretraining": 1_000_000, "questions": 1_000_000, "shots": 10_000}

STRIPE = 110  # of 255
FAINT, GREY = 5, 100  # a share of the contrast, and on what
SPECKLED = 4  # one in so many pixels


def inverted(images: Images, draw: np.random.Generator) -> Images:
    """Black on white."""
    del draw
    return 255 - images


def stripes(images: Images, draw: np.random.Generator) -> Images:
    """Brighter on every other diagonal."""
    del draw
    line, column = np.indices(images.shape[1:])
    return np.minimum(images + STRIPE * ((line + column) % 2), 255)


def faint(images: Images, draw: np.random.Generator) -> Images:
    """Little contrast, on grey."""
    del draw
    return GREY + images // FAINT


def blurred(images: Images, draw: np.random.Generator) -> Images:
    """Means of 3 x 3 pixels, twice; what lies beyond the image is as its edge."""
    del draw
    for _ in range(2):
        wide = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="edge")
        images = sum(wide[:, up : up + SIZE, left : left + SIZE] for up in range(3) for left in range(3)) // 9
    return images


def speckle(images: Images, draw: np.random.Generator) -> Images:
    """Pixels that are white or black at random."""
    hit = draw.integers(0, 2 * SPECKLED, images.shape)
    return np.where(hit == 0, 0, np.where(hit == 1, 255, images))


STYLES: Mapping[str, Callable[[Images, np.random.Generator], Images]] = {
    style.__name__: style for style in (inverted, stripes, faint, blurred, speckle)
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `pixels`, a vector of 196 numbers from 0 to 1, and `label`; in `stream` also `stage`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"glyphs has no split {split!r}{nearest(split, SPLITS)}")
    for name, most in LIMITS.items():
        value = params[name]
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            raise BadValue(f"glyphs: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    counts = {name: int(params[name]) for name in LIMITS}
    return {"transfer": _transfer, "styles": _styles, "stream": _stream}[split](counts, seed)


def styled(style: str, images: Images, draw: np.random.Generator) -> Images:
    """Images in another style. Raises `UnknownName` for one that is not known."""
    if style not in STYLES:
        raise UnknownName(f"glyphs has no style {style!r}{nearest(style, STYLES)}")
    return STYLES[style](images.astype(np.int64), draw).astype(np.uint8)


def _transfer(counts: Mapping[str, int], seed: int) -> Data:
    def drawn(name: str, rows: int, first: int) -> tuple[pa.Array, Int[np.ndarray, " row"]]:
        labels = _draw("transfer", name, seed).integers(0, 5, rows)
        return _pixels(_painted("transfer", name, seed, np.array(segments.DIGITS)[first + labels])), labels

    shown, labels = drawn("train", counts["rows"], 5)
    asked, wanted = drawn("id", counts["questions"], 5)
    beside, digits = drawn("pretraining", counts["pretraining"], 0)
    return Data(
        train=pa.table({"pixels": shown, "label": labels}),
        questions={"id": pa.table({"pixels": asked, "label": wanted})},
        auxiliary={"pretraining": pa.table({"pixels": beside, "sign": digits})},
        classes=DIGITS[5:],
    )


def _styles(counts: Mapping[str, int], seed: int) -> Data:
    def drawn(name: str, rows: int) -> pa.Table:
        draw = _draw("styles", name, seed)
        labels = draw.integers(0, 10, rows)
        images = _painted("styles", name, seed, np.array(segments.DIGITS)[labels])
        return pa.table({"pixels": _pixels(styled(name, images, draw) if name in STYLES else images), "label": labels})

    return Data(
        train=drawn("train", counts["rows"]),
        questions={name: drawn(name, counts["questions"]) for name in ("id", *STYLES)},
        classes=DIGITS,
    )


def _stream(counts: Mapping[str, int], seed: int) -> Data:
    def drawn(name: str, rows: int) -> pa.Table:
        labels = np.repeat(np.arange(10), rows)
        images = _painted("stream", name, seed, np.array(segments.DIGITS)[labels])
        return pa.table({"pixels": _pixels(images), "label": labels, "stage": labels * STAGES // 10})

    draw = _draw("stream", "pretraining", seed)
    signs = draw.choice(segments.OTHERS, SIGNS, replace=False)
    which = draw.integers(0, SIGNS, counts["pretraining"])
    beside = _painted("stream", "pretraining", seed, signs[which])
    return Data(
        train=drawn("train", counts["shots"]),
        questions={"id": drawn("id", max(1, counts["questions"] // 10))},
        auxiliary={"pretraining": pa.table({"pixels": _pixels(beside), "sign": which})},
        classes=DIGITS,
    )


def _draw(split: str, name: str, seed: int) -> np.random.Generator:
    return np.random.default_rng(seeds.derive("glyphs", split, name, seed))


def _painted(split: str, name: str, seed: int, signs: Int[np.ndarray, " row"]) -> Images:
    return segments.Painter(("glyphs", split), SIZE, seed, name).images(signs)


def _pixels(images: Images) -> pa.FixedSizeListArray:
    return vectors.column(images.reshape(len(images), -1) / 255)


def draw(row: Mapping[str, Sequence[float]], params: Mapping[str, Value]) -> Image.Image:
    """A row as the image that it is."""
    from PIL import Image

    del params
    return Image.fromarray(np.rint(np.array(row["pixels"]).reshape(SIZE, SIZE) * 255).astype(np.uint8))
