"""Learning from a stream of new classes with few rows each: what is kept of the stages before.

A network of two hidden layers is first trained on the table `pretraining`, whose signs are never asked. Then each stage
brings a few rows of new classes, and one of:

`finetune`       all weights are trained on, with a head for all classes, on the rows of the stage alone.
`head`           the hidden layers stay as they are; the head is trained on the rows of the stage alone.
`replay`         as `finetune`, on the rows of all stages so far, which are kept.
`nearest_mean`   nothing is trained: the mean of the hidden layer over the rows of each class is kept, and the class
                 with the nearest one, by the angle between them, is the answer (Mensink et al. 2013).

The last is the plainest form of slow weights, which hold what images have in common, beside fast ones, which take in
a class at once: Wang et al. 2021, "Few-shot Continual Learning: a Brain-inspired Approach" (arXiv:2104.09034), train
both, each for its own end, which this does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData, nearest
from genbench.kit import counting, ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

METHODS = ("finetune", "head", "replay", "nearest_mean")
TABLE, LABEL = "pretraining", "sign"  # the table beside train, and its labels
SHARPNESS = 10.0  # of nearest means: by what a cosine is multiplied before it becomes a probability


class StreamLearners(Counted):
    """The submission. `fit` is called once for each stage."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()
        self.generators = seeding.Generators(context.seed)
        self.classes = 0
        self.kept: list[tuple[Float[Tensor, "row number"], Int[Tensor, " row"]]] = []

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Learn from one stage; before the first, pretrain.

        Raises `BadData` without the table for pretraining, and for labels below 0 or beyond those that train names.
        """
        del validation
        rows, labels = self.rows(train), vector_networks.labels(train, self.context.target)
        if not self.classes:
            self.begin(train)
        if int(labels.max()) >= self.classes:
            raise BadData(
                f"{self.context.task}/{self.context.split}: a stage has the label {int(labels.max())}, and the first "
                f"one named {self.classes} classes"
            )
        method = self.params["method"]
        if method == "nearest_mean":
            self.remember(rows, labels)
            return
        if method == "replay":
            self.kept.append((rows, labels))
            rows, labels = (torch.cat(parts) for parts in zip(*self.kept, strict=True))
        if method == "head":
            self.trained(self.head, vector_networks.asked(self.hidden, rows), labels, "stage_steps")
        else:
            self.trained(nn.Sequential(*self.hidden, self.head), rows, labels, "stage_steps")

    def begin(self, train: Dataset) -> None:
        """Pretrain the hidden layers, and make a head for all classes that train names."""
        where = f"{self.context.task}/{self.context.split}"
        if TABLE not in self.context.auxiliary:
            raise BadData(f"{where} has no auxiliary table {TABLE!r}{nearest(TABLE, self.context.auxiliary)}")
        self.classes = vector_networks.classes(train, self.context.target)
        beside = self.context.auxiliary[TABLE]
        rows, signs = self.rows(beside), vector_networks.labels(beside, LABEL)
        width, draw = int(self.params["width"]), self.generators["weights"]
        model = vector_networks.network([rows.shape[1], width, width, int(signs.max()) + 1], draw).to(self.device)
        self.trained(model, rows, signs, "steps")
        self.hidden = model[:-1]
        self.head = vector_networks.network([width, self.classes], draw)[0].to(self.device)
        self.sums = torch.zeros(self.classes, width)
        self.parameters = counting.parameters(self.hidden) + counting.parameters(self.head)

    def remember(self, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]) -> None:
        """Add the directions of some rows to those of their classes."""
        self.sums.index_add_(0, labels, functional.normalize(vector_networks.asked(self.hidden, rows)))

    def trained(
        self, model: nn.Module, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"], steps: str
    ) -> None:
        """Train a model for as many steps as a parameter says."""
        vector_networks.train(
            model,
            rows,
            labels,
            steps=int(self.params[steps]),
            batch=int(self.params["batch"]),
            rate=float(self.params["learning_rate"]),
            generators=self.generators,
            tally=self.tally,
        )

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each class; by nearest means, none of a class that no stage so far has shown."""
        shown = vector_networks.asked(self.hidden, self.rows(questions))
        if self.params["method"] != "nearest_mean":
            return vector_networks.asked(self.head, shown).softmax(1).numpy()
        alike = functional.normalize(shown) @ functional.normalize(self.sums).T * SHARPNESS
        alike[:, self.sums.abs().sum(1) == 0] = -torch.inf
        return alike.softmax(1).numpy()

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "stage_steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
