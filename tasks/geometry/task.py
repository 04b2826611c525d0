"""Three problems of plane geometry, learned from points and answers, and asked of more points than were shown.

Vinyals, Fortunato & Jaitly 2015, "Pointer Networks" (arXiv:1506.03134): the answer names points of the question by
their indices, so that there are as many things to say as there are points. Its authors released no code; what
a row holds and that indices count from 1 follows the files that are handed round (as the loader reads them,
devsisters/pointer-network-tensorflow at 01a8e28, data_loader.py), but for the closing index, which is left out here.

    points   (0, 0)  (1, 0)  (.9, 1)  (.5, .2)  (.2, .7)      in a row: 0 0 1 0 .9 1 .5 .2 .2 .7
    hull     1 2 3 5              the corners, counter-clockwise from the lowest index
    delaunay 1 4 5  3 4 5  1 2 4  2 3 4    triangles, indices increasing, by the first coordinate of their incenters
    tour     1 4 2 3 5            from 1, the second lower than the last

Points are drawn evenly from the unit square in steps of a millionth, before anything is solved, so that who reads a row
finds the same answer. Points of which two answers are right, or nearly so, are drawn again (`planar.py`). Hulls and
triangulations are Qhull's; tours are exact up to 12 points and the best that a local search knows above (`tours.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import planar
import pyarrow as pa
import tours

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jaxtyping import Float

    from genbench import Value

    Points = Float[np.ndarray, "point 2"]

STEPS = 1_000_000  # of a coordinate from 0 to 1
SOLVERS = {"hull": planar.hull, "delaunay": planar.triangulation}  # tours are solved many at once


class Setting(NamedTuple):
    """What a split asks for, and of how many points beyond those of training."""

    problem: str
    beyond: tuple[int, ...]


SPLITS = {
    "hull_5_8": Setting("hull", (16, 40)),
    "hull_10": Setting("hull", (20, 40)),
    "hull_5_50": Setting("hull", (100, 200, 500)),
    "delaunay_5": Setting("delaunay", (10,)),
    "delaunay_10": Setting("delaunay", (20,)),
    "tour_10": Setting("tour", (tours.EXACT,)),
    "tour_5_20": Setting("tour", (25, 30, 40, 50)),
}
FEWEST = 4  # points of a question
LIMITS = {"rows": (1, 5_000_000), "questions": (1, 100_000)}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Columns `points` (x and y of each, float64), `problem` and `answer`; questions carry `size`, in points.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"geometry has no split {split!r}{nearest(split, SPLITS)}")
    problem, beyond = SPLITS[split]
    rows, questions = (_whole(params, name, *limits) for name, limits in LIMITS.items())
    most = min(beyond) - 1
    largest = _whole(params, "largest", FEWEST, most, f", for {min(beyond)} and more are asked")
    smallest = _whole(params, "smallest", FEWEST, largest, ", which is 'largest'")

    def drawn(name: str, count: int, least: int, greatest: int) -> pa.Table:
        def stream(what: str) -> np.random.Generator:
            return np.random.default_rng(seeds.derive("geometry", problem, seed, name, what))

        sizes = stream("sizes").integers(least, greatest + 1, count).tolist()
        return table(problem, *solved(problem, sizes, stream("points")))

    asked = {f"points_{size}": drawn(f"{size}", questions, size, size) for size in beyond}
    return Data(
        train=drawn(f"train {smallest} {largest}", rows, smallest, largest).drop_columns("size"),
        questions={"id": drawn(f"id {smallest} {largest}", questions, smallest, largest), **asked},
    )


def solved(problem: str, sizes: Sequence[int], draw: np.random.Generator) -> tuple[list[Points], list[Sequence[int]]]:
    """Sets of points of these sizes, drawn again until only one answer is right, and the answers."""
    if problem == "tour":
        sets = [_different(size, draw) for size in sizes]
        return sets, shortest(sets)
    given, answers = [], []
    for size in sizes:
        answer = None
        while answer is None:
            points = _different(size, draw)
            answer = _single(problem, points)
        given.append(points)
        answers.append(answer)
    return given, answers


def shortest(sets: Sequence[Points]) -> list[Sequence[int]]:
    """A tour of each: exact up to `tours.EXACT` points, the best known above."""
    found: list[Sequence[int]] = [()] * len(sets)
    sizes = np.array([len(points) for points in sets])
    for size in np.unique(sizes).tolist():
        own = np.flatnonzero(sizes == size)
        solve = tours.exact if size <= tours.EXACT else tours.best_known
        for row, tour in zip(own, solve(np.stack([sets[row] for row in own])), strict=True):
            found[row] = tour.tolist()
    return found


def table(problem: str, sets: Sequence[Points], answers: Sequence[Sequence[int]]) -> pa.Table:
    """Rows as columns."""
    return pa.table(
        {
            "points": _lists([points.ravel() for points in sets], np.float64),
            "problem": pa.array([problem] * len(sets), pa.string()),
            "answer": _lists(answers, np.int64),
            "size": pa.array([len(points) for points in sets], pa.int64()),
        }
    )


def _different(size: int, draw: np.random.Generator) -> Points:
    """Points of which none is another one."""
    while True:
        points = draw.integers(0, STEPS + 1, (size, 2))
        if len(set(map(tuple, points.tolist()))) == size:
            return points / STEPS


def _single(problem: str, points: Points) -> list[int] | None:
    """The answer, or none where several are right."""
    try:
        return SOLVERS[problem](points)
    except BadValue:
        return None


def _lists(rows: Sequence[Sequence[float]] | Sequence[np.ndarray], kind: type) -> pa.ListArray:
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    values = np.concatenate([np.asarray(row, kind) for row in rows])
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))


def _whole(params: Mapping[str, Value], name: str, least: int, most: int, why: str = "") -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"geometry: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}{why}"
        )
    return value
