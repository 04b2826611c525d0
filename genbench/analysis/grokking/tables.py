"""The tables that `genbench phases` writes: what they hold, and their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

import pyarrow as pa

from genbench.analysis.grokking.course import UNITS, Course, Event
from genbench.analysis.grokking.phases import PHASES
from genbench.analysis.grokking.summary import Summary, neither
from genbench.analysis.tables import CELL, PROFILE, SEED, SPLIT, SUBMISSION, TASK, number, whose
from genbench.rows.schema import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WHO = [TASK, SPLIT, SUBMISSION, PROFILE]
_CELL = [*_WHO, SEED, CELL]


def _share(name: str, about: str) -> Any:
    return number(name, about, null=True)


_ACCURACIES = [
    number("train", "share of the training rows answered with the label given"),
    number("test", "share of the held-out questions answered right"),
    _share("memorized", "share of the corrupted rows answered with the label given"),
    _share("recovered", "share of the corrupted rows answered with the true one"),
    _share("neither", "the rest of them; a label right by chance counts as both, so this is too small by so many"),
]
COURSES: Final = pa.schema(
    [
        *_CELL,
        column("step", pa.int64(), "training step"),
        _share("examples", "training examples seen so far, repeats counted"),
        _share("flops", "floating-point operations of training so far"),
        *_ACCURACIES,
    ]
)
ENDS: Final = pa.schema(
    [
        *_CELL,
        number("corruption", "share of the training labels that were replaced"),
        column("step", pa.int64(), "the last point of the curve"),
        *_ACCURACIES,
        column("phase", pa.string(), f"one of {', '.join(PHASES)}"),
        *(_share(f"memorize_{unit}", f"{unit} until train reached .99; null where it never did") for unit in UNITS),
        *(_share(f"generalize_{unit}", f"{unit} until test reached .99; null where it never did") for unit in UNITS),
        *(
            _share(f"delay_{unit}", f"{unit} from the one to the other, or more; null if never memorized")
            for unit in UNITS
        ),
        column("delay_censored", pa.bool_(), "whether the delay is longer than the curve: test never reached .99"),
    ]
)
MEDIANS: Final = pa.schema(
    [
        *_WHO,
        column("event", pa.string(), "memorize, generalize, or delay from the one to the other"),
        column("unit", pa.string(), "steps, examples or flops"),
        number("median", "Kaplan-Meier median over seeds; null where fewer than half got there", null=True),
        number("low", "where the lower 95 % confidence band crosses one half", null=True),
        number("high", "where the upper band does; null where it never does", null=True),
        column("happened", pa.int64(), "seeds to which it happened"),
        column("seeds", pa.int64(), "seeds that were watched; for a delay, those that memorized"),
    ]
)


def course_rows(found: Iterable[Course]) -> Iterator[dict[str, object]]:
    """Rows of COURSES."""
    for course in found:
        examples, flops = course.clock("examples"), course.clock("flops")
        for at, step in enumerate(course.steps):
            counts = {"examples": examples[at] if examples else None, "flops": flops[at] if flops else None}
            yield {**whose(course, _CELL), "step": step, **counts, **_accuracies(course, at)}


def end_rows(found: Iterable[Course]) -> Iterator[dict[str, object]]:
    """Rows of ENDS."""
    for course in found:
        times: dict[str, object] = {}
        for unit in UNITS:
            for event in get_args(Event):
                time = course.time(event, unit)
                times[f"{event}_{unit}"] = time[0] if time is not None and (time[1] or event == "delay") else None
        delay = course.time("delay", "steps")
        yield {
            **whose(course, _CELL),
            "corruption": course.corruption,
            "step": course.steps[-1],
            **_accuracies(course, -1),
            "phase": course.phase,
            **times,
            "delay_censored": delay is not None and not delay[1],
        }


def median_rows(found: Iterable[Summary]) -> Iterator[dict[str, object]]:
    """Rows of MEDIANS."""
    for one in found:
        who = whose(one.courses[0], _WHO)
        for (event, unit), timed in one.medians.items():
            numbers = {name: getattr(timed, name) for name in ("median", "low", "high", "happened", "seeds")}
            yield {**who, "event": event, "unit": unit, **numbers}


def _accuracies(course: Course, at: int) -> dict[str, object]:
    memorized, recovered = course.memorized[at], course.recovered[at]
    return {
        "train": course.train[at],
        "test": course.test[at],
        "memorized": memorized,
        "recovered": recovered,
        "neither": neither(memorized, recovered),
    }
