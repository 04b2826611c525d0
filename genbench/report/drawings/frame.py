"""The frame of a picture with two numeric axes: where its numbers lie, and its title, ticks and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from genbench.report.drawings import svg

WIDE: Final = 460  # the frame, in pixels, and
HIGH: Final = 260
MARGIN: Final = 64
LINE: Final = 16
LETTER: Final = 7  # pixels a letter


@dataclass(frozen=True, slots=True)
class Frame:
    """Where numbers lie: a frame whose lower left corner is at (left, bottom), in pixels."""

    left: float
    bottom: float
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        """The place of a value along the lower edge."""
        return self.left + WIDE * (value - self.across[0]) / (self.across[1] - self.across[0])

    def y(self, value: float) -> float:
        """The place of a value along the left edge."""
        return self.bottom - HIGH * (value - self.up[0]) / (self.up[1] - self.up[0])

    def drawn(self, title: str, across: str, up: str) -> list[str]:
        """The frame itself, with its title, ticks at `ticks_up` and the names of both axes."""
        parts = [
            svg.text(self.left, self.bottom - HIGH - LINE // 2, title, weight="bold"),
            (
                f'<rect x="{self.left}" y="{self.bottom - HIGH}" width="{WIDE}" height="{HIGH}" fill="none" '
                'stroke="#999"/>'
            ),
            svg.text(self.left + WIDE // 2, self.bottom + 2 * LINE + 4, across, anchor="middle"),
            svg.upright(self.left - 42, self.bottom - HIGH // 2, up),
        ]
        for share in range(5):
            value = self.up[0] + (self.up[1] - self.up[0]) * share / 4
            parts.append(svg.text(self.left - 6, self.y(value) + 4, f"{value:.3g}", anchor="end"))
            if 0 < share < 4:
                parts.append(svg.line([(self.left, self.y(value)), (self.left + WIDE, self.y(value))], "#ddd", ""))
        return parts
