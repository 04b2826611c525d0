"""A long tail to train on: 256 concepts, of which a few have thousands of images and most have less than ten.

A concept is a shape, a colour and a texture, painted by `genbench.painting.scenes`; where the thing lies, how large it
is, how it is turned, what lies around it and the noise say nothing about it.

    label 17 = (shape 0 * 8 + colour 4) * 4 + texture 1: a striped cyan disc

The `synthetic` splits follow Zipf: the concept of rank r has `head` / r^`exponent` training images, one at least, and
`draw` decides which concept has which rank. Concepts, and image i of a concept, are the same in every draw: only the
frequencies move. `synthetic_compositional` sets parts against combinations: each shape and colour meet in four
concepts, of which one is rare or never seen though its shape, its colour and its texture are common; training has
`COMMON` images of each of the other three.

Every concept is asked `tests` times, so accuracy over all questions is class-balanced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from frequencies import GROUPS, thirds

from genbench import Data, seeds, tables
from genbench.errors import BadValue, UnknownName, nearest
from genbench.painting import png
from genbench.painting.colours import COLOURS
from genbench.painting.scenes import Painter
from genbench.painting.shapes import SHAPES, TEXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jaxtyping import Int

    from genbench import Value

    Rows = Int[np.ndarray, " row"]

# What the concepts are called, by label: label = (shape * colours + colour) * textures + texture.
NAMES: Final = tuple(f"{texture} {colour} {shape}" for shape in SHAPES for colour in COLOURS for texture in TEXTURES)
STREAM: Final = ("letitwag", "synthetic")  # opens the names of all seeds
SIZES: Final = (32, 64)
CONCEPTS: Final = len(NAMES)
COMPOSITIONAL: Final = "synthetic_compositional"
COMMON: Final = 64  # training images of a combination that is not in the tail
RARE: Final = (0, 1, 4, 16)  # of one that is: a quarter of the tail each
MOST: Final = 100_000  # images of one concept, or questions about it
STEEPEST: Final = 4.0
ROWS: Final = 1024  # of a streamed table, unless asked for another number


def parts(labels: Rows) -> Int[np.ndarray, "row 3"]:
    """Shape, colour and texture of each label."""
    shape, rest = np.divmod(labels, len(COLOURS) * len(TEXTURES))
    return np.stack([shape, *np.divmod(rest, len(TEXTURES))], axis=1)


def counts(split: str, params: Mapping[str, Value], seed: int) -> Int[np.ndarray, " concept"]:
    """Training images of each concept. Raises `BadValue` for a parameter out of its range."""
    order = np.random.default_rng(seeds.derive("letitwag", "synthetic", "ranks", integer(params, "draw", 0), seed))
    if split == COMPOSITIONAL:
        shape, colour, texture = parts(np.arange(CONCEPTS)).T
        # Of the four concepts of a shape and a colour one is in the tail; each texture is in 16 of these 64.
        tail = np.flatnonzero((shape + colour + integer(params, "draw", 0)) % len(TEXTURES) == texture)
        images = np.full(CONCEPTS, COMMON)
        images[order.permutation(tail)] = np.repeat(RARE, len(tail) // len(RARE))
        return images
    ranks = 1 + order.permutation(CONCEPTS)
    shares = ranks.astype(np.float64) ** -_exponent(params)
    return np.maximum(1, np.rint(integer(params, "head", 1) * shares).astype(np.int64))


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Build the split. Raises `BadValue` for a parameter out of its range."""
    per = counts(split, params, seed)
    whole = {name: pa.concat_tables(stream(split, name, params, seed)) for name in ("train", "test")}
    if split != COMPOSITIONAL:
        return Data(whole["train"], {"test": whole["test"]}, classes=NAMES)
    frequency = per[whole["test"].column("label").to_numpy()]
    asked = {"common": frequency == COMMON, "rare": (frequency > 0) & (frequency < COMMON), "unseen": frequency == 0}
    test = whole["test"].drop_columns("group")  # thirds by frequency say nothing where most are equally frequent
    questions = {name: test.filter(pa.array(rows)) for name, rows in asked.items()}
    return Data(whole["train"], questions, classes=NAMES)


def stream(split: str, subset: str, params: Mapping[str, Value], seed: int, rows: int = ROWS) -> Iterator[pa.Table]:
    """The tables of `train` or `test`, `rows` rows each but for the last: the same rows, whatever their number."""
    if subset not in {"train", "test"}:
        raise UnknownName(f"letitwag/{split} has no subset {subset!r}{nearest(subset, ('train', 'test'))}")
    if rows < 1:
        raise BadValue(f"letitwag/{split}: tables of {rows} rows; it must be 1 or more")
    size = integer(params, "size", SIZES[0])
    if size not in SIZES:
        raise BadValue(f"letitwag: parameter 'size' is {size}; it must be one of {', '.join(map(str, SIZES))}")
    per = counts(split, params, seed)
    labels, numbers = _numbered(per if subset == "train" else np.full(CONCEPTS, integer(params, "tests", 1)))
    order = np.random.default_rng(
        seeds.derive("letitwag", split, subset, "order", integer(params, "draw", 0), seed)
    ).permutation(len(labels))
    painter = Painter(STREAM, size, seed, subset)
    for begin in range(0, len(order), rows):
        chosen = order[begin : begin + rows]
        yield _table(painter, labels[chosen], numbers[chosen], None if subset == "train" else per)


def images(label: int, role: str, numbers: Rows, params: Mapping[str, Value], seed: int) -> Iterator[np.ndarray]:
    """Images `numbers` of one concept in `train` or `test`, in batches of (batch, 3, size, size)."""
    painter = Painter(STREAM, int(params["size"]), seed, role)
    labels = np.full(len(numbers), label)
    return painter.paint(parts(labels), np.full(len(numbers), painter.key(NAMES[label]), np.uint64), numbers)


def _numbered(per: Int[np.ndarray, " concept"]) -> tuple[Rows, Rows]:
    """Each image's label, and its number among the images of its concept."""
    labels = np.repeat(np.arange(len(per)), per)
    return labels, np.arange(len(labels)) - np.repeat(np.cumsum(per) - per, per)


def _table(painter: Painter, labels: Rows, numbers: Rows, per: Int[np.ndarray, " concept"] | None) -> pa.Table:
    keys = np.array([painter.key(name) for name in NAMES], np.uint64)
    image = png.column(png.rgb(images) for images in painter.paint(parts(labels), keys[labels], numbers))
    table = {"image": image, "label": pa.array(labels, tables.ARROW["int64"])}
    if per is not None:
        table["class"] = pa.array(NAMES).take(pa.array(labels))
        table["frequency"] = pa.array(per[labels], tables.ARROW["int64"])
        table["group"] = pa.array(GROUPS).take(pa.array(thirds(per)[labels]))
    return pa.table(table)


def integer(params: Mapping[str, Value], key: str, low: int) -> int:
    """An integer parameter from `low` to MOST."""
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= MOST:
        raise BadValue(f"letitwag: parameter {key!r} is {value!r}; it must be an integer from {low} to {MOST:,}")
    return value


def _exponent(params: Mapping[str, Value]) -> float:
    value = params.get("exponent")
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= STEEPEST:
        raise BadValue(f"letitwag: parameter 'exponent' is {value!r}; it must be a number from 0 to {STEEPEST:g}")
    return float(value)
