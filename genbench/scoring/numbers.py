"""How far a number is from the right one: errors, which have no upper end, and whether it is near enough.

The error of a vector or list is the mean over its components, so that its length does not count. A list of another
length than the target is infinitely far from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench.data import vectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from genbench.cards import Tolerance


def squared_error(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """(answer - target)**2; float64 of shape (questions,)."""
    return _error(predictions, targets, np.square)


def absolute_error(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """|answer - target|; float64 of shape (questions,)."""
    return _error(predictions, targets, np.asarray)


def within(tolerance: Tolerance) -> Callable[[pa.Array, pa.Array], np.ndarray]:
    """A metric that gives 1 where |answer - target| <= abs + rel * |target|, else 0.

    So must every number of a vector or list, and a list's length is the target's.
    """

    def near(answers: np.ndarray, right: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", over="ignore"):  # of infinities
            room = tolerance.abs + tolerance.rel * np.abs(right)
            return np.asarray((answers == right) | (np.abs(answers - right) <= room))

    def grade(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
        if not pa.types.is_list(targets.type):
            found = near(_numbers(predictions), _numbers(targets))
            return np.asarray(found if found.ndim == 1 else found.all(axis=1), np.float64)
        same, of_row, answers, right = _paired(predictions, targets)
        same[same] = np.bincount(of_row, ~near(answers, right), minlength=same.sum()) == 0
        return np.asarray(same, np.float64)

    return grade


def _numbers(values: pa.Array) -> np.ndarray:
    """Numbers as float64 of shape (questions,), vectors of shape (questions, components)."""
    if pa.types.is_fixed_size_list(values.type):
        return vectors.matrix(values).astype(np.float64)
    return np.asarray(values.to_numpy(zero_copy_only=False), np.float64)


def _paired(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Which lists are as long as their target; and of all numbers of these, in which of them, answered and right."""
    given, wanted = (lists.value_lengths().to_numpy(zero_copy_only=False) for lists in (predictions, targets))
    same = given == wanted
    rows = pa.array(np.flatnonzero(same))
    answers, right = (_numbers(lists.take(rows).flatten()) for lists in (predictions, targets))
    return same, np.repeat(np.arange(len(rows)), wanted[same]), answers, right


def _error(predictions: pa.Array, targets: pa.Array, of: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The mean over components of `of` their distances; float64 of shape (questions,)."""
    with np.errstate(over="ignore"):  # beyond float64 it is infinite
        if not pa.types.is_list(targets.type):
            return _over_components(of(_distances(_numbers(predictions), _numbers(targets))))
        same, of_row, answers, right = _paired(predictions, targets)
        counts = np.bincount(of_row, minlength=same.sum())
        summed = np.bincount(of_row, of(_distances(answers, right)), minlength=same.sum())
        found = np.full(len(same), np.inf)
        found[same] = summed / np.maximum(counts, 1)
        return found


def _distances(answers: np.ndarray, right: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", over="ignore"):  # of infinities, and of what is farther apart than float64 goes
        return np.where(answers == right, 0.0, np.abs(answers - right))


def _over_components(errors: np.ndarray) -> np.ndarray:
    return np.asarray(errors if errors.ndim == 1 else errors.mean(axis=1))
