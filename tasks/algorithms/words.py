"""Token codes, and the words that they stand for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa

# Tokens that are neither symbol nor hint; d0 to d9 are the digits of a count.
MARKS = ("+", "-", "=", "*", *(f"d{digit}" for digit in range(10)))
PLUS, MINUS, EQUALS, TIMES, DIGIT = (-2 - place for place in range(5))  # codes, of d0 the last; symbols' are from 0 on
NOTHING = -1  # a code that stands for no token


@lru_cache(maxsize=4)
def vocabulary(symbols: int, hints: int, kinds: tuple[str, ...] = ("",)) -> pa.Array:
    """Every token: symbols and hints at their codes, the marks at the end, from the last to the first.

    There are as many symbols of each kind, spelled with its letter before the number: all of the first kind, then all
    of the next.
    """
    numbered = [f"{kind}{symbol}" for kind in kinds for symbol in range(symbols)]
    return pa.array([*numbered, *(f"h{hint}" for hint in range(hints)), *MARKS[::-1]])


def decimal(numbers: np.ndarray, digits: int) -> np.ndarray:
    """The codes of numbers from 0 in decimal, so many digits each: shape `[..., digits]`, the first digit first."""
    return DIGIT - numbers[..., None] // 10 ** np.arange(digits - 1, -1, -1) % 10
