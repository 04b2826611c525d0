"""Subsets: which points of a set are strangers in it, told their number and never what they are strangers to.

The synthetic sets of neural subset selection, by the rules of SubsetSelection/EquiVSet at 76713b8 (Ou et al. 2022,
arXiv:2203.01693; data_loader/gaussian.py and moons.py), on which INSET stands as well (Xie et al. 2024,
arXiv:2402.03139). Points are of two components. A ground set is of one of them, chosen at random, but for a few places,
which hold points of the other; those places are the subset. A point alone does not tell: which component is the
stranger lies in the whole set.

    gaussians  two normal distributions, about (1, 1) / sqrt(2) and (-1, -1) / sqrt(2), of standard deviation .5
    moons      two half circles of radius 2 that reach into each other, with noise of standard deviation .2

A row has `points`, x1, y1, x2, y2 and so on with six decimals, and `size`, the number of strangers; the target
`subset` has their places, from 0 on, in ascending order. An example with four places: 0.7, 0.6, 0.9, 1.1, -0.8, -0.5,
0.4, 0.8 and size 1 of gaussians is answered by [2].

The half circles are those of scikit-learn's `make_moons`, with as many points, evenly spaced, as a ground set has;
twice as large and moved by (-1, -.2), as the release has them.
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

SPLITS = ("moons", "gaussians")
CENTRE, SPREAD = 1 / math.sqrt(2), 0.5
NOISE, SCALE, MOVED = 0.1, 2.0, (-1.0, -0.2)  # of half circles of radius 1, before they are made larger
DECIMALS = 6
LARGER = 2  # times as many points, and strangers, in the question set `larger`
BALANCED = 0.3  # share of strangers in the question set `balanced`
LIMITS = {
    "points": (4, 10_000),
    "strangers": (1, 4_999),
    "rows": (1, 1_000_000),
    "validation": (0, 1_000_000),
    "questions": (1, 1_000_000),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `points`, `size` and `subset`; questions carry `component`, which the ground set is of.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range and for strangers
    that are not the smaller part of a ground set.
    """
    if split not in SPLITS:
        raise UnknownName(f"subsets has no split {split!r}{nearest(split, SPLITS)}")
    counts = {name: _whole(params, name) for name in LIMITS}
    points, strangers = counts["points"], counts["strangers"]
    if 2 * strangers >= points:
        raise BadValue(
            f"subsets: parameters 'points' and 'strangers' are {points} and {strangers}; "
            "strangers must be fewer than half"
        )

    def drawn(name: str, rows: int, size: int, odd: int) -> pa.Table:
        draw = np.random.default_rng(seeds.derive("subsets", split, name, seed))
        return _table([ground_set(split, size, odd, draw) for _ in range(rows)])

    asked = counts["questions"]
    return Data(
        train=drawn("train", counts["rows"], points, strangers).drop_columns("component"),
        validation=drawn("validation", counts["validation"], points, strangers).drop_columns("component"),
        questions={
            "id": drawn("id", asked, points, strangers),
            "larger": drawn("larger", asked, LARGER * points, LARGER * strangers),
            "balanced": drawn("balanced", asked, points, max(1, round(BALANCED * points))),
        },
    )


def ground_set(
    split: str, size: int, strangers: int, draw: np.random.Generator
) -> tuple[Float[np.ndarray, "point 2"], list[int], int]:
    """The points of a set, the places of its strangers, and its component."""
    component = int(draw.integers(2))
    points, others = (_of(split, one, size, draw) for one in (component, 1 - component))
    places = np.sort(draw.permutation(size)[:strangers])
    points[places] = others[:strangers]
    return np.round(points, DECIMALS), places.tolist(), component


def _of(split: str, component: int, count: int, draw: np.random.Generator) -> Float[np.ndarray, "point 2"]:
    """Points of a component, in an order that tells nothing."""
    if split == "gaussians":
        return (1 - 2 * component) * CENTRE + SPREAD * draw.standard_normal((count, 2))
    angle = np.linspace(0, math.pi, count)
    x, y = np.cos(angle), np.sin(angle)
    half = np.stack([x, y], 1) if component == 0 else np.stack([1 - x, 0.5 - y], 1)
    return draw.permutation(SCALE * (half + NOISE * draw.standard_normal(half.shape)) + MOVED)


def _table(sets: list[tuple[Float[np.ndarray, "point 2"], list[int], int]]) -> pa.Table:
    return pa.table(
        {
            "points": pa.array([points.ravel().tolist() for points, _, _ in sets], pa.list_(pa.float64())),
            "size": pa.array([len(places) for _, places, _ in sets], pa.int64()),
            "subset": pa.array([places for _, places, _ in sets], pa.list_(pa.int64())),
            "component": pa.array([component for _, _, component in sets], pa.int64()),
        }
    )


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(f"subsets: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}")
    return value
