"""Linear regression by gradient descent with infinitely small steps, followed exactly: what training longer does.

Advani & Saxe 2017 (arXiv:1710.03667), section 2. Weights w start as N(0, initial**2) and follow the
gradient of half the sum of squared errors over all rows X with answers y,

    dw / dt = X^T (y - X w)

Where X = U S V^T, the weights along each column of V go their way alone, and at time t they are

    exp(-s**2 t) * initial ones  +  (1 - exp(-s**2 t)) / s * U^T y

so that one decomposition gives every time, and no step has a size. Directions in which no row lies stay as they began:
the frozen subspace. There is no intercept, for the teacher has none. As t grows the weights come to those of least
squares that lie nearest to where they began.

It yields at the times 1, 3, 10, 30, ... up to `until`, and says of itself at each: `training_error`, the mean squared
error on training; `squared_weights`, the mean square of a weight; and `frozen`, the share of directions in which no row
lies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench import seeds
from genbench.errors import BadData
from genbench.kit import ranges, vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

TIMES = tuple(step * 10**decade for decade in range(9) for step in (1, 3))
ROUNDING = 1e-10  # of the largest eigenvalue, below which one counts as 0


class LinearGd:
    """The submission: weights of shape (numbers,)."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Decompose the rows, and yield times. Raises `BadData` for no rows, and for answers that are not finite."""
        del validation
        self.rows = self.numbers(train)
        self.wanted = train.with_format("arrow")[:].column(self.context.target).to_numpy()
        if not len(self.rows) or not np.isfinite(self.wanted).all():
            raise BadData(f"column {self.context.target!r} must hold finite numbers, and some")
        draw = np.random.default_rng(seeds.derive("linear_gd", self.context.seed))
        self.start = float(self.context.params["initial"]) * draw.standard_normal(self.rows.shape[1])
        self.parameters = self.start.size
        self.left, self.sizes, self.right = np.linalg.svd(self.rows, full_matrices=False)
        until = int(self.context.params["until"])
        for time in [*(one for one in TIMES if one < until), until]:
            self.weights = self.at(time)
            yield time

    def at(self, time: float) -> Float[np.ndarray, " number"]:
        """The weights at a time."""
        values = self.sizes**2
        learned = np.full_like(values, time)  # (1 - exp(-v t)) / v
        learned[values > 0] = -np.expm1(-values[values > 0] * time) / values[values > 0]
        pull = self.sizes * (self.left.T @ self.wanted) - values * (self.right @ self.start)
        return self.start + self.right.T @ (learned * pull)

    def predict(self, questions: Dataset) -> Float[np.ndarray, " question"]:
        """The linear rule of the time that was reached."""
        return self.numbers(questions) @ self.weights

    def diagnostics(self) -> dict[str, float]:
        """What the weights of the time that was reached do on training, as the module's docstring defines it."""
        kept = self.sizes**2 > ROUNDING * float(self.sizes[0]) ** 2
        told = int(self.rows.any(axis=0).sum()) or 1  # columns that are 0 throughout are no directions
        return {
            "training_error": float(((self.wanted - self.rows @ self.weights) ** 2).mean()),
            "squared_weights": float((self.weights[self.rows.any(axis=0)] ** 2).sum()) / told,
            "frozen": 1 - int(kept.sum()) / told,
        }

    def numbers(self, given: Dataset) -> Float[np.ndarray, "row number"]:
        """All numbers of each row."""
        return vectors.matrix(given, self.context.inputs).astype(np.float64)


RANGES = {
    "initial": (lambda it: it >= 0, "0 or more"),
    "until": (lambda it: 1 <= it <= TIMES[-1], f"from 1 to {TIMES[-1]:,}"),
}
