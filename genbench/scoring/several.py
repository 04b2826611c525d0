"""Several right answers: an answer is graded against each of them, and its best mark counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

    Grade = Callable[[pa.Array, pa.Array], np.ndarray]


def any_of(grade: Grade, *, lower: bool) -> Grade:
    """`grade` for targets that are lists of right answers, none of them empty; `lower` says that less is better."""

    def graded(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
        if not len(targets):
            return np.empty(0)
        counts = targets.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        rows = np.repeat(np.arange(len(targets)), counts)
        marks = grade(predictions.take(pa.array(rows)), targets.flatten())
        best = np.minimum if lower else np.maximum
        return np.asarray(best.reduceat(marks, np.cumsum(counts) - counts), np.float64)

    return graded
