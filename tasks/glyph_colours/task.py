"""Digits with coloured patches around them: many easy cues, each of which may fail without the others.

A row is a painted digit, `pixels` (14 x 14, line by line, 0 black to 1 white), and `colours`, the red, green and blue
of 32 patches of one colour each. In an image of 42 x 42 the digit would stand in the middle of 8 blocks of 14 x 14
with 4 patches of 7 x 7 in each. What a layer of a network makes of 49 pixels of one colour is, as training begins, what
it makes of that colour 7 times as large: so `colours` are from 0 to 7, and a row is 292 numbers in place of 5,292.

Each patch has a permutation of its own that tells which of ten colours a class has there. In training every patch
shows the colour of the label. A question of `p70` shows on each patch, with probability .7 and independently of the
others, one of the ten colours drawn at random; `p80` and `p90` likewise. `colours` (a parameter) says how many patches
are independent: of 32 each is, of 1 all have one permutation and show one colour together.

After MultiColorMNIST in Lin et al. 2023, "Spurious Feature Diversification Improves Out-of-distribution
Generalization" (arXiv:2309.17230), with painted digits in place of handwritten ones.

`reweighted` is for methods that start from a network trained elsewhere. Beside train lie `pretraining` rows in which
the first 16 patches show the colour of the digit with probability 1/2 and the last 16 any; in the few rows of train the
last 16 always do and the first 16 show any; asked is `id`, as train, and `ood`, where the last 16 are random with
probability .8.

An example that a person can check: the split `multicolor_one` has one permutation. Of two rows of train with one label
all 64 patches have one colour; in `p70` a patch has that colour, and then all 32 of the row do, in .3 + .7 / 10 = .37
of the rows.
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
PATCHES = 32
HALF = PATCHES // 2
PATCH = 7  # pixels a patch is wide, and by which its colour is the larger
DIGITS = tuple("0123456789")
PALETTE = (  # red, green and blue, in halves
    (0, 0, 0), (2, 0, 0), (0, 2, 0), (0, 0, 2), (2, 2, 0), (2, 0, 2), (0, 2, 2), (2, 2, 2), (1, 1, 1), (2, 1, 0),
)  # fmt: skip
SPLITS = ("multicolor", "multicolor_one", "reweighted")
SHIFTED = {"p70": 0.7, "p80": 0.8, "p90": 0.9}  # question sets, and how often a patch is random there
PRETRAINED, FEW, MOVED = (0.5, 1.0), (1.0, 0.0), (1.0, 0.8)  # `reweighted`: of the first half of patches, and the last
GROUPS = (1, 2, 4, 8, 16, 32)  # numbers of independent patches
LIMITS = {"rows": 1_000_000, "pretraining": 1_000_000, "questions": 1_000_000}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `pixels` (196 numbers), `colours` (96) and `label`, 0 to 9; questions carry `agreeing`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"glyph_colours has no split {split!r}{nearest(split, SPLITS)}")
    counts = {name: _whole(params, name) for name in LIMITS}
    groups = params["colours"]
    if isinstance(groups, bool) or groups not in GROUPS:
        raise BadValue(
            f"glyph_colours: parameter 'colours' is {groups!r}; "
            f"the number of independent patches must be one of {', '.join(map(str, GROUPS))}"
        )
    maps = permutations(split, int(groups), seed)

    def drawn(name: str, rows: int, *shares: float) -> pa.Table:
        draw = np.random.default_rng(seeds.derive("glyph_colours", split, name, seed))
        labels = draw.integers(0, len(DIGITS), rows)
        painter = segments.Painter(("glyph_colours", split), SIZE, seed, name)
        images = painter.images(np.array(segments.DIGITS)[labels])
        shown = colours(labels, maps, int(groups), (shares[0], shares[-1]), draw)
        return pa.table(
            {
                "pixels": vectors.column(images.reshape(rows, -1) / 255),
                "colours": vectors.column(np.array(PALETTE)[shown].reshape(rows, -1) * (PATCH / 2)),
                "label": pa.array(labels),
                "agreeing": pa.array((shown == maps[:, labels].T).sum(1)),
            }
        )

    if split == "reweighted":
        beside = drawn("pretraining", counts["pretraining"], *PRETRAINED)
        return Data(
            train=drawn("train", counts["rows"], *FEW).drop_columns("agreeing"),
            questions={
                "id": drawn("id", counts["questions"], *FEW),
                "ood": drawn("ood", counts["questions"], *MOVED),
            },
            auxiliary={"pretraining": beside.select(["pixels", "colours", "label"]).rename_columns(
                ["pixels", "colours", "digit"]
            )},
            classes=DIGITS,
        )  # fmt: skip
    return Data(
        train=drawn("train", counts["rows"], 0.0).drop_columns("agreeing"),
        questions={
            "id": drawn("id", counts["questions"], 0.0),
            **{name: drawn(name, counts["questions"], share) for name, share in SHIFTED.items()},
        },
        classes=DIGITS,
    )


def permutations(split: str, groups: int, seed: int) -> Int[np.ndarray, "patch class"]:
    """The place in the palette that each class has on each patch; patches of one group have one permutation."""
    draw = np.random.default_rng(seeds.derive("glyph_colours", split, "permutations", seed))
    own = np.stack([draw.permutation(len(PALETTE)) for _ in range(groups)])
    return np.repeat(own, PATCHES // groups, axis=0)


def colours(
    labels: Int[np.ndarray, " row"],
    maps: Int[np.ndarray, "patch class"],
    groups: int,
    shares: tuple[float, float],
    draw: np.random.Generator,
) -> Int[np.ndarray, "row patch"]:
    """The place in the palette that each patch shows: any, with the probability of its half, and else the label's.

    The patches of one group are drawn together, within a half where `shares` differ.
    """
    groups = groups if shares[0] == shares[1] else max(groups, 2)
    group = np.arange(PATCHES) * groups // PATCHES
    random = draw.random((len(labels), groups))[:, group] < np.repeat(shares, HALF)
    drawn = draw.integers(0, len(PALETTE), (len(labels), groups))[:, group]
    return np.where(random, drawn, maps[:, labels].T)


def draw(row: Mapping[str, Sequence[float]], params: Mapping[str, Value]) -> Image.Image:
    """A row as an image of 42 x 42: the digit in the middle, and around it the patches, block by block."""
    from PIL import Image

    del params
    canvas = np.zeros((3 * SIZE, 3 * SIZE, 3), np.uint8)
    middle = slice(SIZE, 2 * SIZE)
    canvas[middle, middle] = np.rint(np.array(row["pixels"]).reshape(SIZE, SIZE, 1) * 255)
    blocks = [(line, column) for line in range(3) for column in range(3) if (line, column) != (1, 1)]
    places = [(2 * line + at // 2, 2 * column + at % 2) for line, column in blocks for at in range(4)]
    shown = np.rint(np.array(row["colours"]).reshape(PATCHES, 3) * 255 / PATCH).astype(np.uint8)
    for (line, column), colour in zip(places, shown, strict=True):
        canvas[line * PATCH : (line + 1) * PATCH, column * PATCH : (column + 1) * PATCH] = colour
    return Image.fromarray(canvas)


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, most = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise BadValue(f"glyph_colours: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    return value
