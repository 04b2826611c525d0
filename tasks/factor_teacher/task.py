"""A factor teacher: what rows without answers tell of those that have one.

Made for the claim of Ge, Tang, Fan & Jin 2023 (arXiv:2303.01566) that pretraining on m unlabelled rows and fitting n
labelled ones errs by about sqrt(C / m) + sqrt(C' / n) above the best, where C' is that of the small part that is left
to fit. Factor models are one of their examples; sizes, and the exact rule, are ours. A row is

    x = B z + u,    y = b . z + noise,    all numbers of z and u N(0, 1)

with `rank` factors z. The columns of B are at right angles, drawn once, of squared lengths c that go from 12 down to 6
in equal steps. The weights b have squares in proportion to 1 + c and length 1, so that the factors explain a variance
of 1; of factor j a row leaves a variance of 1 / (1 + c_j) unknown, which with these weights is .1 together, for every
rank. Hence nobody who sees x alone errs by less than .1 + noise**2, and the linear rule that does has weights
B (I + B^T B)^-1 b.

Beside train lie rows without answers (`unlabelled`). Fewer rows of either are the first of more. All splits have 200
columns; with a `dimension` below that, the last ones are 0. Numbers are in whole steps, in whose last bit no two
machines differ.
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

SPLITS = ("factor",)
COLUMNS = 200
STRONGEST, WEAKEST = 12.0, 6.0  # squared lengths of the columns of B, whose mean is 9
STEPS = 2.0**16  # in 1
LOUDEST = 1000.0  # standard deviation of the noise
LIMITS = {  # from two factors on: one would have a mean strength of 12
    "dimension": (2, COLUMNS),
    "rank": (2, COLUMNS),
    "rows": (1, 100_000),
    "unlabelled": (1, 100_000),
    "questions": (1, 100_000),
    "draw": (0, 2**31 - 1),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 200 numbers, and `y`, a float64; `unlabelled` has `x` alone.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range, and for more
    factors than a row has numbers.
    """
    if split not in SPLITS:
        raise UnknownName(f"factor_teacher has no split {split!r}{nearest(split, SPLITS)}")
    dimension, rank, rows, beside, asked, draw = (_whole(params, name) for name in LIMITS)
    if rank > dimension:
        raise BadValue(
            f"factor_teacher: parameter 'rank' is {rank}, above 'dimension', which is {dimension}; "
            "there are at most as many factors as a row has numbers"
        )
    noise = params["noise"]
    if isinstance(noise, bool) or not isinstance(noise, (int, float)) or not 0 <= noise <= LOUDEST:
        raise BadValue(f"factor_teacher: parameter 'noise' is {noise!r}; it must be a number from 0 to {LOUDEST:g}")

    def stream(*names: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("factor_teacher", *names, str(draw), seed))

    loadings, weights = teacher(stream("teacher"), dimension, rank)

    def table(name: str, count: int) -> pa.Table:
        factors, own, added = (stream(name, what) for what in ("factors", "own", "noise"))
        z = _steps(factors.standard_normal((count, rank)))
        x = np.zeros((count, COLUMNS))
        x[:, :dimension] = _steps(z @ loadings.T + own.standard_normal((count, dimension)))
        y = _steps(z @ weights + noise * added.standard_normal(count))
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(x.astype(np.float32).ravel()), COLUMNS)
        return pa.table({"x": vectors, "y": pa.array(y)})

    return Data(
        train=table("train", rows),
        questions={"test": table("test", asked)},
        auxiliary={"unlabelled": table("unlabelled", beside).select(["x"])},
    )


def teacher(
    draw: np.random.Generator, dimension: int, rank: int
) -> tuple[Float[np.ndarray, "number factor"], Float[np.ndarray, " factor"]]:
    """B and b: how factors move the numbers of a row, and the answer."""
    strengths = np.linspace(STRONGEST, WEAKEST, rank)
    turned, triangle = np.linalg.qr(draw.standard_normal((dimension, rank)))
    loadings = _steps(turned * np.sign(np.diag(triangle)) * np.sqrt(strengths))
    return loadings, _steps(np.sqrt((1 + strengths) / (1 + strengths).sum()))


def _steps(numbers: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    return np.round(numbers * STEPS) / STEPS


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"factor_teacher: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}"
        )
    return value
