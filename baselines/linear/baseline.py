"""A linear classifier of vectors, by ridge regression: what a hyperplane is worth.

Each class has a target of 1 on its own rows and 0 on the others, fitted by least squares on the rows' numbers, taken
from their means, with `decay` on the squared weights (Hoerl & Kennard 1970). The class with the largest fit is
answered; the probabilities are the softmax of the fits, which orders rows as the fits do. Where a row has more numbers
than there are rows, the same weights are solved for as sums of rows. Nothing is drawn, so seeds do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData
from genbench.kit import vectors

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context


class Linear:
    """The submission: weights of shape (numbers, classes)."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Solve the normal equations. Raises `BadData` for no training rows, or a label below 0."""
        del validation
        labels = train.with_format("arrow")[:].column(self.context.target).to_numpy()
        if not len(labels) or labels.min() < 0:
            raise BadData(f"column {self.context.target!r} must hold labels from 0 on, and some")
        rows = self.rows(train)
        self.middle = rows.mean(0)
        rows = rows - self.middle
        wanted = np.eye(int(labels.max()) + 1)[labels]
        self.level = wanted.mean(0)
        decay, (count, numbers) = float(self.context.params["decay"]), rows.shape
        square = rows.T @ rows if numbers <= count else rows @ rows.T
        square[np.diag_indices_from(square)] += decay * np.trace(square) / numbers
        if numbers <= count:
            self.weights = np.linalg.lstsq(square, rows.T @ (wanted - self.level), rcond=None)[0]
        else:
            self.weights = rows.T @ np.linalg.lstsq(square, wanted - self.level, rcond=None)[0]
        self.parameters = self.weights.size + self.level.size

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """The probability of each label."""
        fits = (self.rows(questions) - self.middle) @ self.weights + self.level
        grown = np.exp(fits - fits.max(1, keepdims=True))
        return grown / grown.sum(1, keepdims=True)

    def rows(self, given: Dataset) -> Float[np.ndarray, "row number"]:
        """All numbers of each row."""
        return vectors.matrix(given, self.context.inputs).astype(np.float64)
