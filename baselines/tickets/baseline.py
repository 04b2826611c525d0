"""Grokking tickets: the part of a network that has generalized, put back to where it began and trained alone.

Minegishi, Iwasawa & Matsuo 2023 (arXiv:2310.19470); settings of gouki510/Grokking-Tickets at bd705c8c. The network is
theirs: the inputs' vectors of 500 numbers, added, go through 48 rectified units and back to 500 numbers, whose products
with a vector an output are the scores; no biases. It is trained on all rows at once by AdamW, its loss in float64, for
in float32 a ticket first generalizes and then forgets.

    dense       all weights, with weight decay: it memorizes, and generalizes much later
    ticket      the dense network's largest weights over all four matrices, `kept` of them, with the values they began
                with; the others are 0 and stay so. No weight decay
    memorised   a ticket by the weights of the dense network at `memorised_steps`, when it has only memorized
    random      as many weights, drawn
    scaled      all weights, made smaller until their absolute values add up to the ticket's

The last three are the paper's controls. Steps are those of the network that answers: what it took to find a ticket,
`dense_steps`, comes on top, in the seconds and in the operations that are told. The release prunes at the end of
training, of a share of rows (.4) with which the dense network needs more steps than two cores have patience for; here
it is the step that the card says, since a submission sees no question to stop by.

Departures: no unit that lost all of its weights is brought back, as the release's HEAD does, nor has the dense
network's loss its .003 of the absolute weights. The first two matrices, and the last two, are multiplied by each other
before any row passes, which computes the same scores in a tenth of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from genbench.kit import ranges, seeding
from genbench.kit.curve import PREFERRED
from genbench.kit.optimization import Adam
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.whole_numbers import examples, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

KINDS = ("dense", "ticket", "memorised", "random", "scaled")
BETAS = (0.9, 0.98)  # as released, as is EPSILON
EPSILON = 1e-8


class Network(nn.Module):
    """Four matrices, and what is left of each: `masks` of ones and zeros, all ones at first."""

    def __init__(self, p: int, width: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        sizes = [(p, width), (width, units), (units, width), (width, p)]
        self.weights = nn.ParameterList(
            torch.randn(given, made, generator=generator) * given**-0.5 for given, made in sizes
        )
        self.masks = [torch.ones_like(weight) for weight in self.weights]

    def kept(self) -> list[Tensor]:
        """The matrices, without what is masked."""
        return [weight * mask for weight, mask in zip(self.weights, self.masks, strict=True)]

    def forward(self, rows: Int[Tensor, "sample input"]) -> Float[Tensor, "sample p"]:
        """The scores."""
        embedding, inwards, outwards, scoring = self.kept()
        first = embedding @ inwards
        hidden = first[rows[:, 0]]
        for column in rows.T[1:]:
            hidden = hidden + first[column]
        return hidden.relu() @ (outwards @ scoring)


class Tickets(CountedTokens):
    """The submission: `fit` yields at the steps of `PREFERRED` and at the last, of the network that answers."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Find the ticket and train it. Raises `ValueError` for negative values, which have no vector."""
        del validation
        params, kind = self.params, str(self.params["kind"])
        values, target, self.p = examples(train, self.context)
        self.rows = torch.from_numpy(values).to(self.device)
        self.wanted = torch.tensor(target, device=self.device)
        generators = seeding.Generators(self.context.seed)
        width, units = int(params["width"]), int(params["units"])
        self.network = Network(self.p, width, units, generators["weights"]).to(self.device)
        self.network.masks = [mask.to(self.device) for mask in self.network.masks]
        if kind in {"ticket", "memorised", "scaled"}:
            began = [weight.detach().clone() for weight in self.network.weights]
            steps = int(params["memorised_steps" if kind == "memorised" else "dense_steps"])
            for _ in self.trained(steps, float(params["dense_decay"])):
                pass
            masks = largest([weight.detach().abs() for weight in self.network.weights], float(params["kept"]))
            self.put_back(began, masks, scaled=kind == "scaled")
        elif kind == "random":
            drawn = [torch.rand(weight.shape, generator=generators["masks"]) for weight in self.network.weights]
            self.network.masks = [mask.to(self.device) for mask in largest(drawn, float(params["kept"]))]
        self.parameters = int(sum(mask.sum() for mask in self.network.masks))
        decay = float(params["dense_decay"]) if kind == "dense" else 0.0
        for step in self.trained(int(params["steps"]), decay):
            if step in PREFERRED or step == int(params["steps"]):
                yield step

    def trained(self, steps: int, decay: float) -> Iterator[int]:
        """Train what the masks leave, and give each step's number."""
        optimizer = Adam(self.network, betas=BETAS, epsilon=EPSILON, decay=decay)
        width, units = int(self.params["width"]), int(self.params["units"])
        products = 2 * self.p * width * units + len(self.rows) * units * self.p  # of a step, forward
        for step in range(1, steps + 1):
            functional.cross_entropy(self.network(self.rows).double(), self.wanted).backward()
            optimizer.step(float(self.params["learning_rate"]))
            self.tally.count(len(self.rows), len(self.rows) * (self.rows.shape[1] + 1), 6.0 * products)
            yield step

    @torch.no_grad()
    def put_back(self, began: list[Tensor], masks: list[Tensor], *, scaled: bool) -> None:
        """Where the weights began: those of the masks, or all of them at the size which those have together."""
        size = sum(float((weight * mask).abs().sum()) for weight, mask in zip(began, masks, strict=True))
        factor = size / sum(float(weight.abs().sum()) for weight in began) if scaled else 1.0
        for weight, first in zip(self.network.weights, began, strict=True):
            weight.copy_(factor * first)
        if not scaled:
            self.network.masks = masks

    @torch.no_grad()
    def diagnostics(self) -> dict[str, float]:
        """The loss on training rows, and the size of the weights that are left."""
        kept = self.network.kept()
        return {
            "loss": float(functional.cross_entropy(self.network(self.rows).double(), self.wanted)),
            "weight_norm": float(sum(weight.square().sum() for weight in kept)) ** 0.5,
            "absolute_weights": float(sum(weight.abs().sum() for weight in kept)),
        }

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[int]:
        """The output with the highest score; a value that no training row can hold counts as 0."""
        values = side_by_side(questions, self.context.inputs)
        known = np.where((values >= 0) & (values < self.p), values, 0)
        return self.network(torch.from_numpy(known).to(self.device)).argmax(1).tolist()


def largest(scores: list[Tensor], kept: float) -> list[Tensor]:
    """Masks of ones where a score is among the largest over all matrices, all but int((1 - kept) of them)."""
    flat = torch.cat([score.flatten() for score in scores])
    dropped = int((1 - kept) * len(flat))
    if not dropped:
        return [torch.ones_like(score) for score in scores]
    bound = flat.kthvalue(dropped).values
    return [(score > bound).to(score.dtype) for score in scores]


RANGES = {
    "kind": (lambda it: it in KINDS, f"one of {', '.join(KINDS)}"),
    "kept": (lambda it: 0 < it <= 1, "above 0, and at most 1"),
    **{
        name: (lambda it: it > 0, "1 or more") for name in ("steps", "dense_steps", "memorised_steps", "width", "units")
    },
    "learning_rate": (lambda it: it > 0, "above 0"),
    "dense_decay": (lambda it: it >= 0, "0 or more"),
}
