"""Generalized category discovery on painted glyphs: some classes have labels, others are to be found.

A row is an image of 14 x 14 in 196 numbers, line by line, 0 black to 1 white: a digit of seven segments. Train has
`each` rows of each of the digits 0 to 4, with labels. Asked are as many further rows of those, and twice as many of
each of the digits 5 to 9: for each row a cluster, any whole number, and rows of one class are to have one cluster. Ten
classes are asked; whoever answers is told so here.

The same rows lie, without labels, in the table `unlabelled`: the split is transductive, as the setting is (Vaze et al.
2022, arXiv:2201.02609; Ma et al. 2025, "ProtoGCD", arXiv:2504.03755). A third table, `pretraining`, has 24 signs that
are no digits, with labels of their own, in place of the pretrained network that those papers begin with.

An example that a person can check: four rows, a 0, a 0, a 7 and a 7, answered 3, 3, 8 and 3. Cluster 3 goes to the
class 0 and 8 to 7, and three of four rows are right: both old ones, and one of two new ones.
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

    from jaxtyping import Int
    from PIL import Image

    from genbench import Value

SIZE = 14  # pixels
SPLITS = ("discovery",)
OLD, CLASSES = 5, 10
SIGNS = 24  # that are no digits, for pretraining
LIMITS = {"each": 100_000, "pretraining": 1_000_000}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `pixels`, a vector of 196 numbers from 0 to 1, and `label`; questions carry `known`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"glyph_discovery has no split {split!r}{nearest(split, SPLITS)}")
    for name, most in LIMITS.items():
        value = params[name]
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            raise BadValue(
                f"glyph_discovery: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}"
            )
    each = int(params["each"])

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("glyph_discovery", split, name, seed))

    def painted(name: str, signs: Int[np.ndarray, " row"]) -> pa.FixedSizeListArray:
        images = segments.Painter(("glyph_discovery", split), SIZE, seed, name).images(signs)
        return vectors.column(images.reshape(len(images), -1) / 255)

    digits = np.array(segments.DIGITS)
    known = np.repeat(np.arange(OLD), each)
    asked = np.concatenate([known, np.repeat(np.arange(OLD, CLASSES), 2 * each)])
    stream("order").shuffle(asked)  # a table without labels is not to be in the order of its classes
    questions = pa.table(
        {
            "pixels": painted("unlabelled", digits[asked]),
            "label": asked,
            "known": np.where(asked < OLD, "old", "new").tolist(),
        }
    )
    draw = stream("pretraining")
    signs = draw.choice(segments.OTHERS, SIGNS, replace=False)
    which = draw.integers(0, SIGNS, int(params["pretraining"]))
    return Data(
        train=pa.table({"pixels": painted("train", digits[known]), "label": known}),
        questions={"unlabelled": questions},
        auxiliary={
            "unlabelled": questions.select(["pixels"]),
            "pretraining": pa.table({"pixels": painted("pretraining", signs[which]), "sign": which}),
        },
    )


def draw(row: Mapping[str, Sequence[float]], params: Mapping[str, Value]) -> Image.Image:
    """A row as the image that it is."""
    from PIL import Image

    del params
    return Image.fromarray(np.rint(np.array(row["pixels"]).reshape(SIZE, SIZE) * 255).astype(np.uint8))
