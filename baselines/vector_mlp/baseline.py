"""A fully connected network on vectors, trained by gradient descent: what it uses is the simplest that will do.

Shah et al. 2020 (arXiv:2006.07710), section 4: rectified linear units, cross-entropy, stochastic gradient descent at a
rate of 0.1 on batches of 256, weights from torch's uniform distribution. The settings are those of the notebooks of
harshays/simplicitybiaspitfalls at 5ce38c44, which end training by the loss, where this one ends by steps.

`shuffled` is ours: before training, ridge regression finds the direction in which a hyperplane would tell the classes
(and, where more are asked for, the next one once that is taken away). In each batch the rows' coordinates along these
directions change places at random, so that they tell nothing, and the network must use what else there is. Least
squares fits the simple coordinate of slabs exactly where it is linear; a coordinate of slabs has no such direction.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import checkpoints, counting, images, ranges, seeding, training, vectors
from genbench.kit.batching import Batches, shuffled
from genbench.kit.optimization import Descent
from genbench.kit.tally import Counted, Tally
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context
    from genbench.kit.batching import Batch

ASKED_AT_ONCE = 8192  # rows; bounds memory
RIDGE = 1e-6  # of the mean square of a number; keeps the equations solvable where a direction has been taken away


class VectorMlp(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for no training rows or a label below 0."""
        del validation
        params, target = self.params, self.context.target
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        labels = torch.tensor(train.with_format("arrow")[:].column(target).to_numpy())
        if int(labels.min()) < 0:
            raise BadData(f"column {target!r} holds {int(labels.min())}; labels are numbers from 0 on")
        classes = len(getattr(train.features[target], "names", [])) or int(labels.max()) + 1
        rows = torch.from_numpy(vectors.matrix(train, self.context.inputs))
        self.generators = seeding.Generators(self.context.seed)
        self.directions = linear_directions(rows, labels, int(params["shuffled"]))
        sizes = [rows.shape[1], *[int(params["width"])] * int(params["depth"]), classes]
        self.model = network(sizes, self.generators["weights"]).to(self.device)
        self.parameters = counting.parameters(self.model)
        gather = images.Gathered(rows, labels)
        probe = gather(torch.arange(min(2, len(rows))))
        operations = counting.operations(lambda: self.loss(self.model, probe).backward()) / probe.rows
        self.model.zero_grad(set_to_none=True)
        self.generators = seeding.Generators(self.context.seed)  # counting drew from them
        yield from training.train(
            self.model,
            self.loss,
            Batches(shuffled(len(rows), int(params["batch"])), gather, self.generators["batches"]),
            Descent(self.model, momentum=float(params["momentum"]), decay=float(params["weight_decay"])),
            budget=Budget(steps=int(params["steps"])),
            rate=lambda _spent: float(params["learning_rate"]),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=lambda sizes: operations * sizes[0],
            generators=self.generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(labels)}),
        )

    def loss(self, model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of a batch, what is to be shuffled shuffled."""
        rows, labels = batch.parts
        if len(self.directions):
            along = rows @ self.directions.T
            order = torch.randperm(len(rows), generator=self.generators["shuffled"])
            rows = rows + (along[order] - along) @ self.directions
        return functional.cross_entropy(model(rows.to(self.device)), labels.to(self.device))

    @torch.no_grad()
    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """The probability of each label."""
        self.model.eval()
        rows = torch.from_numpy(vectors.matrix(questions, self.context.inputs))
        parts = [self.model(part.to(self.device)).softmax(1).cpu() for part in rows.split(ASKED_AT_ONCE)]
        return torch.cat(parts).numpy()


def network(sizes: list[int], generator: torch.Generator) -> nn.Sequential:
    """Linear layers of these sizes with rectified units between; weights and biases uniform, up to 1 / sqrt(inputs)."""
    layers: list[nn.Module] = []
    for given, wanted in itertools.pairwise(sizes):
        layer = nn.Linear(given, wanted)
        bound = 1 / math.sqrt(given)
        with torch.no_grad():
            for weight in (layer.weight, layer.bias):
                weight.copy_((2 * torch.rand(weight.shape, generator=generator) - 1) * bound)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def linear_directions(
    rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"], count: int
) -> Float[Tensor, "direction number"]:
    """Unit vectors along which least squares tells class 1 from the others, each at right angles to those before."""
    centred = rows.double() - rows.double().mean(0)
    wanted = (labels == 1).double() - (labels == 1).double().mean()
    found: list[Tensor] = []
    for _ in range(count):
        square = centred.T @ centred
        square += RIDGE * square.trace() / len(square) * torch.eye(len(square), dtype=torch.float64)
        direction = torch.linalg.solve(square, centred.T @ wanted)
        direction /= direction.norm()
        centred = centred - (centred @ direction)[:, None] * direction
        found.append(direction)
    return torch.stack(found).float() if found else torch.empty(0, rows.shape[1])


RANGES = {
    "width": (lambda it: it > 0, "1 or more"),
    "depth": (lambda it: it >= 0, "0 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "momentum": (lambda it: 0 <= it < 1, "from 0 to below 1"),
    "weight_decay": (lambda it: it >= 0, "0 or more"),
    "shuffled": (lambda it: it >= 0, "0 or more"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
