"""Networks that were trained alone and answer together: what one gets wrong by one cue, others need not.

`outputs` is what Lin et al. 2023 (arXiv:2309.17230) put beside single networks on MultiColorMNIST: `members` networks
of two hidden layers from other beginnings, trained by squared error on one-hot labels, whose outputs are averaged.
Where many cues tell the class and each may fail, networks lean on different ones, and the mean leans on more of them.
With one member it is the single network.

`balanced` asks how sure members may be (section 4 of the paper, Balanced Averaging). Two networks, each shown one half
of the columns of `halved` as they are, while the other half is shuffled among the rows of a batch so that it tells
nothing; cross-entropy, and the mean of their probabilities. The first is trained with label smoothing (Szegedy et al.
2016, arXiv:1512.00567) by `smoothing`. Where the second is not, its logits are several times as large and the mean is
nearly its answer alone; `smoothed` trains it in the same way. In the paper the first is a pretrained network and the
second a fine-tuned one, and weights are averaged; here both are trained from the beginning, and outputs are. What it
gains is small here, and gone where members are trained for long: the smoothed one gets worse by itself. Two members of
plain cross-entropy, which are equally sure too, are better than either.

Departures: the paper's networks were trained for more steps, on more rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import counting, ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

METHODS = ("outputs", "balanced")
LEAST = 1e-6  # what an output of squared error counts at least, so that a row of them can be made probabilities


class Ensembles(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train each member. Raises `BadData` for labels below 0, and where a column to be halved is not there."""
        del validation
        target = self.context.target
        self.generators = seeding.Generators(self.context.seed)
        rows, labels = self.rows(train), vector_networks.labels(train, target)
        self.classes = vector_networks.classes(train, target)
        width = int(self.params["width"])
        sizes = [rows.shape[1], width, width, self.classes]
        count = int(self.params["members"]) if self.params["method"] == "outputs" else 2
        self.members = [
            vector_networks.network(sizes, self.generators["weights"]).to(self.device) for _ in range(count)
        ]
        self.parameters = sum(counting.parameters(member) for member in self.members)
        if self.params["method"] == "outputs":
            self.train_members(rows, labels)
        else:
            self.train_halves(rows, labels)

    def train_members(self, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]) -> None:
        """Train all members alike, by squared error."""

        def loss(said: Float[Tensor, "row class"], wanted: Int[Tensor, " row"]) -> Float[Tensor, ""]:
            return functional.mse_loss(said, functional.one_hot(wanted, self.classes).to(said.dtype))

        for member in self.members:
            vector_networks.train(member, rows, labels, loss=loss, **self.settings())

    def train_halves(self, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]) -> None:
        """Train two members, of whom the first sees nothing in the last half of the cues, the second in the first."""
        begin, end = self.halved()
        middle = (begin + end) // 2
        smoothings = (self.params["smoothing"], self.params["smoothing"] if self.params["smoothed"] else 0.0)
        for member, (low, high), smoothing in zip(
            self.members, ((middle, end), (begin, middle)), smoothings, strict=True
        ):

            def loss(
                said: Float[Tensor, "row class"], wanted: Int[Tensor, " row"], much: float = float(smoothing)
            ) -> Float[Tensor, ""]:
                return functional.cross_entropy(said, wanted, label_smoothing=much)

            def changed(
                shown: Float[Tensor, "row number"],
                generator: torch.Generator,
                hidden: slice = slice(low, high),
            ) -> Float[Tensor, "row number"]:
                order = torch.randperm(len(shown), generator=generator)
                other = shown.clone()
                other[:, hidden] = shown[order, hidden]
                return other

            vector_networks.train(member, rows, labels, loss=loss, changed=changed, **self.settings())

    def settings(self) -> dict[str, object]:
        """How each member is trained."""
        return {
            "steps": int(self.params["steps"]),
            "batch": int(self.params["batch"]),
            "rate": float(self.params["learning_rate"]),
            "generators": self.generators,
            "tally": self.tally,
        }

    def halved(self) -> tuple[int, int]:
        """Where the numbers of the column `halved` begin and end in a row."""
        name, begin = str(self.params["halved"]), 0
        for column, kind in self.context.inputs.items():
            length = int(kind.removeprefix("vector(").removesuffix(")"))
            if column == name:
                return begin, begin + length
            begin += length
        raise BadData(
            f"parameter 'halved' is {name!r}; the inputs of {self.context.task} are {', '.join(self.context.inputs)}"
        )

    def each(self, questions: Dataset) -> Float[np.ndarray, "member question class"]:
        """The probabilities of each member."""
        rows = self.rows(questions)
        said = torch.stack([vector_networks.asked(member, rows) for member in self.members])
        if self.params["method"] == "balanced":
            return said.softmax(2).numpy()
        return said.numpy()

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The mean of the members, as probabilities."""
        mean = np.maximum(self.each(questions).mean(0), LEAST)
        return mean / mean.sum(1, keepdims=True)

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "members": (lambda it: it >= 1, "1 or more"),
    "smoothing": (lambda it: 0 <= it < 1, "from 0 to below 1"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
