"""Several answers to the same training rows, driven apart on unlabelled ones, and one of them chosen by a few labels.

`dbat`: networks trained one after another (D-BAT, Pagliardini et al. 2022, arXiv:2202.04414; mpagli/Agree-to-Disagree
at d885916, src/main.py). The loss of each is cross-entropy, and on unlabelled rows, as a mean over the networks before
it,

    -log(p1 (1 - p2) + p2 (1 - p1) + 1e-7)

with p1 the earlier network's probability of the class that it finds likeliest and p2 the later one's of that class: it
asks for disagreement, row by row.

`divdis`: heads on one trunk (DivDis, Lee, Yao & Finn 2022, arXiv:2202.03418; yoonholee/DivDis at b9de1a6, divdis.py).
The loss is the heads' mean cross-entropy and, on unlabelled rows, the mutual information of each pair of heads, in
nats: it asks for independence over the whole batch.

`weight` is what the second term counts; 0 leaves an ordinary ensemble, or ordinary heads. Which of the answers is meant
nothing of that says. It is chosen as DivDis does it: of the validation rows the `queried` ones on which the answers lie
furthest apart are looked up, and the answer that is right there most often is given, of equals the earliest.

Networks are those of D-BAT's two-dimensional notebook, layers of 128 with leaky rectified units, trained by Adam. What
that notebook adds to unlabelled rows, disturbed inputs, is left out, and `weight` is 1 where it is .01.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData, nearest
from genbench.kit import counting, images, ranges, seeding, training, vectors
from genbench.kit.batching import Batches, shuffled
from genbench.kit.optimization import Adam
from genbench.kit.tally import Counted, Tally
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasets import Dataset
    from jaxtyping import Float
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.batching import Batch

METHODS = ("dbat", "divdis")
UNLABELLED = "unlabelled"  # the table beside train
EPSILON = 1e-7  # theirs, in the logarithm
TINY = 1e-12  # under the logarithms of mutual information, where a joint probability may be 0


class Network(nn.Module):
    """Layers with one or more linear heads; weights as torch draws them, from the generator that is given."""

    def __init__(
        self, numbers: int, classes: int, heads: int, params: Mapping[str, Value], generator: torch.Generator
    ) -> None:
        super().__init__()
        width = int(params["width"])
        self.heads, self.classes = heads, classes
        with torch.random.fork_rng(devices=[]):  # layers draw from the global generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            sizes = [numbers, *[width] * int(params["depth"])]
            layers = [nn.Linear(given, wanted) for given, wanted in itertools.pairwise(sizes)]
            self.trunk = nn.Sequential(*(part for layer in layers for part in (layer, nn.LeakyReLU())))
            self.last = nn.Linear(width, heads * classes)

    def forward(self, rows: Float[Tensor, "row number"]) -> Float[Tensor, "row head class"]:
        """The scores of each head."""
        return self.last(self.trunk(rows)).unflatten(1, (self.heads, self.classes))


class Diversification(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train all answers, and choose one.

        Raises `BadData` for a split without unlabelled or validation rows, no training rows, or a label below 0.
        """
        where = f"{self.context.task}/{self.context.split}"
        if UNLABELLED not in self.context.auxiliary:
            raise BadData(f"{where} has no auxiliary table {UNLABELLED!r}{nearest(UNLABELLED, self.context.auxiliary)}")
        if not validation:
            raise BadData(f"{where} has no validation rows to choose between answers by")
        labels = self.labels(train)
        if not len(labels) or int(labels.min()) < 0:
            raise BadData(f"column {self.context.target!r} must hold labels from 0 on, and some")
        rows = self.rows(train)
        classes = len(getattr(train.features[self.context.target], "names", [])) or int(labels.max()) + 1
        generators = seeding.Generators(self.context.seed)
        together = self.params["method"] == "divdis"
        count = int(self.params["answers"])
        self.networks = [
            Network(rows.shape[1], classes, count if together else 1, self.params, generators["weights"])
            for _ in range(1 if together else count)
        ]
        self.parameters = sum(counting.parameters(network) for network in self.networks)
        size = int(self.params["batch"])
        beside = self.rows(self.context.auxiliary[UNLABELLED])
        batches = Batches(shuffled(len(rows), size), images.Gathered(rows, labels), generators["batches"])
        self.others = Batches(shuffled(len(beside), size), images.Gathered(beside), generators["unlabelled"])
        for number, network in enumerate(self.networks):
            network.to(self.device)
            self.train(network, self.networks[:number], batches, (number + 1) * int(self.params["steps"]))
        self.chosen = self.choose(self.probabilities(self.rows(validation)), self.labels(validation))

    def train(self, network: Network, before: list[Network], batches: Batches, end: int) -> None:
        """Train one network up to step `end` of all; those of `before` stay as they are."""
        weight = float(self.params["weight"])

        def loss(model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
            rows, labels = batch.parts
            said = model(rows.to(self.device))
            every = labels.to(self.device)[:, None].expand(-1, said.shape[1])
            error = functional.cross_entropy(said.flatten(0, 1), every.flatten())
            if not weight or (network.heads == 1 and not before):
                return error
            unlabelled = next(self.others).parts[0].to(self.device)
            own = model(unlabelled).softmax(2)
            if network.heads > 1:
                return error + weight * mutual_information(own)
            with torch.no_grad():
                earlier = [other(unlabelled).softmax(2)[:, 0] for other in before]
            return error + weight * torch.stack([agreement(one, own[:, 0]) for one in earlier]).mean()

        steps = training.train(
            network,
            loss,
            batches,
            Adam(network, betas=(0.9, 0.999), epsilon=1e-8),
            budget=Budget(steps=end),
            rate=lambda _spent: float(self.params["learning_rate"]),
            tally=self.tally,
        )
        for _ in steps:  # none: no curve is asked for, since only the last step has an answer to choose
            pass

    def choose(self, said: Float[np.ndarray, "answer row class"], labels: Tensor) -> int:
        """The answer that is right most often where answers lie furthest apart."""
        asked = np.argsort(-apart(said), kind="stable")[: int(self.params["queried"])]
        right = (said[:, asked].argmax(2) == labels.numpy()[asked]).mean(1)
        return int(right.argmax())

    @torch.no_grad()
    def probabilities(self, rows: Float[Tensor, "row number"]) -> Float[np.ndarray, "answer row class"]:
        """What each answer says of each row."""
        said = [network(rows.to(self.device)).softmax(2).cpu() for network in self.networks]
        return torch.cat(said, 1).transpose(0, 1).numpy()

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """The probability of each label, by the answer that was chosen."""
        return self.probabilities(self.rows(questions))[self.chosen]

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))

    def labels(self, given: Dataset) -> Tensor:
        """The label of each row."""
        return torch.tensor(given.with_format("arrow")[:].column(self.context.target).to_numpy())


