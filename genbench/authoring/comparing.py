"""Scores beside scores: which are others, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

CLOSE: Final = 1e-9  # between means of equal marks, which machines may sum in another order


def close(one: float | None, other: float | None) -> bool:
    """Whether two values are the same but for the order of a sum."""
    return one is not None and other is not None and math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


class Value(NamedTuple):
    """A score, over how many questions, and its standard error where there is one."""

    value: float
    n: int
    error: float | None = None

    def same(self, other: Value) -> bool:
        """Whether another is the same; rows from before errors were kept have none, which says nothing."""
        errors = self.error is None or other.error is None or close(self.error, other.error)
        return self.n == other.n and close(self.value, other.value) and errors


def values_in(scores: pa.Table | None) -> dict[tuple[str, str, str, str], Value]:
    """(question set, axis, slice, metric) -> value, number of questions, error, those of the whole sets first."""
    columns = ("question_set", "axis", "slice", "metric")
    rows: list[dict[str, Any]] = [] if scores is None else scores.to_pylist()
    return {tuple(row[name] for name in columns): Value(row["value"], row["n"], row["error"]) for row in rows}


def differing_scores(before: pa.Table | None, after: pa.Table) -> Iterator[str]:
    """A line for each score that is another, that is new, or that is not made any more; whole question sets first.

    `test length 9 exact_match: 0.5 of 20 questions, now 0.25 of 20`.
    """
    old, new = values_in(before), values_in(after)
    for where in sorted(old.keys() | new.keys()):
        one, other = old.get(where), new.get(where)
        if one is None or other is None or not one.same(other):
            name = " ".join(part for part in where if part)
            yield f"{name}: {_told(one)}, now {_told(other)}"


def _told(found: Value | None) -> str:
    if found is None:
        return "none"
    return f"{found.value:.6g} of {found.n} questions{'' if found.error is None else f' ({found.error:.3g})'}"
