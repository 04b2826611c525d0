"""From values to places in a drawing and to shades of a heat map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


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
