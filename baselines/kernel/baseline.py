"""Kernel classifiers of vectors: every training row speaks for its label, the louder the nearer it lies.

`singular`: a row at distance r speaks with r**-exponent, which grows without bound, so training rows get their own
labels whatever lies beside them. With the dimension of the rows for exponent it is the Hilbert estimate of Devroye,
Gyorfi & Krzyzak 1998, "The Hilbert kernel regression estimate" (Journal of Multivariate Analysis 65), and what
Radhakrishnan, Belkin & Uhler 2022 (arXiv:2204.14126) find very wide and deep networks to be, for some activations.

`nearest`: only the nearest row speaks (Cover & Hart 1967).

`rbf`: exp(-r**2 / (2 width**2)), each row weighed so that squared errors on training are least, with `ridge` on the
weights; `width` in units of the median distance between training rows.

Nothing is drawn, so seeds do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData
from genbench.kit import ranges, vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Int

    from genbench import Context

PAIRS = 4_194_304  # of rows whose distance is taken at once; bounds memory
TINY = 1e-300  # a squared distance below it counts as it
RANGES = {
    "kind": (lambda it: it in {"singular", "nearest", "rbf"}, "singular, nearest or rbf"),
    "exponent": (lambda it: it >= 0, "0 or more"),
    "width": (lambda it: it > 0, "more than 0"),
    "ridge": (lambda it: it > 0, "more than 0"),
    "most_rows": (lambda it: it >= 1, "1 or more"),
}


class Kernel:
    """The submission: it keeps its training rows, and for `rbf` a weight of each for each label."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.kind = context, str(context.params["kind"])

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Keep the rows; solve for the weights of `rbf`. Raises `BadData` for no rows, or a label below 0."""
        del validation
        labels = train.with_format("arrow")[:].column(self.context.target).to_numpy()
        if not len(labels) or labels.min() < 0:
            raise BadData(f"column {self.context.target!r} must hold labels from 0 on, and some")
        self.rows = self.numbers(train)
        self.wanted = np.eye(int(labels.max()) + 1)[labels]
        if self.kind == "singular":
            self.exponent = float(self.context.params["exponent"]) or dimension_of(self.rows)
        if self.kind == "rbf":
            self.solve()

    def solve(self) -> None:
        """The width, and the weights that `rbf` sums. Raises `BadData` for more rows than can be solved for."""
        most = int(self.context.params["most_rows"])
        if len(self.rows) > most:
            raise BadData(f"rbf solves for {most:,} rows at most, as 'most_rows' says; there are {len(self.rows):,}")
        squares = np.concatenate([block for _, block in self.squared_distances(self.rows)])
        above = squares[np.triu_indices(len(squares), 1)]
        median = float(np.median(above)) if len(above) else 1.0
        self.width = float(self.context.params["width"]) * (np.sqrt(median) or 1.0)
        kernel = np.exp(-squares / (2 * self.width**2))
        kernel[np.diag_indices_from(kernel)] += float(self.context.params["ridge"]) * len(kernel)
        self.middle = self.wanted.mean(0)
        self.weights = np.linalg.solve(kernel, self.wanted - self.middle)
        self.parameters = self.weights.size

    def predict(self, questions: Dataset) -> Int[np.ndarray, " question"]:
        """The label that is spoken for most; of equals the smallest."""
        asked = self.numbers(questions)
        answers = np.empty(len(asked), dtype=np.int64)
        for place, squares in self.squared_distances(asked):
            answers[place] = self.voices(squares).argmax(1)
        return answers

    def voices(self, squares: Float[np.ndarray, "question row"]) -> Float[np.ndarray, "question label"]:
        """What each label has for itself at each question, by the squared distances to all rows."""
        if self.kind == "nearest":
            return self.wanted[squares.argmin(1)]
        if self.kind == "rbf":
            return np.exp(-squares / (2 * self.width**2)) @ self.weights + self.middle
        # Relative to the nearest row's voice, which is 1: no sum overflows, and no question has none.
        nearest = np.maximum(squares.min(1, keepdims=True), TINY)
        return (nearest / np.maximum(squares, TINY)) ** (self.exponent / 2) @ self.wanted

    def squared_distances(
        self, asked: Float[np.ndarray, "question number"]
    ) -> Iterator[tuple[slice, Float[np.ndarray, "question row"]]]:
        """From some questions at a time to every training row.

        Differences are squared one number at a time: products of whole rows would lose what tells near ones apart.
        """
        step = max(1, PAIRS // len(self.rows))
        for begin in range(0, len(asked), step):
            place = slice(begin, begin + step)
            squares = np.zeros((len(asked[place]), len(self.rows)))
            for number in range(self.rows.shape[1]):
                squares += (asked[place, number, None] - self.rows[None, :, number]) ** 2
            yield place, squares

    def numbers(self, given: Dataset) -> Float[np.ndarray, "row number"]:
        """All numbers of each row."""
        return vectors.matrix(given, self.context.inputs).astype(np.float64)


def dimension_of(rows: Float[np.ndarray, "row number"]) -> float:
    """The dimension of the surface that rows lie on: one less than that of their space where all have one length."""
    rank = int(np.linalg.matrix_rank(rows))
    lengths = np.linalg.norm(rows, axis=1)
    return float(max(1, rank - int(np.allclose(lengths, lengths[0], rtol=1e-5))))
