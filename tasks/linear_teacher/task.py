"""A noisy linear teacher: as many numbers to a row as rows, fewer, or more.

The setting in which Advani & Saxe 2017 (arXiv:1710.03667) solve gradient descent for its error at every
time. With N numbers to a row,

    y = w . x + noise,    each number of x N(0, 1 / N),    |w|**2 = N

so that the rule's answers have variance 1 and the noise `noise` squared: nobody who is asked new rows is off by less
than that in the mean square. Questions have noise too. What a student comes to rests on the ratio of
rows to numbers, which is 1/2, 1 and 2 on the three splits; `dynamics.py` beside this file has the closed form.

What is odd, and meant:

- w is drawn uniformly from the sphere of that length, where the paper draws its numbers independently. Rows know no
  direction, so the mean error is the same, and a single draw varies less.
- All splits have one teacher and one test, and fewer rows are the first of more: `rows` is the only difference.
- All splits have 400 columns; with a `dimension` below that, the last ones are 0.

Numbers are in whole steps, so that every sum of products is exact, and the same on every machine.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float

    from genbench import Value

SPLITS = ("linear_under", "linear_critical", "linear_over")
COLUMNS = 400
FINE, COARSE = 2.0**16, 2.0**10  # steps in 1: of rows and noise; of the teacher, whose products with rows are exact
LOUDEST = 1000.0  # standard deviation of the noise
LIMITS = {  # from two dimensions on, for in one of them rows would meet again; to what memory has room for
    "dimension": (2, COLUMNS),
    "rows": (1, 100_000),
    "questions": (1, 100_000),
    "draw": (0, 2**31 - 1),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 400 numbers, and `y`, a float64.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"linear_teacher has no split {split!r}{nearest(split, SPLITS)}")
    dimension, rows, asked, draw = (_whole(params, name) for name in LIMITS)
    noise = params["noise"]
    if isinstance(noise, bool) or not isinstance(noise, (int, float)) or not 0 <= noise <= LOUDEST:
        raise BadValue(f"linear_teacher: parameter 'noise' is {noise!r}; it must be a number from 0 to {LOUDEST:g}")

    def stream(*names: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("linear_teacher", *names, str(draw), seed))

    weights = teacher(stream("teacher"), dimension)

    def table(name: str, count: int) -> pa.Table:
        x = np.zeros((count, COLUMNS))
        numbers = stream(name, "x").standard_normal((count, dimension)) / math.sqrt(dimension)
        x[:, :dimension] = np.round(numbers * FINE) / FINE
        added = np.round(noise * stream(name, "noise").standard_normal(count) * FINE) / FINE
        y = x[:, :dimension] @ weights + added
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(x.astype(np.float32).ravel()), COLUMNS)
        return pa.table({"x": vectors, "y": pa.array(y)})

    return Data(train=table("train", rows), questions={"test": table("test", asked)})


def teacher(draw: np.random.Generator, dimension: int) -> Float[np.ndarray, " number"]:
    """The weights, of squared length `dimension` but for rounding."""
    drawn = draw.standard_normal(dimension)
    length = math.sqrt(math.fsum(drawn * drawn))
    return np.round(drawn * (math.sqrt(dimension) / length) * COARSE) / COARSE


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"linear_teacher: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}"
        )
    return value
