"""The mean of the training answers to every question: what no look at a question is worth in squared error.

A floor, not a published method: of all constants it has the least squared error on training.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context


class Mean:
    """Remembers one number."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Take the mean. Raises `BadData` for no training rows."""
        del validation
        answers = train.with_format("arrow")[:].column(self.context.target).to_pylist()
        if not answers:
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to take the mean of")
        self.answer = math.fsum(answers) / len(answers)

    def predict(self, questions: Dataset) -> Float[np.ndarray, " question"]:
        """The same number, once per question."""
        return np.full(len(questions), self.answer)
