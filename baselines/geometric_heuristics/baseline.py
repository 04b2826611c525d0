"""Rules for hulls, triangulations and tours that anybody writes down in ten lines; training is not looked at.

    hull      extremes           the farthest point in each of some directions, in the order of the directions
              polar_order        all points by their angle about their mean
    delaunay                     from left to right, each point joined to all that it sees: a triangulation, rarely the
                                 Delaunay one, for nothing is flipped
    tour      nearest_neighbour  from point 1 always on to the nearest that was not visited
              two_opt            that tour, stretches turned round while that shortens it
              polar_order        as above

No rule of a paper is reproduced. Indices count from 1, as the task's do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData, BadValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

    Points = Float[np.ndarray, "point 2"]
    Point = Float[np.ndarray, " coordinate"]
    Rule = Callable[[Points], list[int]]  # indices from 0

LEAST = 1e-12  # by how much turning a stretch must shorten a tour; less is rounding


class GeometricHeuristics:
    """The submission. Raises `BadValue` for a rule that is not known, or fewer than three directions."""

    def __init__(self, context: Context) -> None:
        params = context.params
        directions = int(params["directions"])
        if directions < 3:
            raise BadValue(f"directions is {directions}; it must be a whole number from 3 on")
        hulls: dict[str, Rule] = {
            "extremes": lambda points: extremes(points, directions),
            "polar_order": polar_order,
        }
        tours: dict[str, Rule] = {
            "nearest_neighbour": nearest_neighbour,
            "two_opt": lambda points: two_opt(points, nearest_neighbour(points)),
            "polar_order": polar_order,
        }
        for name, rules in (("hull", hulls), ("tour", tours)):
            if params[name] not in rules:
                raise BadValue(f"{name} is {params[name]!r}; it must be one of {', '.join(rules)}")
        self.rules = {"hull": hulls[str(params["hull"])], "delaunay": sweep, "tour": tours[str(params["tour"])]}

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Nothing is learned."""

    def predict(self, questions: Dataset) -> list[list[int]]:
        """One answer a question. Raises `BadData` for a problem that no rule is for."""
        asked = questions.with_format("arrow")[:]
        answers = []
        for problem, numbers in zip(asked["problem"].to_pylist(), asked["points"].to_pylist(), strict=True):
            if problem not in self.rules:
                raise BadData(f"problem is {problem!r}; there are rules for {', '.join(self.rules)}")
            points = np.asarray(numbers, np.float64).reshape(-1, 2)
            answers.append([1 + int(place) for place in self.rules[problem](points)])
        return answers


def extremes(points: Points, directions: int) -> list[int]:
    """The farthest point in each direction, counter-clockwise, each once."""
    angles = 2 * math.pi * np.arange(directions) / directions
    farthest = (np.cos(angles)[:, None] * points[:, 0] + np.sin(angles)[:, None] * points[:, 1]).argmax(1)
    return list(dict.fromkeys(farthest.tolist()))


def polar_order(points: Points) -> list[int]:
    """All points by their angle about their mean."""
    apart = points - points.mean(0)
    found: list[int] = np.argsort(np.arctan2(apart[:, 1], apart[:, 0]), kind="stable").tolist()
    return found


def sweep(points: Points) -> list[int]:
    """The triangles of a sweep from left to right, one after another, the indices of each increasing."""
    triangles, chains = [], {1: [], -1: []}  # the points that bound those so far from below (1) and above (-1)
    for new in np.lexsort((points[:, 1], points[:, 0])).tolist():
        for side, chain in chains.items():
            while len(chain) > 1 and side * _turn(points[chain[-2]], points[chain[-1]], points[new]) < 0:
                triangles.append(sorted((chain[-2], chain[-1], new)))
                chain.pop()
            chain.append(new)
    return [place for triangle in triangles for place in triangle]


def nearest_neighbour(points: Points) -> list[int]:
    """From the first point always on to the nearest that was not visited."""
    apart = _distances(points)
    tour, free = [0], np.ones(len(points), bool)
    for _ in range(len(points) - 1):
        free[tour[-1]] = False
        tour.append(int(np.where(free, apart[tour[-1]], np.inf).argmin()))
    return tour


def two_opt(points: Points, tour: list[int]) -> list[int]:
    """The tour with the stretch turned round that shortens it most, until none does."""
    apart, found, count = _distances(points), np.array(tour), len(tour)
    while True:
        following = np.roll(found, -1)
        steps = apart[found, following]
        added = apart[np.ix_(found, found)] + apart[np.ix_(following, following)] - steps[:, None] - steps
        first, last = divmod(int(np.where(np.tri(count, dtype=bool), np.inf, added).argmin()), count)
        if added[first, last] > -LEAST:
            return [int(place) for place in found]
        found[first + 1 : last + 1] = found[first + 1 : last + 1][::-1].copy()


def _distances(points: Points) -> Float[np.ndarray, "point point"]:
    apart = points[:, None] - points
    return np.sqrt((apart**2).sum(2))


def _turn(first: Point, second: Point, third: Point) -> float:
    """Above 0 where the three turn left."""
    one, two = second - first, third - first
    return float(one[0] * two[1] - one[1] * two[0])
