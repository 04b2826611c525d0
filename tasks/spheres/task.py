"""Spheres: points with noisy labels whose best rule is known, so that a learner's distance from it is.

Made for the claim of Radhakrishnan, Belkin & Uhler 2022 (arXiv:2204.14126) that infinitely wide and deep networks are
one of three classifiers, by their activation: a singular kernel, which comes ever nearer to the best rule as rows grow,
the nearest neighbour, or the majority. The distribution is ours. Points x are uniform on the unit sphere of d + 1
coordinates, and label 1 has the chance

    .5 + .45 sign(x0 x1) min(1, 4 |x0 x1|)

so that the best rule is the sign of x0 x1, which no hyperplane is. It is right for .79643 of all questions where d is
2, and for .74418 where it is 3; nobody can do better, for labels are noise beyond it.

Rows of training of one number begin those of a larger: a curve over `rows` adds rows and changes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float

    from genbench import Value

CLASSES = ("class 0", "class 1")
DIMENSIONS = {"sphere2": 2, "sphere3": 3}  # of the sphere, which lies in a space of one more
COLUMNS = 4  # of x; a sphere of two dimensions has 0 in the last
ROWS = 10_000_000  # of which all are in memory
STEEPNESS, CERTAINTY = 4.0, 0.45


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 4 numbers, and `label`, 0 or 1.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in DIMENSIONS:
        raise UnknownName(f"spheres has no split {split!r}{nearest(split, DIMENSIONS)}")
    return Data(
        train=_table(split, "train", _whole(params, "rows"), seed),
        questions={"test": _table(split, "test", _whole(params, "questions"), seed)},
        classes=CLASSES,
    )


def chances(points: Float[np.ndarray, "row coordinate"]) -> Float[np.ndarray, " row"]:
    """The chance of label 1 at each point."""
    product = points[:, 0] * points[:, 1]
    return 0.5 + CERTAINTY * np.sign(product) * np.minimum(1.0, STEEPNESS * np.abs(product))


def _table(split: str, name: str, rows: int, seed: int) -> pa.Table:
    def stream(of: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("spheres", split, name, of, seed))

    points = stream("points").standard_normal((rows, DIMENSIONS[split] + 1))
    length = np.zeros(rows)
    for column in range(points.shape[1]):  # one after the other, so that every machine adds alike
        length += points[:, column] * points[:, column]
    x = np.zeros((rows, COLUMNS), np.float32)
    x[:, : points.shape[1]] = points / np.sqrt(length)[:, None]
    labels = (stream("labels").random(rows) < chances(x.astype(np.float64))).astype(np.int64)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), COLUMNS)
    return pa.table({"x": vectors, "label": pa.array(labels)})


def _whole(params: Mapping[str, Value], name: str) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= ROWS:
        raise BadValue(f"spheres: parameter {name!r} is {value!r}; it must be a whole number from 1 to {ROWS:,}")
    return value
