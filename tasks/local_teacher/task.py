"""Local teachers: a rough rule on a torus of four dimensions, that is a sum of parts of few neighbouring numbers each.

Made for the claim of Cagnetta, Favero & Wyart 2022 (arXiv:2208.01003), and of Favero, Cagnetta & Wyart 2021
(arXiv:2106.08619) before, that how fast a student's error falls with rows is ruled by the number of neighbouring inputs
that student and rule look at together, not by all that there are. Sizes are ours. x is uniform on [0, 1)^4, whose ends
meet, and the rule is drawn from a Gaussian process with the covariance

    the mean over the 4 windows i of exp(-distance of x and x' in window i)

where window i has the numbers i, i + 1, ..., as many as the split's name says, cyclically; and the distance is the
chord, the root of the sum of sin(pi (x_j - x'_j))**2: each number lies on a circle of diameter 1. (With the arc in
place of the chord that is no covariance.) There is no noise.

The rule is a sum of waves (random Fourier features, Rahimi & Recht 2007), WAVES for each window: on the points of the
circles exp(-distance) is the mean of cos(frequency . difference) over frequencies with a Cauchy distribution. Its
covariance is that above; of fewer rows than waves it cannot be told from the process itself. So a rule is a function of
any number of rows, and those of one number begin those of a larger.

Answers are rounded to steps of 2**-16, in whose last bit no two machines differ.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jaxtyping import Float

    from genbench import Value

    Rule = Callable[[Float[np.ndarray, "row number"]], Float[np.ndarray, " row"]]

WINDOWS = {"local1": 1, "local2": 2, "local4": 4}  # numbers in a window
NUMBERS = 4
WAVES = 4096  # of each window
FINE, COARSE = 2.0**24, 2.0**16  # steps in 1: of numbers, of answers
AT_ONCE = 256  # rows; bounds memory
LIMITS = {"rows": (1, 100_000), "questions": (1, 100_000), "draw": (0, 2**31 - 1)}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 4 numbers from 0 to 1, and `y`, a float64.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in WINDOWS:
        raise UnknownName(f"local_teacher has no split {split!r}{nearest(split, WINDOWS)}")
    rows, asked, draw = (_whole(params, name) for name in LIMITS)

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("local_teacher", split, name, str(draw), seed))

    rule = teacher(stream("teacher"), WINDOWS[split])

    def table(name: str, count: int) -> pa.Table:
        x = np.floor(stream(name).random((count, NUMBERS)) * FINE) / FINE  # exact as float32, and below 1
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(x.astype(np.float32).ravel()), NUMBERS)
        return pa.table({"x": vectors, "y": pa.array(np.round(rule(x) * COARSE) / COARSE)})

    return Data(train=table("train", rows), questions={"test": table("test", asked)})


def teacher(draw: np.random.Generator, size: int) -> Rule:
    """A rule with windows of `size` numbers, a function of rows of shape (rows, 4)."""
    waves = []
    for first in range(NUMBERS):
        own = [(first + step) % NUMBERS for step in range(size)]
        normal = draw.standard_normal((2 * size, WAVES)) / np.abs(draw.standard_normal(WAVES))
        waves.append((own, normal, draw.uniform(0, 2 * math.pi, WAVES), draw.standard_normal(WAVES)))

    def rule(x: Float[np.ndarray, "row number"]) -> Float[np.ndarray, " row"]:
        found = np.zeros(len(x))
        for begin in range(0, len(x), AT_ONCE):
            angles = 2 * math.pi * x[begin : begin + AT_ONCE]
            for own, frequencies, phases, heights in waves:
                on_circles = np.concatenate([np.cos(angles[:, own]), np.sin(angles[:, own])], axis=1) / 2
                found[begin : begin + AT_ONCE] += np.cos(on_circles @ frequencies + phases) @ heights
        return found * math.sqrt(2 / (WAVES * NUMBERS))

    return rule


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"local_teacher: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}"
        )
    return value
