"""Turning things by a few degrees, in integers: sines and cosines are tables with 14 bits of fraction."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int


@functools.cache
def turns(most: int) -> Int[np.ndarray, "2 turn"]:
    """Cosine and sine of -most .. most degrees, 14 bits of fraction."""
    degrees = [math.radians(turn) for turn in range(-most, most + 1)]
    return np.array([[round(of(angle) * 2**14) for angle in degrees] for of in (math.cos, math.sin)])


def looked_up(
    size: int,
    cells: int,
    steps: tuple[Int[np.ndarray, " image"], Int[np.ndarray, " image"]],
    centre: tuple[Int[np.ndarray, " image"], Int[np.ndarray, " image"]],
) -> Int[np.ndarray, "image size size"]:
    """For each pixel of images of size x size, the place of its cell in a grid of cells x cells, line by line.

    One linear map of the plane an image: `steps` are how far a quarter pixel to the right goes to the right and up in
    the grid, in cells with 16 bits of fraction; `centre` is where in the image (to the right, down; in quarters of a
    pixel) the middle of the grid lies. What lies beyond the grid has its outermost cells.
    """
    a, b = steps
    across, down = centre
    places = np.arange(size) * 4 + 2
    middle = cells << 15
    step = np.stack([a, b]).astype(np.int32)[:, :, None] * places.astype(np.int32)
    at_u = (middle - a * across - b * down).astype(np.int32)
    at_v = (middle + b * across - a * down).astype(np.int32)
    u: Int[np.ndarray, "image size size"] = (step[0] + at_u[:, None])[:, None, :] + step[1][:, :, None]
    v: Int[np.ndarray, "image size size"] = (at_v[:, None] - step[1])[:, None, :] + step[0][:, :, None]
    for places_of in (u, v):
        np.clip(np.right_shift(places_of, 16, out=places_of), 0, cells - 1, out=places_of)
    v *= cells
    v += u
    return v
