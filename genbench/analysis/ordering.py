"""The order of labels for people: by the numbers in them, `length_30` before `length_100`."""

from __future__ import annotations

import functools
import math
import re


@functools.lru_cache(65_536)
def by_number(text: str) -> tuple[int, float, str]:
    """A sort key that puts slices in the order of their numbers (2 before 10), and words after them."""
    try:
        number = float(text)
    except ValueError:
        return (1, 0.0, text)
    return (0, number, text) if math.isfinite(number) else (1, 0.0, text)


@functools.lru_cache(65_536)
def natural(label: str) -> tuple[tuple[int, float, str], ...]:
    """A sort key that puts labels in the order of the numbers in them: `weight_decay=5` before `weight_decay=15`."""
    return tuple(by_number(part) for part in re.split(r"(\d+\.?\d*)", label))
