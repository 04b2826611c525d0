"""What a question of geometry says, for a person: in words, and as a picture of points and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jaxtyping import Float

    from genbench import Value

    Points = Float[np.ndarray, "point 2"]
    Line = tuple[int, int]

ASKED = {
    "hull": "the convex hull of {} points",
    "delaunay": "the Delaunay triangulation of {} points",
    "tour": "the shortest tour of {} points",
}
SHOWN = 12  # points that are told one by one
SIDE, MARGIN, DOT, SCALE = 240, 12, 3, 4  # pixels; what is drawn is drawn larger and made smaller, for smooth lines
GROUND, INK, LINE = "#ffffff", "#1f2933", "#2a78d6"


def example(row: Mapping[str, Any], params: Mapping[str, Value]) -> str:  # noqa: ARG001  a row tells all there is
    """What is asked, the answer where the row has it, and below the points with their indices."""
    points = points_of(row)
    told = [ASKED[row["problem"]].format(len(points))]
    if "answer" in row:
        told.append("-> " + answered(row["problem"], _indices(row["answer"])))
    told += ["", *(f"{place}  ({x:g}, {y:g})" for place, (x, y) in enumerate(points[:SHOWN], 1))]
    if len(points) > SHOWN:
        told.append(f"and {len(points) - SHOWN} more")
    return "\n".join(told)


def draw(row: Mapping[str, Any], params: Mapping[str, Value]) -> Image.Image:  # noqa: ARG001  likewise
    """The points of `row`, and its answer where it has one, as a picture, 240 pixels square."""
    points = points_of(row)
    picture = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), GROUND)
    pen = ImageDraw.Draw(picture)
    room = (SIDE - 2 * MARGIN) * SCALE
    places = np.stack([MARGIN * SCALE + points[:, 0] * room, MARGIN * SCALE + (1 - points[:, 1]) * room], 1)
    for begin, end in lines(row["problem"], _indices(row.get("answer", ()))):
        pen.line([tuple(places[begin - 1]), tuple(places[end - 1])], fill=LINE, width=2 * SCALE)
    for x, y in places:
        pen.ellipse([x - DOT * SCALE, y - DOT * SCALE, x + DOT * SCALE, y + DOT * SCALE], fill=INK)
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def points_of(row: Mapping[str, Any]) -> Points:
    """The points of a row, one a line."""
    return np.asarray(row["points"], np.float64).reshape(-1, 2)


def answered(problem: str, indices: Sequence[int]) -> str:
    """An answer in words: indices, those of a triangle together."""
    if problem != "delaunay":
        return " ".join(map(str, indices))
    return ", ".join(" ".join(map(str, indices[begin : begin + 3])) for begin in range(0, len(indices), 3))


def lines(problem: str, indices: Sequence[int]) -> list[Line]:
    """The pairs of points that an answer joins, each once."""
    if problem == "delaunay":
        cut = [indices[begin : begin + 3] for begin in range(0, len(indices), 3)]
        found = [pair for one in cut for pair in zip(one, [*one[1:], one[0]], strict=True)]
    else:
        found = list(zip(indices, [*indices[1:], *indices[:1]], strict=True))
    return list(dict.fromkeys((min(pair), max(pair)) for pair in found))


def _indices(answer: Sequence[int]) -> list[int]:
    return [int(index) for index in answer]
