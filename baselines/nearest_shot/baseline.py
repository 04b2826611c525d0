"""The class of the nearest shot: what a learner that reads its shots should know without any training.

Of the shots of a question the one at the least Euclidean distance from what is asked gives its label; of equally near
ones the first. A question without shots is answered with the commonest label of training. Ours; beside
`meta_learner` on `in_context` it tells what 24 shots are worth to a rule that is told what shots are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.kit import shots, vector_networks

if TYPE_CHECKING:
    from datasets import Dataset

    from genbench import Context


class NearestShot:
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Count labels. Raises `BadData` for no rows, a label below 0, and inputs that are no shots."""
        del validation
        shots.columns(self.context.inputs)
        self.classes = vector_networks.classes(train, self.context.target)
        counts = np.bincount(vector_networks.labels(train, self.context.target), minlength=self.classes)
        self.commonest = int(counts.argmax())

    def predict(self, questions: Dataset) -> np.ndarray:
        """One for the label of the nearest shot, 0 for the others; a label that is no class counts as the commonest."""
        tokens, labels, lengths = shots.sequences(questions, self.context.inputs)
        said = np.zeros((len(tokens), self.classes))
        for row, (own, count) in enumerate(zip(labels, lengths, strict=True)):
            answer = self.commonest
            if count:
                away = ((tokens[row, :count].astype(np.float64) - tokens[row, count]) ** 2).sum(1)
                answer = int(own[away.argmin()])
            said[row, answer if 0 <= answer < self.classes else self.commonest] = 1
        return said
