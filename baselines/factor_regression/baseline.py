"""Linear regression on the few directions along which rows vary most, found without answers.

The factor model of Ge, Tang, Fan & Jin 2023 (arXiv:2303.01566), in two steps. Pretraining takes the `rank` leading
principal directions of the unlabelled rows: for factors of some strength, and other variance alike in every direction,
their span is where the likelihood of a factor model is largest (Tipping & Bishop 1999, Probabilistic Principal
Component Analysis). Then least squares fits `rank` weights to the labelled rows' scores along them.

`pretraining` says what the directions are of: `unlabelled`, the table beside train; `labelled`, the training rows
alone; `none`, in which case all numbers are fitted, by the shortest weights of least squares where rows are few.

There is no intercept, and rows are not centred, for the model has mean 0. Nothing is drawn, so seeds do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData, nearest
from genbench.kit import ranges, vectors

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

PRETRAINING = ("unlabelled", "labelled", "none")
UNLABELLED = "unlabelled"  # the table beside train


class FactorRegression:
    """The submission: weights of shape (numbers,)."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.pretraining = context, str(context.params["pretraining"])

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Find directions, and fit their weights.

        Raises `BadData` for no training rows, for a split without unlabelled rows where these are asked for, and for
        more directions than rows have numbers or than there are rows to find them in.
        """
        del validation
        rows = self.numbers(train)
        if not len(rows):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        wanted = train.with_format("arrow")[:].column(self.context.target).to_numpy()
        if self.pretraining == "none":
            self.weights = np.linalg.lstsq(rows, wanted, rcond=None)[0]
        else:
            directions = self.directions(self.unlabelled() if self.pretraining == UNLABELLED else rows)
            self.weights = directions @ np.linalg.lstsq(rows @ directions, wanted, rcond=None)[0]
        self.parameters = self.weights.size

    def directions(self, rows: Float[np.ndarray, "row number"]) -> Float[np.ndarray, "number direction"]:
        """The directions along which the rows' mean squares are largest."""
        rank = int(self.context.params["rank"])
        if rank > min(rows.shape):
            raise BadData(
                f"'rank' is {rank}; {rows.shape[0]:,} rows of {rows.shape[1]} numbers have at most "
                f"{min(rows.shape)} directions"
            )
        if len(rows) < rows.shape[1]:
            return np.linalg.svd(rows, full_matrices=False)[2][:rank].T
        return np.linalg.eigh(rows.T @ rows)[1][:, : -rank - 1 : -1]  # in ascending order

    def unlabelled(self) -> Float[np.ndarray, "row number"]:
        """The numbers of the unlabelled rows."""
        beside = self.context.auxiliary
        if UNLABELLED not in beside:
            where = f"{self.context.task}/{self.context.split}"
            raise BadData(f"{where} has no auxiliary table {UNLABELLED!r}{nearest(UNLABELLED, beside)}")
        return self.numbers(beside[UNLABELLED])

    def predict(self, questions: Dataset) -> Float[np.ndarray, " question"]:
        """The linear rule."""
        return self.numbers(questions) @ self.weights

    def numbers(self, given: Dataset) -> Float[np.ndarray, "row number"]:
        """All numbers of each row."""
        return vectors.matrix(given, self.context.inputs).astype(np.float64)


RANGES = {
    "pretraining": (lambda it: it in PRETRAINING, f"one of {', '.join(PRETRAINING)}"),
    "rank": (lambda it: it >= 1, "1 or more"),
}
