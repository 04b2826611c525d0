"""Answers to a word about an image: by a small network, or by the nearest mean image of each answer.

`network`: two hidden layers of rectified units read the numbers of the image and which word is asked, and give the
likeliest answer. A word that training lacks is no input at all. Of the numbers the mean over training is taken away,
for images are mostly dark. `sees` hides one of both: `image` answers without the word, `question` without the image.

`class_mean`: for each word the mean image of each answer, and of a question the answer whose mean is nearest (Mensink
et al. 2013, with the Euclidean distance); of a word that training lacks, over all its rows. Nothing is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genbench.errors import BadData
from genbench.kit import counting, ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

METHODS = ("network", "class_mean")
SEES = ("both", "image", "question")


class ImageQuestion(Counted):
    """The submission. Raises `BadData` for a task without one column of words and one or more of vectors."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        self.device = seeding.prepare(context.device, context.threads)
        words = [name for name, kind in context.inputs.items() if kind == "string"]
        self.images = [name for name in context.inputs if name not in words]
        if len(words) != 1 or not self.images:
            raise BadData(
                f"{context.task}/{context.split}: the inputs are {', '.join(context.inputs)}; one must be a string, "
                "the others vectors"
            )
        (self.word,) = words
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Learn. Raises `BadData` for labels below 0, and for none."""
        del validation
        labels = vector_networks.labels(train, self.context.target)
        self.classes = vector_networks.classes(train, self.context.target)
        self.words = sorted(set(train[self.word][:]))
        if self.params["method"] == "class_mean":
            self.take_means(self.pixels(train), train[self.word][:], labels.numpy())
            return
        self.middle = float(self.pixels(train).mean())
        rows = self.rows(train)
        generators = seeding.Generators(self.context.seed)
        width = int(self.params["width"])
        self.model = vector_networks.network([rows.shape[1], width, width, self.classes], generators["weights"])
        self.model.to(self.device)
        self.parameters = counting.parameters(self.model)
        vector_networks.train(
            self.model,
            rows,
            labels,
            steps=int(self.params["steps"]),
            batch=int(self.params["batch"]),
            rate=float(self.params["learning_rate"]),
            generators=generators,
            tally=self.tally,
        )

    def take_means(
        self, pixels: Float[np.ndarray, "row number"], words: list[str], labels: Int[np.ndarray, " row"]
    ) -> None:
        """The mean image of each answer, for each word, and for all together under the name None."""
        self.means = {}
        for word in (None, *self.words):
            own = np.array([word in (None, one) for one in words])
            known = np.unique(labels[own])
            self.means[word] = known, np.stack([pixels[own & (labels == label)].mean(0) for label in known])
        self.parameters = sum(means.size for _, means in self.means.values())

    def predict(self, questions: Dataset) -> Int[np.ndarray, " question"]:
        """The likeliest answer, or that of the nearest mean."""
        if self.params["method"] == "network":
            return vector_networks.asked(self.model, self.rows(questions)).argmax(1).numpy()
        answers = np.empty(len(questions), np.int64)
        pixels, words = self.pixels(questions), questions[self.word][:]
        for word in set(words):
            known, means = self.means[word if word in self.means else None]
            own = np.array([one == word for one in words])
            # |x - m|^2, but for what is the same for all means
            answers[own] = known[((means**2).sum(1) - 2 * pixels[own] @ means.T).argmin(1)]
        return answers

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """What the network reads of each row: the image's numbers, and a 1 for its word; zeros where it sees none."""
        pixels = self.pixels(given) - self.middle
        asked = np.array([[float(word == one) for one in self.words] for word in given[self.word][:]], np.float32)
        asked = asked.reshape(len(pixels), len(self.words))
        if self.params["sees"] == "image":
            asked[:] = 0
        elif self.params["sees"] == "question":
            pixels = np.zeros_like(pixels)
        return torch.from_numpy(np.concatenate([pixels, asked], axis=1))

    def pixels(self, given: Dataset) -> Float[np.ndarray, "row number"]:
        """The numbers of each image."""
        return vectors.matrix(given, self.images)


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "sees": (lambda it: it in SEES, f"one of {', '.join(SEES)}"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
