"""Slabs: a class that a simple coordinate tells, and each of many complex ones tells too.

Which does a learner use? Shah, Tamuly, Raghunathan, Jain & Netrapalli 2020 (arXiv:2006.07710), sections 3 to 5; the
intervals and shares are those of harshays/simplicitybiaspitfalls at 5ce38c44, scripts/gendata.py, with width 1 and
margin 0.1. Each coordinate of a row is drawn for itself, given the class:

    linear   class 1 in (.1, 1), class 0 in (-1, -.1): a sign tells
    five     by absolute value: class 1 in .32 to .56; class 0 up to .12 (three in four), or from .76 to 1
    seven    class 1 in .257 to .371 (seven in eight), or from .886 to 1; class 0 up to .057 (half), or .571 to .686

The first coordinate is the `simple` one, all others are `complex`; then the whole space is turned by an orthonormal
matrix, drawn once for a data seed, so that no input column is a coordinate. With `noise`, the simple coordinate of that
share of all rows is redrawn within the margin, so that it tells the class nineteen times in twenty for a tenth.

`test` asks rows like those of training. `simple_randomised` asks the same rows after the simple coordinate has been
permuted among them, before turning: whoever uses the complex coordinates answers as before, whoever uses the simple one
falls to chance. `rest_randomised` permutes all complex coordinates together, as they stand in a row, and leaves the
simple one. Targets are those of the rows. Where both kinds are the same, no coordinate is the simple one, and `test` is
all that is asked.

Coordinates and the matrix are numbers of steps of 2**-20, so sums of products are exact in float64 and no machine's way
of adding makes other rows; the matrix is orthonormal to a millionth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int

    from genbench import Value

CLASSES = ("class 0", "class 1")
COORDINATES = 50
ROWS = 10_000_000  # of which all are in memory
MARGIN = 0.1
STEPS = 2**20  # in 1; a sum of 50 products stays far below 2**53

# Of each kind and class: (lowest, highest, share) by absolute value, both signs alike; `linear` has its sign by class.
SLABS = {
    "linear": (((0.1, 1.0, 1.0),), ((0.1, 1.0, 1.0),)),
    "five": (((0.0, 3 / 25, 3 / 4), (19 / 25, 1.0, 1 / 4)), ((8 / 25, 14 / 25, 1.0),)),
    "seven": (
        ((0.0, 2 / 35, 1 / 2), (20 / 35, 24 / 35, 1 / 2)),
        ((9 / 35, 13 / 35, 7 / 8), (31 / 35, 1.0, 1 / 8)),
    ),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 50 numbers, and `label`, 0 or 1.

    Raises `BadValue` for a parameter outside its range, a kind of coordinate that is not known, and noise in a simple
    coordinate that is not linear: between slabs there is no margin to redraw it in.
    """
    train, asked = _whole(params, "rows"), _whole(params, "questions")
    simple, complex_ = _kind(params, "simple"), _kind(params, "complex")
    noise = params["noise"]
    if not isinstance(noise, float) or not 0 <= noise <= 1:
        raise BadValue(f"simplicity: parameter 'noise' is {noise!r}; it is a share of rows, from 0 to 1")
    if noise and simple != "linear":
        raise BadValue(
            f"simplicity: parameter 'noise' is {noise}; only a linear coordinate can be noisy, not {simple!r}"
        )

    def stream(*names: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("simplicity", seed, *names))

    turn = turning(stream("turn"))

    def drawn(name: str, rows: int) -> tuple[Float[np.ndarray, "row dimension"], Int[np.ndarray, " row"]]:
        labels = stream(split, name, "label").integers(0, 2, rows)
        kinds = [simple] + [complex_] * (COORDINATES - 1)
        streams = [stream(split, name, "coordinate", str(at)) for at in range(COORDINATES)]
        columns = [coordinate(kind, labels, draw) for kind, draw in zip(kinds, streams, strict=True)]
        if noise:
            draw = stream(split, name, "noise")
            chosen = draw.choice(rows, round(noise * rows), replace=False)
            columns[0][chosen] = draw.uniform(-MARGIN, MARGIN, len(chosen))
        return np.stack(columns, axis=1), labels

    def table(rows: Float[np.ndarray, "row dimension"], labels: Int[np.ndarray, " row"]) -> pa.Table:
        turned = (np.round(rows * STEPS) @ turn / STEPS**2).astype(np.float32)
        return pa.table(
            {"x": pa.FixedSizeListArray.from_arrays(pa.array(turned.ravel()), COORDINATES), "label": pa.array(labels)}
        )

    rows, labels = drawn("test", asked)
    questions = {"test": table(rows, labels)}
    for name, moved in (("simple", slice(0, 1)), ("rest", slice(1, None))) if simple != complex_ else ():
        others = rows.copy()
        others[:, moved] = rows[stream(split, name, "permuted").permutation(asked), moved]
        questions[f"{name}_randomised"] = table(others, labels)
    return Data(train=table(*drawn("train", train)), questions=questions, classes=CLASSES)


def coordinate(kind: str, labels: Int[np.ndarray, " row"], draw: np.random.Generator) -> Float[np.ndarray, " row"]:
    """One coordinate of each row, by its class."""
    which, place, sign = draw.random(len(labels)), draw.random(len(labels)), draw.integers(0, 2, len(labels))
    size = np.empty(len(labels))
    for label, slabs in enumerate(SLABS[kind]):
        own = labels == label
        lowest, highest = (np.array([slab[end] for slab in slabs]) for end in (0, 1))
        slab = np.searchsorted(np.cumsum([share for _, _, share in slabs])[:-1], which[own], side="right")
        size[own] = lowest[slab] + (highest - lowest)[slab] * place[own]
    return size * (2 * (labels if kind == "linear" else sign) - 1)


def turning(draw: np.random.Generator) -> Float[np.ndarray, "coordinate dimension"]:
    """A matrix drawn uniformly from the orthonormal ones (Haar), in whole steps."""
    factor, triangle = np.linalg.qr(draw.standard_normal((COORDINATES, COORDINATES)))
    return np.round(factor * np.sign(np.diag(triangle)) * STEPS)


def _whole(params: Mapping[str, Value], name: str) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= ROWS:
        raise BadValue(f"simplicity: parameter {name!r} is {value!r}; it must be a whole number from 1 to {ROWS:,}")
    return value


def _kind(params: Mapping[str, Value], name: str) -> str:
    value = params[name]
    if value not in SLABS:
        raise BadValue(f"simplicity: parameter {name!r} is {value!r}{nearest(str(value), SLABS)}")
    return str(value)
