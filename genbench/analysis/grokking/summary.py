"""The courses of one submission on one split, put together over seeds."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from genbench.analysis.grokking.course import UNITS, Course, Event, Unit
from genbench.analysis.grokking.medians import Median, median
from genbench.analysis.grokking.phases import Phase, phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Summary:
    """The courses of one submission on one split: mean accuracies at the end, their phase, and the medians."""

    courses: tuple[Course, ...]
    train: float
    test: float
    memorized: float | None
    recovered: float | None
    phase: Phase
    phases: tuple[tuple[Phase, int], ...]
    medians: Mapping[tuple[Event, Unit], Median]
    diagnostics: Mapping[str, float]

    @property
    def neither(self) -> float | None:
        """The share of corrupted rows answered neither as given nor as is true."""
        return neither(self.memorized, self.recovered)


def summaries(found: Iterable[Course]) -> list[Summary]:
    """The courses put together over seeds, in the order in which they came."""
    groups: dict[tuple[str, ...], list[Course]] = {}
    for course in found:
        groups.setdefault(course.who, []).append(course)
    return [_summary(tuple(own)) for own in groups.values()]


def _summary(own: tuple[Course, ...]) -> Summary:
    train, test = (
        math.fsum(values) / len(own) for values in zip(*((c.train[-1], c.test[-1]) for c in own), strict=True)
    )
    timed: dict[tuple[Event, Unit], Median] = {}
    for event in get_args(Event):
        for unit in UNITS:
            times = [course.time(event, unit) for course in own if course.clock(unit)]
            if times:
                timed[event, unit] = median([time for time in times if time is not None])
    return Summary(
        courses=own,
        train=train,
        test=test,
        memorized=_mean([course.memorized[-1] for course in own]),
        recovered=_mean([course.recovered[-1] for course in own]),
        phase=phase(train, test, own[0].corruption, math.fsum(max(course.test) for course in own) / len(own)),
        phases=tuple(Counter(course.phase for course in own).most_common()),
        medians=timed,
        diagnostics={
            name: value
            for name in own[0].diagnostics
            if (value := _mean([course.diagnostics.get(name, (None,))[-1] for course in own])) is not None
        },
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None


def neither(memorized: float | None, recovered: float | None) -> float | None:
    """The share that is left of two; None where either is not known."""
    return None if memorized is None or recovered is None else max(0.0, 1 - memorized - recovered)
