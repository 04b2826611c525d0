"""Eight shapes and four textures, as sprites: each shape with each texture on a grid of cells, soft at its edges."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Bool, Float, UInt16

    Points = Float[np.ndarray, "*points"]  # coordinates from -1 to 1, x to the right and y down
    Region = Callable[[Points, Points], Bool[np.ndarray, "*points"]]

SHAPES: Final = ("disc", "square", "triangle", "cross", "star", "ring", "moon", "bolt")
TEXTURES: Final = ("plain", "striped", "checked", "dotted")
DARK: Final = 96  # brightness of a texture's darker parts, of 255
ALPHA: Final = 128  # opaque
SAMPLES: Final = 4  # points across a sprite's cell, by which its edges are softened


@functools.cache
def sprites(size: int) -> UInt16[np.ndarray, " cell"]:
    """Every shape with every texture, size x size cells each: alpha (0 .. ALPHA) times 256, and shade (0 .. 255).

    The outermost cells are empty, for they stand for all that lies beyond the sprite.
    """
    fine = (np.arange(size * SAMPLES) * 2 + 1 - size * SAMPLES) / (size * SAMPLES) * (size / (size - 2))
    x, y = fine[None, :], fine[:, None]
    alphas = [_mean(inside(x, y)) * ALPHA for inside in _INSIDE]
    shades = [DARK + _mean(bright(x, y)) * (255 - DARK) for bright in _BRIGHT]
    cells = []
    for alpha in alphas:
        alpha[[0, -1]] = alpha[:, [0, -1]] = 0
        cells += [(alpha.astype(np.uint16) << 8) + shade.astype(np.uint16) for shade in shades]
    return np.stack(cells).ravel()


def _mean(inside: Bool[np.ndarray, "line line"]) -> Float[np.ndarray, "cell cell"]:
    cells = len(inside) // SAMPLES
    means: Float[np.ndarray, "cell cell"] = inside.reshape(cells, SAMPLES, cells, SAMPLES).mean((1, 3))
    return means


def _polygon(*corners: tuple[float, float]) -> Region:
    """Whether points lie inside, by the parity of the edges to their right."""

    def inside(x: Points, y: Points) -> Bool[np.ndarray, "*points"]:
        odd: Bool[np.ndarray, "*points"] = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
        for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
            if y0 != y1:
                odd ^= ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
        return odd

    return inside


def _star(points: int, inner: float) -> list[tuple[float, float]]:
    return [
        (round(radius * math.sin(math.pi * at / points), 6), round(-radius * math.cos(math.pi * at / points), 6))
        for at in range(2 * points)
        for radius in [inner if at % 2 else 1.0]
    ]


def _disc(x: Points, y: Points, radius: float, at: float = 0.0) -> Bool[np.ndarray, "*points"]:
    within: Bool[np.ndarray, "*points"] = (x - at) * (x - at) + y * y < radius * radius
    return within


_CROSS: Final = ((-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3))
_BOLT: Final = ((0.35, -0.93), (-0.6, 0.12), (-0.08, 0.12), (-0.35, 0.93), (0.6, -0.18), (0.1, -0.18))
_INSIDE: Final[tuple[Region, ...]] = (  # in the order of SHAPES
    lambda x, y: _disc(x, y, 0.84),
    _polygon((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)),
    _polygon((0.0, -1.0), (0.9, 0.6), (-0.9, 0.6)),
    _polygon(*_CROSS, *((-a, -b) for a, b in _CROSS)),
    _polygon(*_star(5, 0.42)),
    lambda x, y: _disc(x, y, 0.92) & ~_disc(x, y, 0.5),
    lambda x, y: _disc(x, y, 0.95) & ~_disc(x, y, 0.75, at=0.5),
    _polygon(*_BOLT),
)
_BRIGHT: Final[tuple[Region, ...]] = (  # in the order of TEXTURES
    lambda x, y: np.ones(np.broadcast_shapes(x.shape, y.shape), bool),
    lambda x, y: np.broadcast_to(np.floor(y * 4) % 2 == 0, np.broadcast_shapes(x.shape, y.shape)),
    lambda x, y: (np.floor(x * 3) + np.floor(y * 3)) % 2 == 0,
    lambda x, y: (x * 2.5 % 1 - 0.5) ** 2 + (y * 2.5 % 1 - 0.5) ** 2 > 0.09,
)
