"""The course of a cell: its accuracies at each step that it yielded, and when it memorized and generalized."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from genbench.analysis.grokking.phases import Phase, phase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Unit = Literal["steps", "examples", "flops"]
Event = Literal["memorize", "generalize", "delay"]

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
REACHED: Final = 0.99  # accuracy from which on something is memorized, or has generalized
METRICS: Final = (
    "exact_match",
    "top_1",
)  # of one label as answer both are its accuracy; the first that there is counts


@dataclass(frozen=True, slots=True)
class Course:
    """One cell's curve. Each point is at `steps[i]`; `counts` are the examples and operations by then, where told."""

    task: str
    split: str
    submission: str
    profile: str
    seed: int
    cell: str
    params: Mapping[str, Any]
    steps: tuple[int, ...]
    train: tuple[float, ...]
    test: tuple[float, ...]
    memorized: tuple[float | None, ...]
    recovered: tuple[float | None, ...]
    counts: Mapping[Unit, tuple[float, ...]] = field(default_factory=dict)
    diagnostics: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)

    @property
    def who(self) -> tuple[str, str, str, str]:
        """Which task, split, submission and profile: what seeds are put together by."""
        return self.task, self.split, self.submission, self.profile

    @property
    def corruption(self) -> float:
        """The share of corrupted labels, by the split's parameter of that name; 0 where it has none."""
        value = self.params.get("corruption", 0.0)
        return float(value) if isinstance(value, (int, float)) else 0.0

    @property
    def phase(self) -> Phase:
        """The phase at the last point."""
        return phase(self.train[-1], self.test[-1], self.corruption, max(self.test))

    def clock(self, unit: Unit) -> tuple[float, ...]:
        """The time of each point in that unit; empty where it was not counted."""
        return tuple(map(float, self.steps)) if unit == "steps" else self.counts.get(unit, ())

    def time(self, event: Event, unit: Unit) -> tuple[float, bool] | None:
        """When it happened (true) or until when it had not (false); None where there is nothing to time."""
        clock = self.clock(unit)
        if not clock:
            return None
        first, second = (_first(curve) for curve in (self.train, self.test))
        if event == "delay":
            if first is None:
                return None
            until = clock[-1] if second is None else clock[max(first, second)]
            return until - clock[first], second is not None
        at = first if event == "memorize" else second
        return clock[-1 if at is None else at], at is not None


def _first(curve: Sequence[float]) -> int | None:
    """The first point at which a curve has reached the level."""
    return next((at for at, value in enumerate(curve) if value >= REACHED), None)
