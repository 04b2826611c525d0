"""Random numbers of images: image i of a key has the outputs i * lanes, i * lanes + 1, ... of the key's SplitMix64.

Steele, Lea & Flood 2014. Whatever is painted beside it, an image has its own numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int, UInt64


def random(
    keys: UInt64[np.ndarray, " image"], numbers: Int[np.ndarray, " image"], lanes: int
) -> UInt64[np.ndarray, "lane image"]:
    """Each image's 64-bit numbers: `lanes` outputs of the SplitMix64 that begins at its key.

    >>> random(np.zeros(1, np.uint64), np.array([0]), 2)[:, 0].tolist()
    [16294208416658607535, 7960286522194355700]
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    lane = np.arange(1, lanes + 1, dtype=np.uint64)[:, None]
    state: UInt64[np.ndarray, "lane image"] = keys + golden * (numbers.astype(np.uint64) * np.uint64(lanes) + lane)
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return state


def lower(drawn: UInt64[np.ndarray, " image"]) -> UInt64[np.ndarray, " image"]:
    """The lower halves of 64 random bits as upper ones: a second number of 32 bits for `below` and `between`."""
    return drawn << np.uint64(32)


def below(drawn: UInt64[np.ndarray, " image"], bound: int) -> Int[np.ndarray, " image"]:
    """Integers 0 .. bound - 1 from the upper halves of 64 random bits (Lemire 2019, without rejection)."""
    return ((drawn >> np.uint64(32)) * np.uint64(bound) >> np.uint64(32)).astype(np.int64)


def between(drawn: UInt64[np.ndarray, " image"], low: int, high: int) -> Int[np.ndarray, " image"]:
    """Integers low .. high, likewise."""
    return low + below(drawn, high - low + 1)
