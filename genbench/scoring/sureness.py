"""How sure a metric is of the questions that it was asked on, where their number alone does not say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from genbench.scoring.sets import Reduce

GROUPS: Final = 20  # that are left out in turn; with fewer questions, each is a group


def of_mean(marks: np.ndarray) -> float | None:
    """The standard error of a mean over questions, s / sqrt(n): its jackknife is the same. None for one question."""
    if len(marks) < 2:
        return None
    return float(np.std(marks, ddof=1) / math.sqrt(len(marks)))


def of_number(reduce: Reduce, marks: np.ndarray, within: np.ndarray) -> float | None:
    """The standard error, over questions, of the number that `reduce` makes of those `within` a set: by a jackknife.

    The questions are put into `GROUPS` groups, each is left out in turn, and the spread of the numbers found says how
    much the questions matter: sqrt((G - 1) / G * sum of (number - mean)^2), the delete-a-group jackknife (Shao & Tu
    1995, "The Jackknife and Bootstrap", 2.3; Kott 2001). The rows of `marks` are in an order that was shuffled, so
    every G-th question is a group. Of smooth numbers it is right as questions grow in number; where a number has kinks
    (a calibration error with its absolute values) it is a guide. None where the number has no value for some group, and
    for fewer than two questions.
    """
    count = int(within.sum())
    if count < 2:
        return None
    groups = min(count, GROUPS)
    group = np.empty(len(within), np.int64)
    group[within] = np.arange(count) % groups
    group[~within] = np.arange(len(within) - count) % groups  # what the set as a whole decides is as unsure
    found = []
    for left_out in range(groups):
        kept = group != left_out
        value = reduce(marks[kept], within[kept])
        if value is None:
            return None
        found.append(value)
    spread = np.asarray(found) - np.mean(found)
    return float(math.sqrt((groups - 1) / groups * np.dot(spread, spread)))
