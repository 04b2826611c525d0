"""Clustering accuracy: the share of rows in the right cluster, under the one assignment that suits all rows best.

Each cluster is given at most one class and each class at most one cluster, so that as many rows as can be are right
(Kuhn 1955, by scipy). The assignment is found once, over all rows that are asked; what is right among old classes, and
among new ones, is read off that same assignment. Generalized category discovery calls it the second version of two
(`split_cluster_acc_v2` in mashijie1028/ProtoGCD at 8835a4d): the first assigns old and new rows apart, and is larger.
Who knows the old classes well and nothing else may score low on old rows, for where new classes are larger they are
given the clusters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    import pyarrow as pa
    from jaxtyping import Bool, Float64


def clusters(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Float64[np.ndarray, "question 2"]:
    """The cluster of each row, numbered by what was answered, and its class."""
    del questions
    named = np.unique(answers.to_numpy(zero_copy_only=False), return_inverse=True)[1]
    return np.stack([named, targets.to_numpy(zero_copy_only=False)], axis=1).astype(np.float64)


def accuracy(marks: Float64[np.ndarray, "question 2"], within: Bool[np.ndarray, " question"]) -> float | None:
    """The share of the rows `within` that are right, by the assignment over all rows; None where there are none.

    >>> marks = np.array([[0, 5], [0, 5], [1, 5], [1, 7]], float)  # clusters 0 and 1, classes 5 and 7
    >>> accuracy(marks, np.ones(4, bool)), accuracy(marks, marks[:, 1] == 5)
    (0.75, 0.6666666666666666)
    """
    if not within.any():
        return None
    cluster, label = (np.unique(part, return_inverse=True)[1] for part in marks.T)
    shared = np.zeros((cluster.max() + 1, label.max() + 1), np.int64)
    np.add.at(shared, (cluster, label), 1)
    given = np.full(len(shared), -1)
    clusters_given, classes_given = linear_sum_assignment(shared, maximize=True)
    given[clusters_given] = classes_given
    return float((given[cluster] == label)[within].mean())
