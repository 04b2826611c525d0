"""Painted digits as short vectors, ten classes: the place of scikit-learn's digits, with nothing to download.

A row is an image of 8 x 8 in 64 numbers, line by line, 0 black to 1 white. A digit of seven segments, turned, slanted,
moved, of some thickness, with noise, is painted at 16 x 16 (`genbench.painting.segments`), and each number is the mean
of a block of 2 x 2 pixels. (Those of scikit-learn were scanned at 32 x 32, and a number counts a block of 4 x 4.)

`plain`: 1,000 rows with their digits, 800 asked.

`noisy`: 400 rows, of which two in five have the label of another digit, drawn at random. New rows are asked against
their digits, and the rows of training once against the labels given there (`trained`) and once against their digits
(`trained_true`), each sliced by `label`: clean or corrupted.

`random_labels`: 1,000 rows whose labels say nothing of them. Only memory can answer `trained`; nothing answers `test`.

An example that a person can check: a block of the pixels 255, 255, 0 and 0 is (255 + 255 + 0 + 0) / (4 * 255) = 0.5.

What is odd, and meant: each ten rows of a table, in order, hold each digit once, so that answering at random is right
in exactly a tenth; and of each twenty rows of training equally many have wrong labels, so that their number is exact
and the rows of a smaller training set begin those of a larger one.
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
    from collections.abc import Mapping, Sequence

    from jaxtyping import Bool, Float, Int, UInt8
    from PIL import Image

    from genbench import Value

SPLITS = ("plain", "noisy", "random_labels")
CLASSES = tuple("0123456789")
SIZE, BLOCK = 8, 2  # numbers along an edge, and pixels along the edge of one of them
TOGETHER = 20  # rows of training, in order, of which equally many have wrong labels
LIMITS = {"rows": 100_000, "questions": 100_000}
EXACT = 1e-9  # how far a share of rows may be from a whole number, for .15 is none in binary


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `pixels`, 64 numbers from 0 to 1, and `digit`; questions of `noisy` carry the axis `label`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range, and for a
    `corruption` and `rows` that make no whole number of wrong labels.
    """
    if split not in SPLITS:
        raise UnknownName(f"digits has no split {split!r}{nearest(split, SPLITS)}")
    for name, most in LIMITS.items():
        value = params[name]
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            raise BadValue(f"digits: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    rows, asked = int(params["rows"]), int(params["questions"])
    wrong = _wrong(params["corruption"], rows) if split == "noisy" else 0

    def stream(*names: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("digits", split, *names, seed))

    digits, new = (balanced(stream(name, "digits"), count) for name, count in (("train", rows), ("test", asked)))
    shown = _pixels(painted(split, "train", seed, digits))
    given = balanced(stream("train", "labels"), rows) if split == "random_labels" else digits.copy()
    hit = corrupted(stream("train", "corrupted"), rows, wrong)
    given[hit] = (digits[hit] + stream("train", "wrong").integers(1, 10, rows)[hit]) % 10

    def table(pixels: pa.Array, answers: Int[np.ndarray, " row"], label: Sequence[str] | None) -> pa.Table:
        columns = {"pixels": pixels, "digit": answers}
        return pa.table(columns if split != "noisy" or label is None else {**columns, "label": label})

    questions = {"test": table(_pixels(painted(split, "test", seed, new)), new, ["none"] * asked)}
    label = np.where(hit, "corrupted", "clean").tolist()
    if split != "plain":
        questions["trained"] = table(shown, given, label)
    if split == "noisy":
        questions["trained_true"] = table(shown, digits, label)
    return Data(train=table(shown, given, None), questions=questions, classes=CLASSES)


def balanced(draw: np.random.Generator, rows: int) -> Int[np.ndarray, " row"]:
    """Digits of which each ten, in order, are all ten; the last ones may be cut short."""
    return np.concatenate([draw.permutation(10) for _ in range(0, rows, 10)])[:rows]


def corrupted(draw: np.random.Generator, rows: int, wrong: int) -> Bool[np.ndarray, " row"]:
    """Which rows have wrong labels: `wrong` of each `TOGETHER`. Without any, `rows` may be any number."""
    if not wrong:
        return np.zeros(rows, bool)
    return np.concatenate([draw.permutation(TOGETHER) < wrong for _ in range(0, rows, TOGETHER)])


def painted(split: str, name: str, seed: int, digits: Int[np.ndarray, " row"]) -> Float[np.ndarray, "row number"]:
    """The rows of a table, one for each digit."""
    painter = segments.Painter(("digits", split), SIZE * BLOCK, seed, name)
    return averaged(painter.images(np.array(segments.DIGITS)[digits]))


def averaged(images: UInt8[np.ndarray, "row high wide"]) -> Float[np.ndarray, "row number"]:
    """The means of blocks of `BLOCK` x `BLOCK` pixels, of 255, line by line."""
    blocks = images.astype(np.int64).reshape(len(images), SIZE, BLOCK, SIZE, BLOCK)
    return blocks.sum(axis=(2, 4)).reshape(len(images), -1) / (BLOCK * BLOCK * 255)


def _pixels(rows: Float[np.ndarray, "row number"]) -> pa.FixedSizeListArray:
    return vectors.column(rows)


def _wrong(value: Value, rows: int) -> int:
    """How many of each `TOGETHER` rows have a wrong label."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 0.9:
        raise BadValue(
            f"digits: parameter 'corruption' is {value!r}; it must be a share from 0 to below 0.9: "
            "from there on a row's own digit is no commoner a label than any other"
        )
    wrong = round(value * TOGETHER)
    if abs(wrong - value * TOGETHER) > EXACT:
        raise BadValue(
            f"digits: parameter 'corruption' is {value}; it must be a multiple of 0.05, "
            f"for of each {TOGETHER} rows equally many have wrong labels"
        )
    if wrong and rows % TOGETHER:
        raise BadValue(
            f"digits: parameter 'rows' is {rows}; where labels are wrong it must be a multiple of {TOGETHER}, "
            "for of so many rows equally many have wrong labels"
        )
    return wrong


def draw(row: Mapping[str, Sequence[float]], params: Mapping[str, Value]) -> Image.Image:
    """A row as the image that it is."""
    from PIL import Image

    del params
    return Image.fromarray(np.rint(np.array(row["pixels"]).reshape(SIZE, SIZE) * 255).astype(np.uint8))
