"""The generalization gap: the mean on questions drawn as in training, minus that on others, of the same seeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genbench.analysis.inference.means import student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.inference.layout import Layout


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference of question sets, with its 95 % interval; None where there is no ground for one.

    `of_seeds` is the share of its variance that comes of seeds; None with one seed, which says nothing of that.
    """

    value: float
    low: float | None
    high: float | None
    of_seeds: float | None

    def turned(self) -> Gap:
        """The same with its sign turned, for a metric of which less is better."""
        low, high = (None if end is None else -end for end in (self.high, self.low))
        return Gap(-self.value, low, high, self.of_seeds)


def gap(inside: Sequence[Layout], outside: Layout) -> Gap:
    """The mean of the layouts `inside`, minus `outside`; their seeds are the same and in the same order.

    Seeds are paired: what makes one seed better on both sets is not in the gap. Questions are independent, so their
    variances add up. The parts are joined as those of a mean are, with Student's t for both.
    """
    count = len(outside.values)
    each = np.mean([one.values for one in inside], axis=0) - np.asarray(outside.values)
    value = float(each.mean())
    parts = [*((one, len(inside)) for one in inside), (outside, 1)]
    if any(one.questions is None for one, _ in parts):
        return Gap(value, None, None, None)
    questions = math.fsum((one.of_questions or 0.0) / of**2 for one, of in parts)
    freedom = min(max(one.groups - 1, 1) for one, _ in parts)
    half = student(freedom) * math.sqrt(questions)
    if count < 2:
        return Gap(value, value - half, value + half, None)
    rest = math.fsum(one.rest / of**2 for one, of in parts)
    seeds = max(float(each.var(ddof=1)) / count - rest / 2, 0.0)
    half = math.hypot(half, student(count - 1) * math.sqrt(seeds))
    whole = seeds + questions
    return Gap(value, value - half, value + half, seeds / whole if whole > 0 else 0.0)