def agreement(earlier: Float[Tensor, "row class"], later: Float[Tensor, "row class"]) -> Float[Tensor, ""]:
    """D-BAT's term, large where two networks agree on the class that the earlier finds likeliest."""
    first, likeliest = earlier.max(1)
    second = later.gather(1, likeliest[:, None])[:, 0]
    return -torch.log(first * (1 - second) + second * (1 - first) + EPSILON).mean()


def mutual_information(said: Float[Tensor, "row head class"]) -> Float[Tensor, ""]:
    """DivDis's term, in nats: a mean over pairs of heads of KL(their joint || the product of both), 0 for one head."""
    alone = said.mean(0)
    pairs = []
    for first in range(said.shape[1]):
        for second in range(first + 1, said.shape[1]):
            joint = said[:, first].T @ said[:, second] / len(said)
            product = alone[first][:, None] * alone[second][None, :]
            pairs.append((joint * ((joint + TINY).log() - (product + TINY).log())).sum())
    return torch.stack(pairs).mean() if pairs else said.new_zeros(())


def apart(said: Float[np.ndarray, "answer row class"]) -> Float[np.ndarray, " row"]:
    """How far the answers lie apart on each row: the mean absolute difference over all pairs and classes."""
    return np.abs(said[:, None] - said[None, :]).mean((0, 1, 3))


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "answers": (lambda it: it >= 1, "1 or more"),
    "weight": (lambda it: it >= 0, "0 or more"),
    "queried": (lambda it: it >= 1, "1 or more"),
    "width": (lambda it: it > 0, "1 or more"),
    "depth": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
