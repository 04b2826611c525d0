"""Convex hulls and Delaunay triangulations by Qhull, held to be the only right answers.

Qhull, as scipy has it, gives both. Whether what it gave is right, and nothing else
is, is looked at here: no third point on a side of the hull, no fourth on a circle through three, by the sign of a
determinant that is at least `LEAST`. Points with two right answers, or nearly so, are refused.

Indices count from 1. A hull begins with the lowest of its indices and goes on counter-clockwise; a triangulation is its
triangles one after another, the indices of each increasing, the triangles by the first and then the second coordinate
of their incenters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import ConvexHull, Delaunay, QhullError

from genbench.errors import BadValue

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    Points = Float[np.ndarray, "point 2"]
    Triangles = Float[np.ndarray, "triangle corner 2"]

LEAST = 1e-9  # the determinant of three points, or of four, that are told from ones in a line or on a circle


def sound(points: Points) -> Points:
    """The points as float64. Raises `BadValue` unless they are three or more, finite, and each another one."""
    points = np.asarray(points, np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3:
        raise BadValue(f"points are of shape {points.shape}; they must be three or more with two coordinates each")
    if not np.isfinite(points).all():
        raise BadValue(f"point {1 + int(np.argmin(np.isfinite(points).all(1)))} has a coordinate that is not finite")
    order = np.lexsort(points.T)
    equal = (points[order[1:]] == points[order[:-1]]).all(1)
    if equal.any():
        at = int(np.argmax(equal))
        first, second = sorted(1 + order[at : at + 2])
        raise BadValue(f"points {first} and {second} are the same; each must be another one")
    return points


def hull(points: Points) -> list[int]:
    """The corners of the convex hull, from 1, counter-clockwise from the lowest index.

    Raises `BadValue` for points that are doubled or fewer than three, and where three lie in a line that bounds them.
    """
    return [1 + int(corner) for corner in _corners(sound(points))]


def _corners(points: Points) -> Int[np.ndarray, " corner"]:
    try:
        corners = ConvexHull(points).vertices  # in the plane they come counter-clockwise
    except QhullError:
        raise BadValue(f"the {len(points)} points lie in one line, which has no hull with an inside") from None
    first = int(corners.argmin())
    closed = np.concatenate([corners[first:], corners[: first + 1]])  # and the first once more
    corners = closed[:-1]
    begins, edges = points[corners, None], points[closed[1:], None] - points[corners, None]
    apart = points - begins
    near = edges[..., 0] * apart[..., 1] - edges[..., 1] * apart[..., 0] < LEAST
    if np.count_nonzero(near) != 2 * len(corners):  # of each side its own two ends are near it
        sides = np.arange(len(corners))
        near[sides, corners] = near[sides, closed[1:]] = False
        side, third = (int(one[0]) for one in np.nonzero(near))
        line = sorted(1 + int(one) for one in (closed[side], closed[side + 1], third))
        raise BadValue(f"points {', '.join(map(str, line))} lie in a line that bounds the others: no single answer")
    return corners


def triangulation(points: Points) -> list[int]:
    """The triangles of the Delaunay triangulation one after another, three increasing indices each, from 1.

    Raises `BadValue` as `hull` does, and where four points lie on a circle that has none inside.
    """
    points = sound(points)
    corners = _corners(points)
    found = Delaunay(points)
    triangles = np.sort(found.simplices, axis=1)
    places = points[triangles]
    turned = turns(places)
    # Where no triangle's circle holds the far corner of a neighbour, none holds any point (Delaunay's lemma).
    own, side = np.nonzero(found.neighbors > np.arange(len(triangles))[:, None])
    beyond = found.neighbors[own, side]
    shared = (triangles[beyond, :, None] == triangles[own, None]).any(2)
    others = triangles[beyond][~shared]
    lifted = in_circle(places[own], points[others]) * np.sign(turned[own])
    if (lifted > -LEAST).any():
        at = int(np.argmax(lifted > -LEAST))
        four = sorted(1 + int(one) for one in (*triangles[own[at]], others[at]))
        raise BadValue(f"points {', '.join(map(str, four))} lie on one circle: several triangulations are right")
    if len(triangles) != 2 * len(points) - 2 - len(corners) or (np.abs(turned) < LEAST).any():
        raise BadValue("three of the points lie nearly in a line: no single triangulation is right")
    return [1 + int(corner) for corner in triangles[by_incenter(places)].ravel()]


def turns(places: Triangles) -> Float[np.ndarray, " triangle"]:
    """The determinant of three points, twice the area of their triangle: above 0 where they turn left."""
    one, two = places[:, 1] - places[:, 0], places[:, 2] - places[:, 0]
    return one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]


def in_circle(places: Triangles, others: Float[np.ndarray, "triangle 2"]) -> Float[np.ndarray, " triangle"]:
    """A determinant that is above 0 where the other point lies in the circle through three that turn left."""
    edges = places - others[:, None]
    x, y, square = edges[..., 0], edges[..., 1], (edges**2).sum(2)
    minors = [x[:, one] * y[:, two] - y[:, one] * x[:, two] for one, two in ((1, 2), (2, 0), (0, 1))]
    return square[:, 0] * minors[0] + square[:, 1] * minors[1] + square[:, 2] * minors[2]


def by_incenter(places: Triangles) -> Int[np.ndarray, " triangle"]:
    """The order of triangles by the first, then the second coordinate of the centre of the circle inside each."""
    opposite = np.sqrt(((places[:, (1, 0, 0)] - places[:, (2, 2, 1)]) ** 2).sum(2))
    centres = (opposite[:, :, None] * places).sum(1) / opposite.sum(1, keepdims=True)
    return np.lexsort((centres[:, 1], centres[:, 0]))
