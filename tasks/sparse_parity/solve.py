"""What training says of the rule: linear equations over the field of two elements, solved by elimination.

A row is an equation: the sum, mod 2, of the bits that matter is the number of -1 there, mod 2. As many independent rows
as there are bits say which matter; the tests hold every target against what this finds from training alone.

>>> mattering([[1, -1, -1], [-1, -1, 1], [1, 1, -1]], [0, 0, 0])
[0, 2]
>>> answer([-1, -1, -1], [0, 2])
1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def mattering(rows: Sequence[Sequence[float]], classes: Sequence[int]) -> list[int]:
    """The places of the bits that matter. Raises ValueError where rows contradict each other or leave it open."""
    bits = len(rows[0])
    held: dict[int, int] = {}  # by its leading bit an equation: bit p for place p, and behind them what they sum to
    for row, y in zip(rows, classes, strict=True):
        equation = sum((number < 0) << place for place, number in enumerate(row)) | (1 - y) << bits
        for place in range(bits):
            if equation >> place & 1:
                if place not in held:
                    held[place] = equation
                    break
                equation ^= held[place]
        else:
            if equation:
                raise ValueError("the rows contradict each other: no set of bits has these parities")
    if len(held) < bits:
        raise ValueError(f"{len(held)} independent rows of {bits} bits leave open which of them matter")
    for place in reversed(range(bits)):
        for other in range(place):
            if held[other] >> place & 1:
                held[other] ^= held[place]
    return [place for place in range(bits) if held[place] >> bits & 1]


def answer(row: Sequence[float], places: Sequence[int]) -> int:
    """1 for an even number of -1 at these places, 0 for an odd one."""
    return 1 - sum(row[place] < 0 for place in places) % 2
