"""From values to places in a drawing, and which numbers stand beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to per cent: 0 to 1 for bounded metrics, otherwise from the least to the most there is."""

    least: float
    most: float

    @staticmethod
    def of(values: Iterable[float | None], *, bounded: bool) -> Scale:
        """The scale that holds `values`."""
        known = [value for value in values if value is not None]
        if bounded or not known:
            return Scale(0.0, 1.0)
        least, most = min(known), max(known)
        return Scale(least, most) if least < most else Scale(least - 0.5, most + 0.5)

    def at(self, value: float) -> float:
        """The place of `value`, 0 to 100."""
        return round(100 * min(1.0, max(0.0, (value - self.least) / (self.most - self.least))), 2)

    def maybe(self, value: float | None) -> float | None:
        """The place of `value`, or none."""
        return None if value is None else self.at(value)

    def from_top(self, value: float) -> float:
        """The place of `value` where the most is on top, as in a drawing, 0 to 100."""
        return round(100 - self.at(value), 2)

    def maybe_from_top(self, value: float | None) -> float | None:
        """The place of `value` from the top, or none."""
        return None if value is None or math.isnan(value) else self.from_top(value)


def decades(across: Scale) -> list[int]:
    """Round numbers on a logarithmic scale: powers of ten, with 2 and 5 where those are few."""
    inside = [
        digit * 10**power
        for power in range(math.floor(across.least), math.ceil(across.most) + 1)
        for digit in (1, 2, 5)
        if power >= 0 and across.least - 1e-9 <= math.log10(digit * 10**power) <= across.most + 1e-9
    ]
    tens = [step for step in inside if str(step).strip("0") == "1"]
    return thinned(tens if len(tens) > 2 else inside, 7)


def y_ticks(scale: Scale) -> tuple[tuple[float, str], ...]:
    """Five numbers beside a drawing, from its lower end up."""
    span = scale.most - scale.least
    return tuple((100 - 25 * quarter, f"{scale.least + span * quarter / 4:.4g}") for quarter in range(5))


def thinned(values: list[T], most: int) -> list[T]:
    """Every value, or of more than `most` every second, third, ... from the first."""
    return values[:: math.ceil(len(values) / most)] if len(values) > most else values


def short(number: int) -> str:
    """A round number in few letters: 500, 2k, 1M."""
    for size, letter in ((10**6, "M"), (10**3, "k")):
        if number >= size and number % (size // 10) == 0:
            return f"{number / size:g}{letter}"
    return str(number)
