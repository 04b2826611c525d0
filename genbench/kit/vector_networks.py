"""Small fully connected networks on rows of numbers: made, trained for a number of steps, and asked.

What several submissions on vectors share, so that each says only what it does with such networks.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import images, training
from genbench.kit.batching import Batches, shuffled, split
from genbench.kit.optimization import Adam
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.kit.batching import Batch
    from genbench.kit.seeding import Generators
    from genbench.kit.tally import Tally

    Rows = Float[Tensor, "row number"]
    Labels = Int[Tensor, " row"]
    Loss = Callable[[Float[Tensor, "row class"], Labels], Float[Tensor, ""]]

ASKED_AT_ONCE = 8192  # rows; bounds memory


def labels(given: Dataset, column: str) -> Labels:
    """A column of labels. Raises `BadData` for no rows, and for a label below 0."""
    found = torch.tensor(given.with_format("arrow")[:].column(column).to_numpy())
    if not len(found) or int(found.min()) < 0:
        raise BadData(f"column {column!r} must hold labels from 0 on, and some")
    return found


def classes(given: Dataset, column: str) -> int:
    """How many classes a column of labels has: as many as it names, or one more than its largest label."""
    names = getattr(given.features[column], "names", [])
    return len(names) or int(labels(given, column).max()) + 1


def network(sizes: Sequence[int], generator: torch.Generator) -> nn.Sequential:
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


def train(
    model: nn.Module,
    rows: Rows,
    answers: Labels,
    *,
    steps: int,
    batch: int,
    rate: float,
    generators: Generators,
    tally: Tally,
    loss: Loss = functional.cross_entropy,
    changed: Callable[[Rows, torch.Generator], Rows] | None = None,
) -> None:
    """Train by Adam (Kingma & Ba 2015, arXiv:1412.6980) at a constant rate, on shuffled batches; all rows at once fit.

    `loss` is given what the model says of a batch, and its answers. `changed` makes other rows of a batch's, and may
    draw from the generator called "augment". Weights that are not to be trained must not require gradients.
    """

    def of_batch(model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        shown, wanted = batch.parts
        if changed is not None:
            shown = changed(shown, generators["augment"])
        device = next(model.parameters()).device
        return loss(model(shown.to(device)), wanted.to(device))

    batches = Batches(shuffled(len(rows), batch), images.Gathered(rows, answers), generators["batches"])
    optimizer = Adam(model, betas=(0.9, 0.999), epsilon=1e-8)
    budget = Budget(steps=tally.steps + steps)
    for _ in training.train(model, of_batch, batches, optimizer, budget=budget, rate=lambda _spent: rate, tally=tally):
        pass  # no curve is asked for


@torch.no_grad()
def asked(model: nn.Module, rows: Rows) -> Float[Tensor, "row output"]:
    """What a model says of all rows, on the CPU."""
    device = next(model.parameters()).device
    return torch.cat([model(part.to(device)).cpu() for part in split(rows, ASKED_AT_ONCE)])
