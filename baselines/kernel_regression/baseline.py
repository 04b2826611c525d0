"""Regression with kernels that look at windows of neighbouring numbers: a stand-in for wide convolutional networks.

Favero, Cagnetta & Wyart 2021 (arXiv:2106.08619) and Cagnetta, Favero & Wyart 2022 (arXiv:2208.01003): in the limit of
infinite width a convolutional network with windows of s numbers is a kernel that is a mean over windows, and a deep one
has windows of several sizes. Their kernels come from networks; the ones here are as rough where x and x' meet, and
simple. With windows of s numbers, cyclically, the kernel of x and x' is

    the mean over all windows of exp(-distance of x and x' in the window)

where each number lies on a circle of circumference 1 and diameter 1 (from 0 to 1, say), and the distance is the chord,
the root of the sum of sin(pi (x_j - x'_j))**2. `windows` names one size, or several joined by +, whose kernels are
averaged: 1+2+4 is the hierarchical one.

Weights of the training rows solve kernel * weights = answers: every answer is fitted, or with a `ridge` nearly so.
Nothing is drawn, so seeds do not matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData
from genbench.kit import ranges, vectors

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

PAIRS = 4_194_304  # of rows whose kernel is taken at once; bounds memory


class KernelRegression:
    """The submission: the training rows, and a weight of each."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context = context
        self.sizes = [int(size) for size in str(context.params["windows"]).split("+")]

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Solve for the weights.

        Raises `BadData` for no rows or too many, for windows longer than a row, and for rows of which two are one and
        the same to the kernel, where there is no ridge.
        """
        del validation
        self.rows = self.numbers(train)
        count, most = len(self.rows), int(self.context.params["most_rows"])
        if not 0 < count <= most:
            raise BadData(
                f"training has {count:,} rows; kernel_regression solves for 1 to {most:,}, as 'most_rows' says"
            )
        if max(self.sizes) > self.rows.shape[1]:
            raise BadData(
                f"windows of {max(self.sizes)} numbers, as 'windows' says, do not fit rows of {self.rows.shape[1]}"
            )
        wanted = train.with_format("arrow")[:].column(self.context.target).to_numpy()
        kernel = self.kernel(self.rows)
        kernel[np.diag_indices(count)] += float(self.context.params["ridge"])
        try:
            factor = np.linalg.cholesky(kernel)
        except np.linalg.LinAlgError:
            raise BadData(
                "the kernel of the training rows has no inverse: two rows are the same to it; say a ridge above 0"
            ) from None
        self.weights = np.linalg.solve(factor.T, np.linalg.solve(factor, wanted))
        self.parameters = count

    def predict(self, questions: Dataset) -> Float[np.ndarray, " question"]:
        """The sum of all rows' kernels, by their weights."""
        asked = self.numbers(questions)
        step = max(1, PAIRS // len(self.rows))
        parts = [self.kernel(asked[begin : begin + step]) @ self.weights for begin in range(0, len(asked), step)]
        return np.concatenate(parts)

    def kernel(self, asked: Float[np.ndarray, "question number"]) -> Float[np.ndarray, "question row"]:
        """The kernel of each question and each training row."""
        count = self.rows.shape[1]
        squares = [np.sin(np.pi * (asked[:, [j]] - self.rows[:, j])) ** 2 for j in range(count)]
        found = np.zeros((len(asked), len(self.rows)))
        for size in self.sizes:
            windows = {tuple(sorted((first + step) % count for step in range(size))) for first in range(count)}
            for window in sorted(windows):  # all numbers are one window, which counts once
                found += np.exp(-np.sqrt(sum(squares[j] for j in window))) / (len(windows) * len(self.sizes))
        return found

    def numbers(self, given: Dataset) -> Float[np.ndarray, "row number"]:
        """All numbers of each row."""
        return vectors.matrix(given, self.context.inputs).astype(np.float64)


RANGES = {
    "windows": (
        lambda it: re.fullmatch(r"[1-9]\d{0,3}(\+[1-9]\d{0,3})*", str(it)) is not None,
        "sizes of windows joined by +, as 1+2+4",
    ),
    "ridge": (lambda it: it >= 0, "0 or more"),
    "most_rows": (lambda it: it >= 1, "1 or more"),
}
