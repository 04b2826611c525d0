"""Logistic regression on counts of tokens: what a rule that adds up single tokens is worth.

Multinomial logistic regression (Cox 1966; Böhning 1992) in numpy, a class for each training answer, found by L-BFGS
(Liu & Nocedal 1989) from weights of 0, so that nothing is drawn and seeds do not matter. A row is counted by what
stands in it: what lies between blanks in a string, the items of a list, an integer as it is; the same token in another
column is another feature. Where tokens stand, and beside what, is not told: a task that this answers needs neither
order nor combination. The loss is the mean cross-entropy and half of `decay` times the sum of squared weights, without
the biases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context


class Logistic:
    """The submission: weights of shape (features, classes), the last feature being 1 for every row."""

    def __init__(self, context: Context) -> None:
        self.context, self.setting = context, context.params

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Go on until the loss stands still, or for `steps` steps."""
        del validation
        answers = train.data.column(self.context.target).to_pylist()
        numbers: dict[object, int] = {}
        labels = np.array([numbers.setdefault(answer, len(numbers)) for answer in answers])
        self.answers = list(numbers)
        self.features: dict[tuple[str, object], int] = {}
        for row in self.rows(train):
            for token in row:
                self.features.setdefault(token, len(self.features))
        counts, shape = self.counted(train), (len(self.features) + 1, len(self.answers))
        right, rows = (np.arange(len(labels)), labels), len(labels)
        decay = np.full((shape[0], 1), float(self.setting["decay"]))
        decay[-1] = 0.0

        def loss(flat: Float[np.ndarray, " weight"]) -> tuple[float, Float[np.ndarray, " weight"]]:
            weights = flat.reshape(shape)
            shares = softmax(counts @ weights)
            value = -np.log(np.maximum(shares[right], np.finfo(float).tiny)).mean() + (decay * weights**2).sum() / 2
            shares[right] -= 1
            return float(value), (counts.T @ shares / rows + decay * weights).ravel()

        found = optimize.minimize(
            loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": int(self.setting["steps"])}
        )
        self.weights = found.x.reshape(shape)
        self.parameters = self.weights.size

    def predict(self, questions: Dataset) -> list[object]:
        """The likeliest class, the first met in training among equals; tokens that are new count for nothing."""
        return [self.answers[label] for label in (self.counted(questions) @ self.weights).argmax(1)]

    def counted(self, given: Dataset) -> sparse.csr_array:
        """How often each row has each feature."""
        columns, ends = [], [0]
        for row in self.rows(given):
            columns += [self.features[token] for token in row if token in self.features]
            columns.append(len(self.features))
            ends.append(len(columns))
        shape = len(ends) - 1, len(self.features) + 1
        return sparse.csr_array((np.ones(len(columns)), np.array(columns, np.int64), np.array(ends)), shape)

    def rows(self, given: Dataset) -> Iterator[list[tuple[str, object]]]:
        """Each row's tokens with their columns."""
        names = list(self.context.inputs)
        columns = [given.data.column(name).to_pylist() for name in names]
        for values in zip(*columns, strict=True):
            yield [(name, token) for name, value in zip(names, values, strict=True) for token in tokens(value)]


def tokens(value: object) -> list[object]:
    """What a value is made of."""
    if isinstance(value, str):
        return value.split()
    return value if isinstance(value, list) else [value]


def softmax(scores: Float[np.ndarray, "row label"]) -> Float[np.ndarray, "row label"]:
    """Shares that sum to 1 in each row."""
    grown = np.exp(scores - scores.max(1, keepdims=True))
    return grown / grown.sum(1, keepdims=True)
