"""A two-layer convolutional network of cubic filters, and two ways to keep it from using the easy feature alone.

Nguyen, Haddad, Gan & Mirzasoleiman 2024 (arXiv:2404.17768), whose theory is of such networks: f(x) is the sum over
filters w and patches p of a row of (w . p)**3, its sign the class, trained by gradient descent on all rows by the mean
of log(1 + exp(-y f(x))), y = 1 for class 1 and -1 for class 0.

- `sam` takes the gradient where a step of length `rho` uphill leads (Foret, Kleiner, Mobahi & Neyshabur 2021,
  arXiv:2010.01412). A filter grows as the square of what it meets, so that more is left for what is met weakly.
- `useful` trains for `early` steps, parts the rows of each class in two by the network's output (2-means, which of
  numbers in a line is exact: the cut that leaves the least squared distance), and takes of each class the part with
  the greater mean loss: the rows without what was learned so far. Training then begins anew from the first weights,
  with these rows once more. They are found by plain descent, also where training is sharpness-aware: that learns the
  easy feature later, and at step 200 there is nothing to part by.

No code of the paper was found. Sizes, rates and steps are ours; their experiments are of image sets and deep networks.

`diagnostics` at each point of the curve: `loss`, the mean over the rows as they are given, and `repeated`, the share
of them that is shown again: that of rows without the easy feature, where the parts are right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

POINTS = {step * 10**decade for decade in range(7) for step in (1, 2, 5)}
FIRST_POINT = 100  # before it little is learned


class PatchNet(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params, self.tally = context, context.params, Tally()
        self.device = seeding.prepare(context.device, context.threads)

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps 100, 200, 500, ... and the last, not counting those that find the hard rows.

        Raises `BadData` for other labels than 0 and 1, and for rows that are not made of so many patches.
        """
        del validation
        labels = vector_networks.labels(train, self.context.target)
        if int(labels.max()) > 1:
            raise BadData(f"column {self.context.target!r} must hold the labels 0 and 1, and no others")
        self.rows, self.signs = self.patches(train), (2 * labels - 1).float().to(self.device)
        size = (int(self.params["filters"]), self.rows.shape[2])
        draw = seeding.Generators(self.context.seed)["weights"]
        first = (float(self.params["initial"]) * torch.randn(size, generator=draw)).to(self.device)
        self.parameters = first.numel()
        shown = torch.ones(len(labels), device=self.device)
        if self.params["repeats"]:
            self.weights = first
            for _ in self.train(shown, int(self.params["early"]), rho=0.0):
                pass
            shown[self.hard()] += int(self.params["repeats"])
        self.repeated = shown > 1
        self.weights, steps = first, int(self.params["steps"])
        for step in self.train(shown, steps, float(self.params["rho"])):
            if step == steps or (step in POINTS and step >= FIRST_POINT):
                yield step

    def train(self, shown: Float[Tensor, " row"], steps: int, rho: float) -> Iterator[int]:
        """Descend from the weights as they are, each row as often as it is shown; yield after each step."""
        rate = float(self.params["learning_rate"])
        for step in range(1, steps + 1):
            slope = self.slope(self.weights, shown)
            if rho:
                slope = self.slope(self.weights + rho * slope / slope.norm().clamp(min=1e-30), shown)
            self.weights = self.weights - rate * slope
            passes = 2 if rho else 1
            # Forward and backward: a product of each filter with each patch, of two operations, three times.
            self.tally.count(len(self.rows), 0, 6.0 * self.parameters * self.rows[..., 0].numel() * passes)
            yield step

    def slope(
        self, weights: Float[Tensor, "filter number"], shown: Float[Tensor, " row"]
    ) -> Float[Tensor, "filter number"]:
        """The gradient of the mean loss over the rows, each counted as often as it is shown."""
        weights = weights.detach().requires_grad_()
        loss = (functional.softplus(-self.signs * output(weights, self.rows)) * shown).sum() / shown.sum()
        return torch.autograd.grad(loss, weights)[0]

    @torch.no_grad()
    def hard(self) -> Int[Tensor, " some"]:
        """The places of the rows in the part of each class with the greater mean loss; none of a class of one row."""
        said = output(self.weights, self.rows)
        losses = functional.softplus(-self.signs * said)
        found = []
        for sign in (-1, 1):
            own = torch.nonzero(self.signs == sign).flatten()
            parts = [own[part] for part in halves(said[own])]
            found.append(max(parts, key=lambda part: float(losses[part].mean())) if len(parts) > 1 else own[:0])
        return torch.cat(found)

    def diagnostics(self) -> dict[str, float]:
        """What training says of itself, as the module's docstring defines it."""
        with torch.no_grad():
            losses = functional.softplus(-self.signs * output(self.weights, self.rows))
        return {"loss": float(losses.mean()), "repeated": float(self.repeated.float().mean())}

    @torch.no_grad()
    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probabilities of classes 0 and 1."""
        parts = self.patches(questions).split(vector_networks.ASKED_AT_ONCE)
        second = torch.cat([output(self.weights, part).sigmoid().cpu() for part in parts]).double().numpy()
        return np.stack([1 - second, second], axis=1)

    def patches(self, given: Dataset) -> Float[Tensor, "row patch number"]:
        """The patches of each row. Raises `BadData` where they cannot be of equal lengths."""
        rows, count = torch.from_numpy(vectors.matrix(given, self.context.inputs)), int(self.params["patches"])
        if rows.shape[1] % count:
            raise BadData(
                f"a row of {self.context.task} has {rows.shape[1]} numbers, which {count} patches of equal length "
                "cannot have; 'patches' must divide it"
            )
        return rows.view(len(rows), count, -1).to(self.device)


def output(weights: Float[Tensor, "filter number"], rows: Float[Tensor, "row patch number"]) -> Float[Tensor, " row"]:
    """f(x) of each row."""
    return (rows @ weights.T).pow(3).sum((1, 2))


def halves(numbers: Float[Tensor, " number"]) -> list[Int[Tensor, " some"]]:
    """The places of the numbers below and above the cut that 2-means makes; one part where all are equal."""
    ordered, places = numbers.double().sort(stable=True)
    if not len(numbers) or ordered[0] == ordered[-1]:
        return [places]
    counts = torch.arange(1, len(numbers), device=numbers.device)
    sums = (ordered - ordered.mean()).cumsum(0)[:-1]
    # With the whole sum 0, what lies between the means of the parts is what the cut takes from the squared distance.
    gained = sums.square() * (1 / counts + 1 / (len(numbers) - counts))
    cut = int(gained.argmax()) + 1
    return [places[:cut], places[cut:]]


RANGES = {
    "patches": (lambda it: it > 0, "1 or more"),
    "filters": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "initial": (lambda it: it > 0, "above 0"),
    "rho": (lambda it: it >= 0, "0 or more"),
    "repeats": (lambda it: it >= 0, "0 or more"),
    "early": (lambda it: it > 0, "1 or more"),
}
