"""Features of networks trained on other classes, and a linear probe on few rows of new ones.

Zhang & Bottou 2023 (arXiv:2212.07346; TjuJianyu/RRL at cf818ea): features of several networks that differ by their
seed alone, side by side (CAT), serve a new task better than those of one network of the same size, for one that has
what its own task needs has no reason to learn more. `features` says whose the probe is given:

`networks`    the last hidden layers of `networks` networks, each of `width` units a layer; of one network it is the
              usual transfer.
`two_stage`   the same, but each network is first trained on with a head of its own on the rows of the new task.
`pixels`      no network: the numbers of the row.

The probe is linear, trained by Adam with cross-entropy on features that are centred and scaled to unit variance.

Departures: their networks are residual ones on images; here they are two layers on 196 numbers.
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

FEATURES = ("networks", "two_stage", "pixels")
TABLE, LABEL = "pretraining", "sign"  # the table beside train, and its labels
LEAST = 1e-3  # what a standard deviation counts at least: some units are never active


class TransferFeatures(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train the networks on the classes beside train, and the probe on train.

        Raises `BadData` without the table for pretraining, or for labels below 0.
        """
        del validation
        where = f"{self.context.task}/{self.context.split}"
        if TABLE not in self.context.auxiliary:
            raise BadData(f"{where} has no auxiliary table {TABLE!r}{nearest(TABLE, self.context.auxiliary)}")
        beside = self.context.auxiliary[TABLE]
        self.generators = seeding.Generators(self.context.seed)
        rows, labels = self.rows(train), vector_networks.labels(train, self.context.target)
        classes = vector_networks.classes(train, self.context.target)
        self.layers: list[nn.Module] = []
        if self.params["features"] != "pixels":
            shown, signs = self.rows(beside), vector_networks.labels(beside, LABEL)
            networks = [self.network(shown, signs) for _ in range(int(self.params["networks"]))]
            if self.params["features"] == "two_stage":
                networks = [self.tuned(network, rows, labels, classes) for network in networks]
            self.layers = [network[:-1] for network in networks]
        features = self.features(rows)
        self.centre, self.scale = features.mean(0), features.std(0).clamp(min=LEAST)
        self.probe = self.head(features.shape[1], classes)
        self.trained(self.probe, self.scaled(rows), labels, "probe_steps")
        self.parameters = sum(counting.parameters(layer) for layer in [*self.layers, self.probe])

    def network(self, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]) -> nn.Sequential:
        """A network of two hidden layers, trained on other classes."""
        width = int(self.params["width"])
        sizes = [rows.shape[1], width, width, int(labels.max()) + 1]
        model = vector_networks.network(sizes, self.generators["weights"]).to(self.device)
        self.trained(model, rows, labels, "steps")
        return model

    def tuned(
        self, network: nn.Sequential, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"], classes: int
    ) -> nn.Sequential:
        """The network with a head for the new classes, trained on with it."""
        model = nn.Sequential(*copy.deepcopy(network[:-1]), self.head(int(self.params["width"]), classes))
        self.trained(model, rows, labels, "probe_steps")
        return model

    def head(self, numbers: int, classes: int) -> nn.Module:
        """A linear layer."""
        return vector_networks.network([numbers, classes], self.generators["weights"])[0].to(self.device)

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

    def features(self, rows: Float[Tensor, "row number"]) -> Float[Tensor, "row feature"]:
        """What the probe is given of each row, as it comes."""
        return torch.cat([vector_networks.asked(layer, rows) for layer in self.layers], 1) if self.layers else rows

    def scaled(self, rows: Float[Tensor, "row number"]) -> Float[Tensor, "row feature"]:
        """Features as the probe sees them."""
        return (self.features(rows) - self.centre) / self.scale

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each class."""
        return vector_networks.asked(self.probe, self.scaled(self.rows(questions))).softmax(1).numpy()

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))


RANGES = {
    "features": (lambda it: it in FEATURES, f"one of {', '.join(FEATURES)}"),
    "networks": (lambda it: it >= 1, "1 or more"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "probe_steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
