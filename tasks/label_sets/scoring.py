"""Marks of scores for labels: average precision by label, and the sets that scores of a half and more make.

A target is 1 where a label is in the set, 0 where not, and below 0 where it is not asked for; what is answered there
counts for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.data import vectors

if TYPE_CHECKING:
    import pyarrow as pa
    from jaxtyping import Bool, Float, Float64

HALF = 0.5  # scores from here on are labels that are answered


def scores(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Float64[np.ndarray, "question part"]:
    """The score of each label, and beside them the targets."""
    del questions
    return np.concatenate([vectors.matrix(answers), vectors.matrix(targets)], axis=1).astype(np.float64)


def mean_over_labels(
    marks: Float64[np.ndarray, "question part"], within: Bool[np.ndarray, " question"]
) -> float | None:
    """The mean of the average precision of each label that some question within has; None where there is none."""
    scored, wanted = np.split(marks[within], 2, axis=1)
    found = []
    for score, label in zip(scored.T, wanted.T, strict=True):
        if (label == 1).any():
            found.append(average_precision(score[label >= 0], label[label >= 0] == 1))
    return float(np.mean(found)) if found else None


def average_precision(score: Float[np.ndarray, " question"], right: Bool[np.ndarray, " question"]) -> float:
    """The mean of the precision at each right question, from the best score down; equals are taken together.

    As scikit-learn has it: the precision where a threshold stands, weighted by the recall that it adds.

    >>> average_precision(np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, False, True, False]))
    0.8333333333333333
    """
    order = np.argsort(-score, kind="stable")
    found, last = np.cumsum(right[order]), np.append(np.diff(score[order]) != 0, True)
    found, taken = found[last], np.flatnonzero(last) + 1
    return float(np.sum(np.diff(found, prepend=0) * found / taken) / found[-1])


def jaccard(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Float64[np.ndarray, " question"]:
    """Labels in both the answer and the target over those in either, of those asked for; 1 where both are empty."""
    del questions
    wanted = vectors.matrix(targets)
    said = (vectors.matrix(answers) >= HALF) & (wanted >= 0)
    both, either = (said & (wanted == 1)).sum(1), (said | (wanted == 1)).sum(1)
    return np.where(either == 0, 1.0, both / np.maximum(either, 1))
