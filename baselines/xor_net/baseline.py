"""Two layers of rectified units, trained by full-batch gradient descent from all but nothing.

Xu, Wang, Frei, Vardi & Hu 2023 (arXiv:2310.02541): f(x) = sum_j a_j relu(w_j . x), where half of the a_j are
1 / sqrt(hidden) and half -1 / sqrt(hidden), for good; the w_j begin as N(0, initial**2) and follow the gradient of the
mean of log(1 + exp(-y f(x))) over all rows, y = 1 for class 1 and -1 for class 0. No code was released. The theorems
ask for a rate of at most 1 / (C n p), n rows of p numbers, and for first weights of at most
rate |m|**2 / (n hidden**1.5 p), |m|**2 the squared length of a cluster's centre: 3e-16 for the sizes of
xor_clusters/xor. With so small a rate the outputs stay near 0, and only their signs matter.

A step moves each w_j within the span of the rows X, so that W = W0 + C X, with C of shape (hidden, rows). All that
training needs of p-dimensional space are the products X X^T and W0 X^T, taken once: 20 steps cost less than one pass
over the weights. Columns that are 0 in every row of training count for no number of a row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genbench import seeds
from genbench.errors import BadData
from genbench.kit import ranges, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Float32, Int

    from genbench import Context

AT_ONCE = 100  # rows taken at once; bounds memory


class XorNet(Counted):
    """The submission: the rows, the first weights, and what training has added in terms of the rows."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params, self.tally = context, context.params, Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps 1, 2, 3, 5, 10, 20, 50, ... Raises `BadData` for other labels than 0 and 1."""
        del validation
        labels = train.with_format("arrow")[:].column(self.context.target).to_numpy()
        most = int(self.params["most_rows"])
        if not 0 < len(labels) <= most:
            raise BadData(f"training has {len(labels):,} rows; xor_net takes 1 to {most:,}, as 'most_rows' says")
        if not np.isin(labels, (0, 1)).all():
            raise BadData(f"column {self.context.target!r} must hold the labels 0 and 1, and no others")
        self.rows = vectors.matrix(train, self.context.inputs)
        numbers, hidden = max(1, int(self.rows.any(axis=0).sum())), int(self.params["hidden"])
        draw = np.random.default_rng(seeds.derive("xor_net", self.context.seed))
        self.first = draw.standard_normal((hidden, self.rows.shape[1]), np.float32)
        self.first *= np.float32(self.params["initial"])
        self.second = np.where(np.arange(hidden) % 2 == 0, 1.0, -1.0) / math.sqrt(hidden)
        self.parameters = self.first.size
        within, before = products(self.rows, self.rows), products(self.first, self.rows)
        rate = float(self.params["rate"]) / (len(labels) * numbers)
        self.added = np.zeros((hidden, len(labels)))
        for step in range(1, int(self.params["steps"]) + 1):
            self.added += rate * descent(before + self.added @ within, self.second, 2 * labels - 1)
            self.tally.count(len(labels), 0, 6.0 * self.parameters * len(labels))  # those of an ordinary step
            if step in POINTS:
                yield step

    def predict(self, questions: Dataset) -> Int[np.ndarray, " question"]:
        """Class 1 where the output is above 0."""
        asked = vectors.matrix(questions, self.context.inputs)
        met = products(self.first, asked) + self.added @ products(self.rows, asked)
        return (self.second @ np.maximum(met, 0) > 0).astype(np.int64)


def descent(
    met: Float[np.ndarray, "unit row"], second: Float[np.ndarray, " unit"], signs: Int[np.ndarray, " row"]
) -> Float[np.ndarray, "unit row"]:
    """How much of each row the steepest descent of the loss adds to each unit, from what the units meet in each row."""
    output = second @ np.maximum(met, 0)
    pull = signs / (1 + np.exp(signs * output)) / len(signs)
    return second[:, None] * (met > 0) * pull


def products(left: Float32[np.ndarray, "a number"], right: Float32[np.ndarray, "b number"]) -> Float[np.ndarray, "a b"]:
    """Each row's product with each, in float64, some rows at a time."""
    wide = right.T.astype(np.float64)
    parts = [left[at : at + AT_ONCE].astype(np.float64) @ wide for at in range(0, len(left), AT_ONCE)]
    return np.concatenate(parts)


POINTS = {step * 10**decade for decade in range(7) for step in (1, 2, 5)} | {3}
RANGES = {
    "hidden": (lambda it: it >= 2 and it % 2 == 0, "an even number from 2 on"),
    "steps": (lambda it: it > 0, "1 or more"),
    "rate": (lambda it: it > 0, "above 0"),
    "initial": (lambda it: it > 0, "above 0"),
    "most_rows": (lambda it: it > 0, "1 or more"),
}
