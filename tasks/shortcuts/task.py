"""Shortcuts: an easy cue and the right one tell the class in training, and unlabelled rows may tell them apart.

The rows of the two-dimensional example of D-BAT (Pagliardini et al. 2022, arXiv:2202.04414;
mpagli/Agree-to-Disagree at d885916, notebooks/D_BAT_2D_example.ipynb), with one number of each cue:

    easy    class 1 in (.2, 1.8), class 0 in (-1.8, -.2): its sign tells the class
    right   class 1 in one of the slabs about -2, 0 and 2, class 0 in one of those about -1 and 1, each .4 wide

A row is `x`, the easy number and then the right one. In training both are those of the label. In `ood` the easy number
is that of the other class in half of all rows, while the label stays that of the right one: whoever learned the easy
cue is right for half. `validation` holds a few rows like those, labelled, to choose between answers with; there are too
few of them to learn from.

Beside train lie rows without labels (`unlabelled`), in a chosen share of which, the `agreement`, the two cues are of
one class. Methods that look for several solutions take those rows for the place to differ, and which share serves
which method is what "Key components of diversification" asks (arXiv:2312.16313): one that wants disagreement is best
served where the cues never agree, one that wants independence where they agree about half of the time.

An example that a person can check: x = (-.9, 2.1). The first says class 0, the second lies in the slab about 2, so that
the label is 1, and `agrees` is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int

    from genbench import Value

CLASSES = ("class 0", "class 1")
SPLITS = ("slabs_r0", "slabs_r25", "slabs_r50", "slabs_r75", "slabs_r100")
SLABS = ((-1.0, 1.0), (-2.0, 0.0, 2.0))  # the middles, by class
EASY_REACH, SLAB_REACH = 0.8, 0.2  # how far from 1 or -1, and from the middle of a slab
BALANCED = 0.5  # the share of questions out of distribution, and of validation, in which the cues agree
LIMITS = {"rows": 10_000_000, "unlabelled": 10_000_000, "validation": 10_000, "questions": 10_000_000}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 2 numbers, and `label`, 0 or 1; questions carry `agrees`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"shortcuts has no split {split!r}{nearest(split, SPLITS)}")
    counts = {name: _whole(params, name) for name in LIMITS}
    agreement = params["agreement"]
    if isinstance(agreement, bool) or not isinstance(agreement, int | float) or not 0 <= agreement <= 1:
        raise BadValue(f"shortcuts: parameter 'agreement' is {agreement!r}; it is a share of rows, from 0 to 1")

    def drawn(name: str, rows: int, share: float) -> pa.Table:
        draw = np.random.default_rng(seeds.derive("shortcuts", split, name, seed))
        agrees = np.zeros(rows, np.int64)
        agrees[draw.permutation(rows)[: round(share * rows)]] = 1
        labels = draw.integers(0, 2, rows)
        return _table(
            np.stack([easy(np.where(agrees, labels, 1 - labels), draw), right(labels, draw)], 1), labels, agrees
        )

    unlabelled = drawn("unlabelled", counts["unlabelled"], float(agreement))
    return Data(
        train=drawn("train", counts["rows"], 1.0).drop_columns("agrees"),
        validation=drawn("validation", counts["validation"], BALANCED).drop_columns("agrees"),
        questions={
            "id": drawn("id", counts["questions"], 1.0),
            "ood": drawn("ood", counts["questions"], BALANCED),
        },
        auxiliary={"unlabelled": unlabelled.select(["x"])},
        classes=CLASSES,
    )


def easy(says: Int[np.ndarray, " row"], draw: np.random.Generator) -> Float[np.ndarray, " row"]:
    """The number whose sign says a class."""
    return 2.0 * says - 1 + draw.uniform(-EASY_REACH, EASY_REACH, len(says))


def right(says: Int[np.ndarray, " row"], draw: np.random.Generator) -> Float[np.ndarray, " row"]:
    """The number whose slab says a class; the slabs of a class are equally frequent."""
    place = draw.random(len(says))
    middles = np.empty(len(says))
    for label, own in enumerate(SLABS):
        at = says == label
        middles[at] = np.array(own)[(place[at] * len(own)).astype(int)]
    return middles + draw.uniform(-SLAB_REACH, SLAB_REACH, len(says))


def _table(
    x: Float[np.ndarray, "row cue"], labels: Int[np.ndarray, " row"], agrees: Int[np.ndarray, " row"]
) -> pa.Table:
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(x.astype(np.float32).ravel()), 2)
    return pa.table({"x": vectors, "label": pa.array(labels), "agrees": pa.array(agrees)})


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, most = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise BadValue(f"shortcuts: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    return value
