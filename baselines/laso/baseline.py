"""Label-set operations: three networks that make features of two scenes' features, and rules that do without.

A classifier of two layers is trained on single scenes, by binary cross-entropy, and then stays as it is. What becomes
of an operation on two scenes is what `method` says:

    networks                 one network for each operation makes features of the features of both, so that the
                             classifier finds the labels that the operation leaves (LaSO, Alfassy et al. 2019,
                             arXiv:1902.09811; leokarlin/LaSO at eea81de)
    feature_arithmetic       the larger of both features, the smaller, or the difference cut off at zero, classified
    probability_arithmetic   the classifier's p of the one and q of the other: p + q - p q, p q, and p (1 - q)

The two rules are trained on no operation, and are what the networks are to be held against. `itself` is the
classifier's answer about the first scene.

Departures: the paper's networks are larger and on features of photographs, its classifier is trained with them and its
losses include distances that keep features from collapsing and an operation from depending on the order; here they are
trained by the labels alone.
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
    from jaxtyping import Float
    from torch import Tensor

    from genbench import Context

    Rows = Float[Tensor, "row number"]

ITSELF = "itself"
OPERATIONS = ("union", "intersection", "subtraction")
METHODS = ("networks", "feature_arithmetic", "probability_arithmetic")
OF_FEATURES = {
    "union": torch.maximum,
    "intersection": torch.minimum,
    "subtraction": lambda a, b: (a - b).clamp(min=0),
}
OF_PROBABILITIES = {
    "union": lambda p, q: p + q - p * q,
    "intersection": lambda p, q: p * q,
    "subtraction": lambda p, q: p * (1 - q),
}


class Laso(Counted):
    """The submission: answers a number from 0 to 1 for each label."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        self.where = f"{context.task}/{context.split}"
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train the classifier, and networks of operations where they are asked for.

        Raises `BadData` for targets other than 0 and 1, an operation that is none, and one without rows.
        """
        del validation
        a, b, operations = self.parts(train)
        labels = torch.from_numpy(vectors.matrix(train, [self.context.target]))
        if not bool(((labels == 0) | (labels == 1)).all()):
            raise BadData(f"{self.where}: column {self.context.target!r} must hold 0 and 1 in training")
        self.generators = seeding.Generators(self.context.seed)
        width, numbers = int(self.params["width"]), a.shape[1]
        self.classifier = self.made([numbers, width, labels.shape[1]])
        own = self.own(operations, ITSELF)
        self.train(self.classifier, a[own], labels[own])
        self.classifier.requires_grad_(False)
        self.parameters = counting.parameters(self.classifier)
        self.networks = {}
        if self.params["method"] != "networks":
            return
        for operation in OPERATIONS:
            own = self.own(operations, operation)
            network = self.networks[operation] = self.made([2 * numbers, 2 * width, numbers])
            self.train(nn.Sequential(network, self.classifier), torch.cat([a, b], 1)[own], labels[own])
            self.parameters += counting.parameters(network)

    def made(self, sizes: list[int]) -> nn.Sequential:
        """A network of these sizes, on the device."""
        return vector_networks.network(sizes, self.generators["weights"]).to(self.device)

    def train(self, model: nn.Module, rows: Rows, labels: Rows) -> None:
        """Train what of a model may change, to give the labels."""
        vector_networks.train(
            model,
            rows,
            labels,
            steps=int(self.params["steps"]),
            batch=int(self.params["batch"]),
            rate=float(self.params["learning_rate"]),
            generators=self.generators,
            tally=self.tally,
            loss=functional.binary_cross_entropy_with_logits,
        )

    def own(self, operations: list[str], operation: str) -> Tensor:
        """The rows of an operation. Raises `BadData` where there is none."""
        rows = torch.tensor([one == operation for one in operations]).nonzero()[:, 0]
        if not len(rows):
            raise BadData(f"{self.where} has no training rows of the operation {operation!r}")
        return rows

    def parts(self, given: Dataset) -> tuple[Rows, Rows, list[str]]:
        """Both features and the operation of each row. Raises `BadData` for an operation that is none."""
        operations = given["operation"][:]
        known = (*OPERATIONS, ITSELF)
        if odd := [row for row, one in enumerate(operations) if one not in known]:
            name = operations[odd[0]]
            raise BadData(f"{self.where}: row {odd[0]} has the operation {name!r}{nearest(name, known)}")
        a, b = (torch.from_numpy(vectors.matrix(given, [name])) for name in ("a", "b"))
        return a, b, operations

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """How likely each label is in what the operation leaves."""
        a, b, operations = self.parts(questions)
        first, second = self.likely(a), self.likely(b)
        answers = first.clone()
        for operation in set(operations) - {ITSELF}:
            own = self.own(operations, operation)
            if self.params["method"] == "probability_arithmetic":
                answers[own] = OF_PROBABILITIES[operation](first[own], second[own])
            elif self.params["method"] == "feature_arithmetic":
                answers[own] = self.likely(OF_FEATURES[operation](a[own], b[own]))
            else:
                made = vector_networks.asked(self.networks[operation], torch.cat([a[own], b[own]], 1))
                answers[own] = self.likely(made)
        return answers.numpy()

    def likely(self, rows: Rows) -> Float[Tensor, "row label"]:
        """The classifier's probabilities."""
        return vector_networks.asked(self.classifier, rows).sigmoid()


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
