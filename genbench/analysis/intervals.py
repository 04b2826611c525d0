"""How sure a mean is: Wilson's interval over questions, and Student's t over seeds joined to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.cards import TaskCard

Z: Final = 1.96  # two-sided 95 % of the normal distribution
TAIL: Final = 0.975  # the same, as the quantile asked of Student's t


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval: NaN where there is no ground for one, inf or -inf beyond all that was asked."""

    value: float
    low: float
    high: float


def wilson(share: float, n: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval for a share of `n` questions (Wilson 1927); it holds `share` and lies in [0, 1].

    For marks between 0 and 1 that are not all-or-nothing it is too wide, never too narrow: of all marks with a given
    mean those have the largest variance.

    >>> [round(end, 3) for end in wilson(8 / 10, 10)]
    [0.49, 0.943]
    """
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


GROUPS: Final = 20  # most that a jackknife leaves out in turn, as `scoring.sureness` has it


def interval(
    values: Sequence[float],
    questions: int,
    *,
    bounded: bool = True,
    errors: Sequence[float] = (),
    ends: tuple[float, float] = (-math.inf, math.inf),
) -> tuple[float | None, float | None, float | None]:
    """Mean over seeds and its 95 % interval: (mean, low, high), each None where there is no ground for it.

    `values` holds one score per seed, each over `questions` questions. Two things make a mean uncertain: the seeds
    (Student's t over `values`) and the finite questions (Wilson's interval of the mean, for one seed's questions, as
    all seeds answer the same). Their distances from the mean are squared and added, each side by itself (MOVER; Zou &
    Donner 2008, doi:10.1002/sim.3095). With one seed, the questions' part stands alone. A metric that is not bounded
    has no Wilson interval; its part of the questions is Student's t times the standard error, of which `errors` holds
    one per seed (their root mean square is taken, with as many degrees as a jackknife has groups, less one) and the
    interval lies within `ends`. Without errors there is no such part, and with one seed then no interval.

    This is the first form. The hierarchical bootstrap over (seed, question) of the design, and comparisons paired on
    the same questions, need the predictions.
    """
    if not values:
        return None, None, None
    mean = math.fsum(values) / len(values)
    spread = 0.0
    if len(values) > 1:
        from scipy.special import stdtrit  # scipy.stats has the same and takes a second to import

        spread = float(stdtrit(len(values) - 1, TAIL) * np.std(values, ddof=1) / math.sqrt(len(values)))
    if bounded and questions:
        mean = min(max(mean, 0.0), 1.0)  # a sum of ones may round above
        low, high = wilson(mean, questions)
        return mean, max(0.0, mean - math.hypot(mean - low, spread)), min(1.0, mean + math.hypot(high - mean, spread))
    if len(errors) == len(values) and questions > 1:
        from scipy.special import stdtrit

        error = math.sqrt(math.fsum(one * one for one in errors) / len(errors))
        half = math.hypot(float(stdtrit(min(questions, GROUPS) - 1, TAIL)) * error, spread)
        return mean, min(mean, max(ends[0], mean - half)), max(mean, min(ends[1], mean + half))
    if len(values) == 1:
        return mean, None, None
    return mean, mean - spread, mean + spread


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
    )
    return low, high
