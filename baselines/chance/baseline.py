"""Answers drawn uniformly from the distinct answers of training: what knowing the possible answers alone is worth.

A floor for every task, not a published method. It looks at no question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datasets import Dataset

    from genbench import Context


class Chance:
    """Remembers which answers there are. The same seed gives the same answers, each time it is asked."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Keep each distinct answer once, in training order; lists are told apart by how they are written.

        Where there is nothing to train on, the classes that the target's feature names are the answers.
        """
        del validation
        self.answers = list(
            {repr(answer): answer for answer in train.data.column(self.context.target).to_pylist()}.values()
        ) or list(range(train.features[self.context.target].num_classes))

    def predict(self, questions: Dataset) -> list[object]:
        """One draw per question."""
        draws = np.random.default_rng(self.context.seed).integers(len(self.answers), size=questions.num_rows)
        return [self.answers[draw] for draw in draws]
