"""Token codes, and the words that they stand for."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

MARKS = ("+", "-", "=", "*")  # tokens that are neither symbol nor hint
PLUS, MINUS, EQUALS, TIMES = (-2 - place for place in range(4))  # their codes; symbols have theirs from 0 on
NOTHING = -1  # a code that stands for no token


@lru_cache(maxsize=4)
def vocabulary(symbols: int, hints: int, kinds: tuple[str, ...] = ("",)) -> pa.Array:
    """Every token: symbols and hints at their codes, the marks at the end, from the last to the first.

    There are as many symbols of each kind, spelled with its letter before the number: all of the first kind, then all
    of the next.
    """
    numbered = [f"{kind}{symbol}" for kind in kinds for symbol in range(symbols)]
    return pa.array([*numbered, *(f"h{hint}" for hint in range(hints)), *MARKS[::-1]])
