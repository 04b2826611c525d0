"""A fully connected network on vectors, and ways of training it that are to make it generalize better.

The network is that of `vector_mlp`: rectified units, cross-entropy, gradient descent on small batches. What is changed
is one thing at a time.

`gradient`, what stands for the mean gradient of a batch:

    mean        the mean
    winsorized  in each coordinate the `clipped` largest and smallest of the rows are pulled in first
                (Chatterjee 2020, arXiv:2002.10657; again in Chatterjee & Zielinski 2022, arXiv:2203.10036)
    m3          in each coordinate the middle one of the means of three parts of the batch, and
    rm3         of the means of this batch and the last two (Zielinski, Krishnan & Chatterjee 2020, arXiv:2003.07422)
    sam         the mean gradient where a step of length `rho` up the loss would lead (Foret, Kleiner, Mobahi &
                Neyshabur 2021, arXiv:2010.01412, algorithm 1, with the 2-norm)

`norm`: `batch` normalization (Ioffe & Szegedy 2015) before each layer of units, or `ghost`, where each `chunk` rows of
a batch are normalized by themselves and running statistics take in chunk after chunk (Hoffer, Hubara & Soudry 2017,
arXiv:1705.08741; eladhoffer/bigBatch at 0c69f288). Their rate grows like the square root of the batch, and their
`clip` bounds the gradient's norm. A chunk of a single row, which has no variance, goes by running statistics.

`distillation`, the share of a row's own earlier answer in its target, grows from epoch to epoch up to this (Kim, Ji,
Yoon & Hwang 2021, arXiv:2006.12000, PS-KD): in epoch e of E, from 1, the target is (1 - a) of the label and a of what
the network said of the row in the epoch before, a = distillation * e / E. In the first epoch it is the label alone.

`diagnostics` at each point of the curve: `distance`, how far the weights are from where they began, and `r2_log`,
`r2_sqrt` and `r2_linear`, how well the distances after all steps so far go with log t, sqrt t and t.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue
from genbench.kit import checkpoints, counting, distance, images, ranges, seeding, training, vector_networks, vectors
from genbench.kit.batching import Batches, shuffled
from genbench.kit.optimization import Descent, schedule
from genbench.kit.robust_gradients import GROUPS, by_row, carrying, middle, winsorized
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

MOMENTUM = 0.1  # of running statistics, torch's own


class Norm(nn.Module):
    """Batch normalization by chunks of `chunk` rows; 0 for all rows of a batch at once."""

    def __init__(self, units: int, chunk: int) -> None:
        super().__init__()
        self.chunk = chunk
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))
        self.register_buffer("mean", torch.zeros(units))
        self.register_buffer("variance", torch.ones(units))

    def forward(self, rows: Float[Tensor, "row unit"]) -> Float[Tensor, "row unit"]:
        """Each chunk normalized by itself in training, all rows by the running statistics when asked."""
        parts = rows.split(self.chunk or len(rows)) if self.training else (rows,)
        return torch.cat([self.normalized(part) for part in parts])

    def normalized(self, part: Float[Tensor, "row unit"]) -> Float[Tensor, "row unit"]:
        """One chunk."""
        own = self.training and len(part) > 1
        return functional.batch_norm(part, self.mean, self.variance, self.weight, self.bias, own, MOMENTUM)


class Network(nn.Module):
    """Dense layers with rectified units between, and what training must not forget when it is interrupted."""

    def __init__(self, sizes: list[int], chunk: int | None, generator: torch.Generator) -> None:
        super().__init__()
        dense = [layer for layer in vector_networks.network(sizes, generator) if isinstance(layer, nn.Linear)]
        self.layers = nn.ModuleList(dense)
        self.norms = nn.ModuleList([] if chunk is None else [Norm(units, chunk) for units in sizes[1:-1]])
        self.register_buffer("beginning", distance.flat(self.parameters()))
        self.register_buffer("travelled", torch.zeros(0))  # how far from there after each step
        self.register_buffer("recent", torch.zeros(0))  # the mean gradients of the last two steps
        self.register_buffer("past", torch.zeros(0))  # what was said of each row when it was last seen

    def forward(
        self, rows: Float[Tensor, "row number"], met: list[tuple[nn.Linear, Tensor, Tensor]] | None = None
    ) -> Float[Tensor, "row class"]:
        """The scores of each row. Each layer is put into `met`, with what it was given and gave."""
        for at, layer in enumerate(self.layers):
            found = layer(rows)
            if met is not None:
                met.append((layer, rows, found))
            if at == len(self.layers) - 1:
                break
            rows = torch.relu(self.norms[at](found) if self.norms else found)
        return found


class VectorOptimizers(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        refuse_what_does_not_go_together(self.params)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()
        self.estimate = ESTIMATES[str(self.params["gradient"])]

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for no training rows or a label below 0."""
        del validation
        params, target = self.params, self.context.target
        labels = vector_networks.labels(train, target)
        rows = torch.from_numpy(vectors.matrix(train, self.context.inputs))
        generators = seeding.Generators(self.context.seed)
        classes, batch = vector_networks.classes(train, target), int(params["batch"])
        sizes = [rows.shape[1], *[int(params["width"])] * int(params["depth"]), classes]
        chunk = {"none": None, "batch": 0, "ghost": int(params["chunk"])}[str(params["norm"])]
        self.model = model = Network(sizes, chunk, generators["weights"])
        self.parameters = counting.parameters(model)
        self.per_epoch = math.ceil(len(labels) / batch)
        steps = self.per_epoch * int(params["epochs"])
        model.travelled = torch.zeros(steps)
        if params["gradient"] == "rm3":
            model.recent = torch.zeros(GROUPS - 1, self.parameters)
        if float(params["distillation"]):
            model.past = functional.one_hot(labels, classes).float()
        model.to(self.device)
        gather = images.Gathered(rows, labels, torch.arange(len(labels)))
        operations, height = self.operations(gather), float(params["learning_rate"])
        factor = schedule(str(params["schedule"]), steps, 0.0)
        yield from training.train(
            model,
            self.loss,
            Batches(shuffled(len(rows), batch), gather, generators["batches"]),
            Descent(
                model,
                momentum=float(params["momentum"]),
                decay=float(params["weight_decay"]),
                clip=float(params["clip"]),
            ),
            budget=Budget(steps=steps),
            rate=lambda step: height * factor(step),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=lambda sizes: operations * sizes[0],
            generators=generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(model, {**params, "seed": self.context.seed, "rows": len(labels)}),
        )

    def operations(self, gather: images.Gathered) -> float:
        """Those of a row's share of a step, counted on a copy of the network."""
        probe = gather(torch.zeros(2 * GROUPS, dtype=torch.int64))
        return counting.operations(lambda: self.loss(copy.deepcopy(self.model), probe).backward()) / probe.rows

    def loss(self, model: Network, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of a batch, whose gradient is what stands for the mean."""
        if self.tally.steps:
            model.travelled[self.tally.steps - 1] = self.distance(model)
        return self.estimate(self, model, *(part.to(self.device) for part in batch.parts))

    def losses(
        self, model: Network, scores: Float[Tensor, "row class"], labels: Int[Tensor, " row"], at: Int[Tensor, " row"]
    ) -> Float[Tensor, " row"]:
        """Each row's cross-entropy with its label, or with label and earlier answer; `at` are the rows' places."""
        if not len(model.past):
            return functional.cross_entropy(scores, labels, reduction="none")
        epoch = 1 + self.tally.steps // self.per_epoch
        share = float(self.params["distillation"]) * epoch / int(self.params["epochs"])
        logs = scores.log_softmax(1)
        wanted = (1 - share) * functional.one_hot(labels, scores.shape[1]) + share * model.past[at]
        model.past[at] = logs.detach().exp()
        return -(wanted * logs).sum(1)

    @torch.no_grad()
    def distance(self, model: Network) -> Float[Tensor, ""]:
        """From where the weights began."""
        return (distance.flat(model.parameters()) - model.beginning).norm()

    def diagnostics(self) -> dict[str, float]:
        """How far the weights have travelled, and by which law."""
        steps = self.tally.steps
        self.model.travelled[steps - 1] = now = self.distance(self.model)
        laws = distance.fits(self.model.travelled[:steps].cpu().numpy())
        return {"distance": float(now), **{f"r2_{law}": value for law, value in laws.items()}}

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """The probability of each label."""
        self.model.eval()
        rows = torch.from_numpy(vectors.matrix(questions, self.context.inputs))
        return vector_networks.asked(self.model, rows).softmax(1).numpy()


def of_mean(own: VectorOptimizers, model: Network, rows: Tensor, labels: Tensor, at: Tensor) -> Float[Tensor, ""]:
    """The mean."""
    return own.losses(model, model(rows), labels, at).mean()


def of_winsorized(own: VectorOptimizers, model: Network, rows: Tensor, labels: Tensor, at: Tensor) -> Float[Tensor, ""]:
    """The winsorized mean of the rows' gradients."""
    met: list[tuple[nn.Linear, Tensor, Tensor]] = []
    losses = own.losses(model, model(rows, met), labels, at)
    pulled = torch.autograd.grad(losses.sum(), [found for _, _, found in met])
    weights, gradients, clipped = [], [], int(own.params["clipped"])
    for (layer, given, _), pull in zip(met, pulled, strict=True):
        weights += [layer.weight, layer.bias]
        gradients += [winsorized(part, clipped).to(own.device) for part in by_row(given.detach(), pull)]
    return carrying(losses.mean(), weights, gradients)


def of_m3(own: VectorOptimizers, model: Network, rows: Tensor, labels: Tensor, at: Tensor) -> Float[Tensor, ""]:
    """The middle one of three parts of the batch; of fewer than three rows the mean."""
    weights = list(model.parameters())
    groups = min(GROUPS, len(rows)) if len(rows) >= GROUPS else 1
    parts = zip(*(one.tensor_split(groups) for one in (rows, labels, at)), strict=True)
    losses = [of_mean(own, model, *part) for part in parts]
    gradients = [torch.autograd.grad(loss, weights) for loss in losses]
    return carrying(torch.stack(losses).mean(), weights, [middle(of_one) for of_one in zip(*gradients, strict=True)])


def of_rm3(own: VectorOptimizers, model: Network, rows: Tensor, labels: Tensor, at: Tensor) -> Float[Tensor, ""]:
    """The middle one of this step and the last two; in the first two steps the mean."""
    weights = list(model.parameters())
    loss = of_mean(own, model, rows, labels, at)
    now = distance.flat(torch.autograd.grad(loss, weights))
    found = middle([*model.recent, now] if own.tally.steps >= GROUPS - 1 else [now])
    model.recent.copy_(torch.stack([*model.recent[1:], now]))
    parts = found.split([weight.numel() for weight in weights])
    return carrying(loss, weights, [part.view_as(weight) for part, weight in zip(parts, weights, strict=True)])


def of_sam(own: VectorOptimizers, model: Network, rows: Tensor, labels: Tensor, at: Tensor) -> Float[Tensor, ""]:
    """The mean gradient a step up the loss from here."""
    weights = list(model.parameters())
    loss = of_mean(own, model, rows, labels, at)
    up = torch.autograd.grad(loss, weights)
    longer = float(own.params["rho"]) / (distance.flat(up).norm() + TINY)
    kept = [weight.detach().clone() for weight in weights]
    with torch.no_grad():
        for weight, step in zip(weights, up, strict=True):
            weight.add_(longer * step)
    gradients = torch.autograd.grad(of_mean(own, model, rows, labels, at), weights)
    with torch.no_grad():
        for weight, was in zip(weights, kept, strict=True):
            weight.copy_(was)  # to take the step off again would round
    return carrying(loss, weights, gradients)


TINY = 1e-12  # where there is no gradient there is no step
ESTIMATES = {"mean": of_mean, "winsorized": of_winsorized, "m3": of_m3, "rm3": of_rm3, "sam": of_sam}
NORMS = ("none", "batch", "ghost")
SCHEDULES = ("constant", "linear", "cosine")


def refuse_what_does_not_go_together(params: dict[str, object]) -> None:
    """Raise `BadValue` for parameters that are right each by itself and not together."""
    if params["gradient"] == "winsorized" and params["norm"] != "none":
        raise BadValue(
            f"gradient is winsorized and norm {params['norm']}; a row has no gradient of its own where rows are "
            "normalized together: norm must be none"
        )
    if float(params["distillation"]) and params["gradient"] != "mean":
        raise BadValue(
            f"distillation is {params['distillation']} and gradient {params['gradient']}; what is said of a row is "
            "kept once a step: gradient must be mean"
        )


RANGES = {
    "gradient": (lambda it: it in ESTIMATES, f"one of {', '.join(ESTIMATES)}"),
    "clipped": (lambda it: it >= 0, "0 or more"),
    "rho": (lambda it: it >= 0, "0 or more"),
    "norm": (lambda it: it in NORMS, f"one of {', '.join(NORMS)}"),
    "chunk": (lambda it: it > 1, "2 or more, for one row has no variance"),
    "distillation": (lambda it: 0 <= it <= 1, "from 0 to 1"),
    "width": (lambda it: it > 0, "1 or more"),
    "depth": (lambda it: it >= 0, "0 or more"),
    "epochs": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "schedule": (lambda it: it in SCHEDULES, f"one of {', '.join(SCHEDULES)}"),
    "momentum": (lambda it: 0 <= it < 1, "from 0 to below 1"),
    "weight_decay": (lambda it: it >= 0, "0 or more"),
    "clip": (lambda it: it >= 0, "0 or more; 0 for none"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
