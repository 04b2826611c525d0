"""Whom nobody beats at lower cost: the front of score against what was spent (Pareto)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.report.site.costs import Cost

# What is spent: its key, how it is called, and what it is.
SPENT: Final = (
    ("flops", "training FLOPs", "floating-point operations of fit, where the submission says"),
    ("cpu_seconds", "CPU seconds", "user and system time of the cell, on the machine it ran on"),
    ("parameters", "parameters", "trained ones, where the submission says"),
    ("peak_memory", "peak memory", "the largest resident memory of the cell's processes"),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A submission on a split: its score, None where it has none, and what its cells cost."""

    submission: str
    score: float | None
    cost: Cost

    def spent(self, key: str) -> float | None:
        """What it spent of a kind; None where it is not known. Nothing at all is no place on a logarithmic scale."""
        value: float | None = getattr(self.cost, key)
        return value if value is not None and value > 0 else None


def front(points: Sequence[Point], key: str, *, lower: bool = False) -> list[str]:
    """The submissions that none scores above for as little or less, from the cheapest up; of equals all."""
    known = [
        (spent, -one.score if lower else one.score, one.submission)
        for one in points
        if one.score is not None and (spent := one.spent(key)) is not None
    ]
    kept: list[tuple[float, float, str]] = []
    for one in sorted(known, key=lambda each: (each[0], -each[1], each[2])):
        best = kept[-1] if kept else None
        if best is None or one[1] > best[1] or one[:2] == best[:2]:
            kept.append(one)
    return [name for _, _, name in kept]


def fronts(points: Sequence[Point], *, lower: bool = False) -> Mapping[str, list[str]]:
    """The front of each kind of cost, by its key."""
    return {key: front(points, key, lower=lower) for key, _, _ in SPENT}
