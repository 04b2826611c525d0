"""Eight colours by hue, 45 degrees apart, and the hues around them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.painting.splitmix import between, lower

if TYPE_CHECKING:
    from jaxtyping import Int, UInt16, UInt64

COLOURS: Final = ("red", "orange", "lime", "green", "cyan", "blue", "violet", "pink")
HUE_JITTER: Final = 14  # degrees of 360 to either side; neighbouring colours are 45 apart
VALUE: Final = (150, 256)  # brightness, of 256


@functools.cache
def hues() -> Int[np.ndarray, "360 3"]:
    """Pure colours by hue in degrees: 0 red, 120 green, 240 blue."""
    corners = [(255, 0, 0), (255, 255, 0), (0, 255, 0), (0, 255, 255), (0, 0, 255), (255, 0, 255), (255, 0, 0)]
    return np.array(
        [[(a * (60 - at) + b * at) // 60 for a, b in zip(*corners[sector : sector + 2], strict=True)]
         for sector in range(6) for at in range(60)]
    )  # fmt: skip


def jittered(
    colour: Int[np.ndarray, " image"], hue: UInt64[np.ndarray, " image"], value: UInt64[np.ndarray, " image"]
) -> UInt16[np.ndarray, "image 3"]:
    """Red, green and blue, 0 .. 255 each, of places in `COLOURS`, each off by some hue, lighter and darker.

    64 random bits say how the hue and the white fall, the upper half of 64 others the brightness.
    """
    pure = hues()[(colour * 360 // len(COLOURS) + between(hue, -HUE_JITTER, HUE_JITTER)) % 360]
    light: Int[np.ndarray, "image 3"] = (
        pure + (255 - pure) * between(lower(hue), 0, 90)[:, None] // 256
    )  # less than pure
    shown: UInt16[np.ndarray, "image 3"] = (light * between(value, *VALUE)[:, None] >> 8).astype(np.uint16)
    return shown
