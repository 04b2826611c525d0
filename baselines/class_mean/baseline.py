"""The nearest class mean: what coarse colours alone say.

An image is reduced to `side` x `side` places, each with the mean of its red, green and blue; a class is the mean of its
images (Mensink et al. 2013, with the Euclidean distance). Probabilities are those of classes that are equally frequent
and normally distributed about their means with one variance for all places, the mean one within the classes. Nothing
is drawn, so seeds do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from torch.nn import functional

from genbench.errors import BadData, BadValue
from genbench.kit import images, seeding

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

AT_ONCE = 1024  # images; bounds memory


class ClassMean:
    """Keeps one mean a class; a class without images is never answered."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.side = int(context.params["side"])
        if self.side < 1:
            raise BadValue(f"side is {self.side}; it must be 1 or more")
        seeding.prepare("cpu", context.threads)
        self.image = next(name for name, kind in context.inputs.items() if kind == "image")

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Take the means. Raises `BadData` for no training rows."""
        del validation
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        labels = np.array(train.with_format("arrow")[:].column(self.context.target).to_numpy())
        self.known, which, counts = np.unique(labels, return_inverse=True, return_counts=True)
        coarse = self.coarse(train)
        summed = np.zeros((len(self.known), coarse.shape[1]))
        np.add.at(summed, which, coarse)
        self.means = summed / counts[:, None]
        spread = float(((coarse - self.means[which]) ** 2).mean()) * len(labels) / max(1, len(labels) - len(self.known))
        self.variance = max(spread, 1.0)  # of bytes; 1 where each class is one image
        self.parameters = self.means.size

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """The probability of each label."""
        coarse = self.coarse(questions)
        found = np.zeros((len(coarse), int(self.known[-1]) + 1))
        # -|x - m|^2 / 2 v, but for what is the same for all classes
        scores = (coarse @ self.means.T - (self.means**2).sum(1) / 2) / self.variance
        scores = np.exp(scores - scores.max(1, keepdims=True))
        found[:, self.known] = scores / scores.sum(1, keepdims=True)
        return found

    def coarse(self, given: Dataset) -> Float[np.ndarray, "row place"]:
        """Images as means of their places."""
        parts = images.decoded(given, self.image).split(AT_ONCE)
        reduced = [functional.adaptive_avg_pool2d(part.float(), self.side).flatten(1).numpy() for part in parts]
        return np.concatenate(reduced).astype(np.float64)
