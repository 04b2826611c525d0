"""What an evaluation is expected to take: hours of its cells as they were recorded, and how long many at a time take.

A cell is timed where rows have it: the same submission on the same split under the same profile, whatever the seed. Its
seconds are the median of theirs, of those on the same kind of device where there are such. One that ended at its limit
of time took that long; how long others that failed would have taken is not known, and they are left out.
A cell without such a row has no expectation, only a ceiling, its budget: none is guessed from others.
"""

from __future__ import annotations

import heapq
import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from genbench.analysis.newest import tuples_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from genbench.evaluation.plan import Cell

TIMED: Final = frozenset({"ok", "timeout"})  # statuses whose seconds are those of the work
COLUMNS: Final = ("task", "split", "submission", "profile", "status", "device", "cell_seconds")
_Who = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """One cell: its wall-clock seconds as recorded, None where nothing is; at most its budget; whether it is done.

    `timed_on` is the kind of device of the rows that were taken, empty where there are none.
    """

    cell: Cell
    seconds: float | None
    at_most: float
    timed_on: str
    done: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A number of cells at a time, in the order of the plan: wall-clock seconds until the last has ended.

    No order takes less than `least`, the longest cell or all of them shared out evenly, whichever is more. `longest` is
    the cell that the others wait for where that is what decides; None where there is nothing to run.
    """

    seconds: float
    least: float
    longest: Expected | None


def expectations(cells: Sequence[Cell], recorded: pa.Table, done: Sequence[bool] | None = None) -> list[Expected]:
    """What each cell is expected to take, by rows of CELLS; `done` says of each whether it is, and else none is."""
    seconds: dict[_Who, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for *who, status, device, took in tuples_of(recorded, COLUMNS):
        if status in TIMED:
            seconds[who[0], who[1], who[2], who[3]][_kind(device)].append(took)
    return [_expected(cell, seconds, one) for cell, one in zip(cells, done or [False] * len(cells), strict=True)]


def _expected(cell: Cell, recorded: dict[_Who, dict[str, list[float]]], done: bool) -> Expected:
    submission = cell.submission
    who = (cell.split.task.name, cell.split.label, submission.label, cell.profile)
    by_kind = recorded.get(who, {})
    kind = cell.device if cell.device in by_kind else next(iter(sorted(by_kind)), "")
    took = statistics.median(by_kind[kind]) if kind else None
    return Expected(cell, took, submission.card.budget(cell.profile, submission.variant), kind, done)


def course(left: Sequence[Expected], slots: int, *, at_most: bool = False) -> Course:
    """How long cells take, `slots` at a time, each starting where one has ended.

    A cell without a recorded time takes none, or its budget where `at_most`. Raises `ValueError` for no slot.
    """
    if slots < 1:
        raise ValueError(f"{slots} cells at a time; it must be at least 1")
    free = [0.0] * min(slots, max(1, len(left)))
    whole, last = 0.0, 0.0
    longest: Expected | None = None
    most = 0.0
    for one in left:
        took = lasting(one, at_most=at_most)
        ends = heapq.heappop(free) + took
        heapq.heappush(free, ends)
        last, whole = max(last, ends), whole + took
        if took > most:
            longest, most = one, took
    return Course(last, max(most, whole / slots), longest)


def lasting(one: Expected, *, at_most: bool = False) -> float:
    """Seconds of a cell: as recorded; where nothing is, none, or its budget where `at_most`."""
    if one.seconds is None:
        return one.at_most if at_most else 0.0
    return one.seconds


def _kind(device: str) -> str:
    """`cuda` of `cuda NVIDIA H100`."""
    return device.split(" ", 1)[0]
