"""A network pretrained elsewhere, and what to do with it where few rows are given and other cues tell the class.

The rows of the auxiliary table `pretraining`, of the same classes (its column `digit`), train a network of two hidden
layers. Then come the rows of train, and one of:

`fine_tuned`       all weights of a copy are trained on.
`weight_average`   the mean of the weights before and after that, by `share` of the latter: WiSE-FT (Wortsman et al.
                   2022, arXiv:2109.01903).
`heads`            the network stays as it is; a linear head on each hidden layer is trained.
`small`            a network of one hidden layer of its own, which was never pretrained.
`levi`             both: the sum of the log-probabilities of the heads and of the small network, after LEVI (Roh et al.
                   2024, arXiv:2402.04644), whose idea it is to ensemble intermediate layers of the pretrained network
                   with a small one that is free of what pretraining taught. Here all parts are trained apart; there
                   adapting layers connect them and one loss trains all.
`outputs`          the fine-tuned and the small network, the mean of their probabilities: an ordinary ensemble of two.

Weights averaged are not better than fine-tuned ones on these small networks; it is here as what was tried.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
from torch import nn

from genbench.errors import BadData, nearest
from genbench.kit import counting, ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

METHODS = ("fine_tuned", "weight_average", "heads", "small", "levi", "outputs")
TABLE, LABEL = "pretraining", "digit"  # the table beside train, and its labels
FIRST, SECOND = 2, 4  # modules of the network up to each hidden layer


class FineTuning(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Pretrain, then learn what the method asks for.

        Raises `BadData` without the table for pretraining, or where its labels are not those of train.
        """
        del validation
        where = f"{self.context.task}/{self.context.split}"
        if TABLE not in self.context.auxiliary:
            raise BadData(f"{where} has no auxiliary table {TABLE!r}{nearest(TABLE, self.context.auxiliary)}")
        beside = self.context.auxiliary[TABLE]
        self.generators = seeding.Generators(self.context.seed)
        labels, elsewhere = vector_networks.labels(train, self.context.target), vector_networks.labels(beside, LABEL)
        self.classes = vector_networks.classes(train, self.context.target)
        if int(elsewhere.max()) >= self.classes:
            raise BadData(
                f"{where}: table {TABLE!r} has the label {int(elsewhere.max())}; train has {self.classes} classes"
            )
        rows, method = self.rows(train), self.params["method"]
        self.parts: list[nn.Module] = []
        if method != "small":
            pretrained = self.pretrained(self.rows(beside), elsewhere)
        if method in {"fine_tuned", "weight_average", "outputs"}:
            tuned = self.trained(copy.deepcopy(pretrained), rows, labels, "tuning_steps")
            if method == "weight_average":
                averaged(tuned, pretrained, float(self.params["share"]))
            self.parts.append(tuned)
        if method in {"heads", "levi"}:
            self.parts += self.heads(pretrained, rows, labels)
        if method in {"small", "levi", "outputs"}:
            sizes = [rows.shape[1], int(self.params["small"]), self.classes]
            small = vector_networks.network(sizes, self.generators["weights"]).to(self.device)
            self.parts.append(self.trained(small, rows, labels, "tuning_steps", "own_rate"))
        self.parameters = sum(counting.parameters(part) for part in self.parts)

    def pretrained(self, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]) -> nn.Sequential:
        """A network of two hidden layers, trained on the rows for pretraining."""
        width = int(self.params["width"])
        sizes = [rows.shape[1], width, width, self.classes]
        model = vector_networks.network(sizes, self.generators["weights"]).to(self.device)
        return self.trained(model, rows, labels, "pretraining_steps")

    def heads(
        self, pretrained: nn.Sequential, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]
    ) -> list[nn.Module]:
        """For each hidden layer of the network, which stays as it is, that much of it and a linear head."""
        found: list[nn.Module] = []
        pretrained.requires_grad_(requires_grad=False)
        for end in (FIRST, SECOND):
            below = pretrained[:end]
            head = vector_networks.network([int(self.params["width"]), self.classes], self.generators["weights"])
            head = head.to(self.device)
            self.trained(head, vector_networks.asked(below, rows), labels, "tuning_steps", "own_rate")
            found.append(nn.Sequential(below, head))
        return found

    def trained(
        self,
        model: nn.Module,
        rows: Float[Tensor, "row number"],
        labels: Int[Tensor, " row"],
        steps: str,
        rate: str = "learning_rate",
    ) -> nn.Module:
        """The model, after as many steps and at such a rate as two parameters say."""
        vector_networks.train(
            model,
            rows,
            labels,
            steps=int(self.params[steps]),
            batch=int(self.params["batch"]),
            rate=float(self.params[rate]),
            generators=self.generators,
            tally=self.tally,
        )
        return model

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each class, by all parts together."""
        rows = self.rows(questions)
        said = torch.stack([vector_networks.asked(part, rows) for part in self.parts])
        if self.params["method"] == "outputs":
            return said.softmax(2).mean(0).numpy()
        return said.log_softmax(2).sum(0).softmax(1).numpy()

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))


@torch.no_grad()
def averaged(after: nn.Module, before: nn.Module, share: float) -> None:
    """Move each weight of `after` towards that of `before`, to `share` of itself."""
    for own, other in zip(after.parameters(), before.parameters(), strict=True):
        own.lerp_(other, 1 - share)


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "share": (lambda it: 0 <= it <= 1, "from 0 to 1"),
    "width": (lambda it: it > 0, "1 or more"),
    "small": (lambda it: it > 0, "1 or more"),
    "pretraining_steps": (lambda it: it > 0, "1 or more"),
    "tuning_steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "own_rate": (lambda it: it > 0, "above 0"),
}
