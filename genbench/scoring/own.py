"""Metrics that a task brings itself: its own functions called, and held to what its card says of them."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from genbench.cards import FILE, entries
from genbench.errors import MetricFault

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.cards import MetricCard

SHOWN: Final = 80  # characters of an answer and a target that an error tells


@dataclass(frozen=True, slots=True)
class Own:
    """One metric of a task: called with what was answered, what is right and what was asked, in order of question id.

    It is given tables and arrays and nothing else: it cannot tell whose answers they are, nor where anything lies.
    """

    folder: Path
    card: MetricCard

    def marks(self, answers: pa.Array, targets: pa.Array, questions: pa.Table | None) -> np.ndarray:
        """What `entry` gives: float64 of shape (questions,), each within the card's ends, or (questions, parts).

        Raises `MetricFault`, naming card, metric and question, for anything else.
        """
        if questions is None:
            raise MetricFault(f"{self._name(self.card.entry)} sees the questions, and they are not at hand here")
        entry = entries.load_entry(self.folder, self.card.entry)
        try:
            given = entry(answers, targets, questions)
        except Exception as fault:  # a contribution's metric may raise anything
            at = _first_that_raises(entry, answers, targets, questions)
            shown = "" if at is None else f" for {_question(at, answers, targets)}"
            raise MetricFault(
                f"{self._name(self.card.entry)} raised {type(fault).__name__}{shown}: {entries.first_line(fault)}",
                traceback.format_exc(),
            ) from fault
        return self._sound(given, answers, targets)

    def number(self, marks: np.ndarray, within: np.ndarray) -> float | None:
        """What `reduce` makes of the `marks` (questions, parts) of a whole set, of those `within` (a bool each).

        None where it has no value there. Raises `MetricFault` where it gives neither a finite number nor None.
        """
        reduce = entries.load_entry(self.folder, self.card.reduce)
        try:
            found = reduce(marks, within)
        except Exception as fault:
            raise MetricFault(
                f"{self._name(self.card.reduce)} raised {type(fault).__name__} for {int(within.sum())} of "
                f"{len(within)} questions: {entries.first_line(fault)}",
                traceback.format_exc(),
            ) from fault
        if found is None:
            return None
        if not isinstance(found, (int, float, np.floating)) or isinstance(found, bool):
            raise MetricFault(f"{self._name(self.card.reduce)} gives {found!r:.80}; it must give a number or None")
        if not self.card.low <= found <= self.card.high or not np.isfinite(found):
            raise MetricFault(f"{self._name(self.card.reduce)} gives {found:g}; {self._ends()}")
        return float(found)

    def _sound(self, given: Any, answers: pa.Array, targets: pa.Array) -> np.ndarray:
        name, count = self._name(self.card.entry), len(answers)
        if isinstance(given, (pa.Array, pa.ChunkedArray)):
            if given.type != pa.float64() or given.null_count:
                nulls = f" with {given.null_count} nulls" if given.null_count else ""
                raise MetricFault(f"{name} gives an Arrow array of {given.type}{nulls}; it must be float64 without")
            given = given.to_numpy(zero_copy_only=False) if isinstance(given, pa.Array) else given.to_numpy()
        if not isinstance(given, np.ndarray) or given.dtype != np.float64:
            what = f"an array of {given.dtype}" if isinstance(given, np.ndarray) else f"a {type(given).__name__}"
            raise MetricFault(f"{name} gives {what}; it must give float64, as a NumPy or Arrow array")
        wanted = f"(questions, parts), with {count} questions" if self.card.reduce else f"({count},), one a question"
        if given.ndim != (2 if self.card.reduce else 1) or len(given) != count:
            raise MetricFault(f"{name} gives an array of shape {given.shape}; it must be {wanted}")
        if not self.card.reduce:  # what the parts of a whole set's metric mean, its `reduce` knows
            bad = ~(np.isfinite(given) & (given >= self.card.low) & (given <= self.card.high))
            if bad.any():
                at = int(np.argmax(bad))
                raise MetricFault(f"{name} gives {given[at]:g} for {_question(at, answers, targets)}; {self._ends()}")
        return given

    def _name(self, entry: str) -> str:
        return f"{self.folder / FILE}: metric {self.card.name!r} ({entry})"

    def _ends(self) -> str:
        return f"the card says that it lies from {self.card.low:g} to {self.card.high:g}"


def _first_that_raises(entry: Any, answers: pa.Array, targets: pa.Array, questions: pa.Table) -> int | None:
    """A question that makes a metric raise when it is asked of it alone, by halving; None where none does."""
    start, size = 0, len(answers)
    while size > 1:
        half = size // 2
        if _raises(entry, answers, targets, questions, start, half):
            size = half
        else:
            start, size = start + half, size - half
    return start if size and _raises(entry, answers, targets, questions, start, 1) else None


def _raises(entry: Any, answers: pa.Array, targets: pa.Array, questions: pa.Table, start: int, size: int) -> bool:
    try:
        entry(answers.slice(start, size), targets.slice(start, size), questions.slice(start, size))
    except Exception:  # noqa: BLE001 - whatever it raises, that it does is the answer
        return True
    return False


def _question(at: int, answers: pa.Array, targets: pa.Array) -> str:
    """A question by id, with what was answered and what is right."""
    answer, target = (_short(values[at].as_py()) for values in (answers, targets))
    return f"question {at} (answer {answer}, target {target})"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
