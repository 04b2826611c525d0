"""Metrics of whole question sets: marks that say little one by one, and what makes one number of any set of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.data import rankings
from genbench.scoring.matching import top

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Reduce = Callable[[np.ndarray, np.ndarray], float | None]

BINS: Final = 15  # of confidence, as in Guo et al. 2017


def of_those_within(number: Callable[[np.ndarray], float | None]) -> Reduce:
    """A `reduce` of a number that looks at the marks of those within and at no other question of the set."""
    return lambda marks, within: number(marks[within])


def by_class(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question its class and whether the best label is right: shape (questions, 2)."""
    return np.stack([targets.to_numpy(zero_copy_only=False).astype(np.float64), top(1)(predictions, targets)], axis=1)


def mean_of_classes(marks: np.ndarray) -> float:
    """The mean over classes of the share that is right of each, so that a frequent class counts no more than a rare."""
    _, which = np.unique(marks[:, 0], return_inverse=True)
    return float(np.mean(np.bincount(which, weights=marks[:, 1]) / np.bincount(which)))


def by_confidence(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question the probability of its best label (NaN if none was told) and whether that is right."""
    return np.stack([rankings.confidence(predictions), top(1)(predictions, targets)], axis=1)


def calibration_error(marks: np.ndarray) -> float | None:
    """Expected calibration error: |share right - mean confidence| over bins of confidence, weighted by their questions.

    15 bins of equal width, each open below and closed above (Guo et al. 2017, arXiv:1706.04599, equation 3); a
    confidence of 0 is put in the first. None where a confidence was not told.
    """
    sure, right = marks[:, 0], marks[:, 1]
    if not len(marks) or np.isnan(sure).any():
        return None
    place = np.clip(np.ceil(sure * BINS).astype(np.int64) - 1, 0, BINS - 1)
    gaps = np.bincount(place, weights=right, minlength=BINS) - np.bincount(place, weights=sure, minlength=BINS)
    return float(np.abs(gaps).sum() / len(marks))
