"""Distances between rows of training: to neighbours, between classes, and what they would be with every pair in view.

Estimators of `task_difficulty.py` in FieteLab/inductive-bias-complexity at 1907c6de, with two departures. Where rows
are few all pairs are looked at, so that there is nothing to extrapolate. And no distance is left out: the release masks
all below 1, as it may for pixels, and finds nothing between rows that lie closer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Float, Int

    Points = Float[np.ndarray, "row number"]

NEIGHBOURS: Final = 5  # of a row, in the estimate of the intrinsic dimension
QUERIES: Final = 1_000  # rows whose neighbours are looked for, among all; the release takes 10,000 of 60,000
ALL_PAIRS: Final = 2_000  # rows of which every pair is looked at
PAIRS: Final = (
    1_000_000  # pairs that are drawn of more rows, and how many of the nearest are a tail: as in the release,
)
TAIL: Final = 500  # which draws 4,000,000 and takes 2,000
NUMBERS: Final = 2**27  # numbers of all drawn vectors together; bounds time to seconds where vectors are long
AT_ONCE: Final = 2**22  # distances in memory at once


def intrinsic_dimension(points: Points, stream: np.random.Generator, k: int = NEIGHBOURS) -> float | str:
    """How many dimensions rows fill, by how distances to neighbours grow; a text where these show nothing.

    The inverse mean of ln(T_k / T_j) over rows and j < k, T_j being the distance to the j-th neighbour among rows that
    are not equal (Levina & Bickel 2004 with the mean taken over rows before the inverse, as the release does).
    """
    distinct = np.unique(points, axis=0)
    if len(distinct) <= k:
        return f"there are {len(distinct)} different rows, and {k} neighbours of a row are looked at"
    some = np.arange(len(distinct))
    if len(distinct) > QUERIES:
        some = np.sort(stream.choice(len(distinct), QUERIES, replace=False))
    found = neighbour_distances(distinct, some, k)
    growth = float(np.mean(np.log(found[:, -1:]) - np.log(found[:, :-1])))
    return 1 / growth if growth > 0 else "all neighbours of a row are equally far"


def neighbour_distances(points: Points, some: Int[np.ndarray, " query"], k: int) -> Float[np.ndarray, "query k"]:
    """The distances of some rows to the k nearest others, nearest first; no two rows are equal."""
    found = []
    for places, squares in _blocks(points, points[some]):
        nearest = np.argpartition(squares, k, axis=1)[:, : k + 1]  # the row itself among them
        # Squares from norms and products lose digits where rows are near: once more, by differences.
        found.append(np.sort(_apart(points, some[places][:, None], nearest), axis=1)[:, 1:])
    return np.concatenate(found)


def nearest_rows(points: Points, asked: Points) -> Int[np.ndarray, " question"]:
    """The first row that is nearest to each question."""
    found = [squares.argmin(1) for _, squares in _blocks(points, asked)]
    return np.concatenate(found)


def median_distance(points: Points) -> float:
    """The median distance between two rows, of which there are few enough to look at every pair."""
    first, second = np.triu_indices(len(points), 1)
    return float(np.median(_apart(points, first, second))) if len(first) else 0.0


def class_distances(
    points: Points, classes: Int[np.ndarray, " row"], stream: np.random.Generator
) -> tuple[float, float] | str:
    """The least distance seen between rows of unlike classes, and what it would be over all pairs.

    The second is extrapolated where not every pair was looked at, and is at most the first. A text says why not.
    """
    count = len(np.unique(classes))
    if count < 2:
        return "all rows of training are of one class"
    if len(points) <= ALL_PAIRS:
        first, second = np.triu_indices(len(points), 1)
        first, second = (one[classes[first] != classes[second]] for one in (first, second))
        least = min(
            float(_apart(points, first[begin : begin + step], second[begin : begin + step]).min())
            for step in [max(1, AT_ONCE // points.shape[1])]
            for begin in range(0, len(first), step)
        )
        return least, least
    pairs = max(TAIL * 4, min(PAIRS, NUMBERS // points.shape[1]))
    apart = np.concatenate(list(_drawn(points, classes, pairs, stream)))
    least = float(apart.min())
    if not least:
        return least, least
    tail = TAIL * pairs // PAIRS or 2
    largest = 1 / np.sort(np.partition(apart, tail)[: tail + 1])[::-1]
    return least, extrapolated(largest, pairs, len(points), count)


def extrapolated(largest: Float[np.ndarray, " k+1"], pairs: int, rows: int, classes: int) -> float:
    """The least distance over all pairs of unlike classes, by the tail of the inverse distances of those drawn.

    `largest` are the k + 1 largest inverse distances, the least of them first, of `pairs` drawn; classes count as
    equally frequent. Dekkers, Einmahl & de Haan's moment estimator, as the release has it; capped at the least drawn.
    """
    order, excess = largest[0], np.log(largest[1:]) - np.log(largest[0])
    least = 1 / float(largest.max())
    first, second = float(np.mean(excess)), float(np.mean(excess**2))
    if not second > first**2 * (1 + 1e-12):
        return least  # all are equal: there is no tail
    index = first + 1 - 0.5 / (1 - first**2 / second)
    reach = len(excess) / pairs * rows**2 * (1 - 1 / classes)
    grown = math.log(reach) if abs(index) < 1e-12 else math.expm1(index * math.log(reach)) / index
    return min(float(1 / (grown * order * first + order)), least)


def _blocks(points: Points, asked: Points) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of some questions at a time: the places of those, and their squared distances to every row."""
    centre = points.mean(0, dtype=np.float64)
    rows = points - centre
    norms = np.einsum("ij,ij->i", rows, rows)
    step = max(1, AT_ONCE // len(points))
    for begin in range(0, len(asked), step):
        own = asked[begin : begin + step] - centre
        squares = norms - 2 * own @ rows.T + np.einsum("ij,ij->i", own, own)[:, None]
        yield np.arange(begin, begin + len(own)), squares


def _apart(points: Points, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The distances of pairs, of some at a time: of rows of 40,000 numbers all at once would be gigabytes."""
    step = max(1, AT_ONCE // points.shape[1])
    parts = [slice(begin, begin + step) for begin in range(0, len(first), step)]
    return np.concatenate(
        [np.sqrt(np.square(points[first[part]] - points[second[part]]).sum(-1)) for part in parts] or [np.empty(0)]
    )


def _drawn(
    points: Points, classes: Int[np.ndarray, " row"], pairs: int, stream: np.random.Generator
) -> Iterator[np.ndarray]:
    """The distances of as many pairs of unlike classes, drawn with replacement."""
    left, step = pairs, max(1, AT_ONCE // points.shape[1])
    while left:
        first, second = stream.integers(len(points), size=(2, min(step, 2 * left)))
        unlike = np.flatnonzero(classes[first] != classes[second])[:left]
        left -= len(unlike)
        yield _apart(points, first[unlike], second[unlike])
