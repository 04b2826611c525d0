"""How sure a mean of scores is, where nothing but the scores is known: the layout of values, and its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench.analysis.inference import between, of_values, wilson
from genbench.scoring.sureness import GROUPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.cards import TaskCard

__all__ = ["Estimate", "interval", "of_score", "wilson"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval: NaN where there is no ground for one, inf or -inf beyond all that was asked."""

    value: float
    low: float
    high: float


def interval(
    values: Sequence[float],
    questions: int,
    *,
    bounded: bool = True,
    errors: Sequence[float] = (),
    ends: tuple[float, float] = (-math.inf, math.inf),
    groups: int = GROUPS,
) -> tuple[float | None, float | None, float | None]:
    """Mean over seeds and its 95 % interval: (mean, low, high), each None where there is no ground for it.

    `values` holds one score per seed, each over `questions` questions; of a metric that is not `bounded`, `errors`
    holds one standard error per seed, over `groups` groups of questions, and the interval lies within `ends`. Where
    there are marks, `inference.layout` of them knows more: here all that questions bring counts as theirs, so for
    steady seeds the interval is too wide.
    """
    if not values:
        return None, None, None
    one = of_values(values, questions, bounded=bounded, errors=errors, groups=groups)
    return one.mean, *between(one, bounded=bounded and bool(questions), ends=ends)


def of_score(row: Mapping[str, Any], card: TaskCard) -> tuple[float | None, float | None]:
    """The 95 % interval of one row of SCORES over its questions, as a standing of one seed has it; None for no ground.

    `card` is that of the row's task, which may have brought the metric.
    """
    from genbench.scoring import metrics

    value, error = row["value"], row["error"]
    _, low, high = interval(
        [value],
        row["n"],
        bounded=metrics.of_questions(row["metric"], card) and 0 <= value <= 1,
        errors=() if error is None else (error,),
        ends=metrics.ends(row["metric"], card),
        groups=GROUPS if metrics.of_sets(row["metric"], card) else row["n"],
    )
    return low, high
