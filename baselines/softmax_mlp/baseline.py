"""A ReLU MLP under cross-entropy without weight decay, and two ways to let it grok all the same.

Prieto, Barsbey, Mediano & Birdal 2025, "Grokking at the Edge of Numerical Stability" (arXiv:2501.04697): once every
training pair is answered right, scaling the weights up lowers the loss further; the scores grow until floating point
rounds the loss to 0 (softmax collapse) and learning stops before the rule is found. Their MLP for modular addition:
one-hot inputs, two hidden layers of 200, ReLU, no biases, torch's own initial weights, p = 113 and 40 % of the pairs
shown, AdamW on all pairs at once with rate .01 and no decay. Their data: `--task modular/addition:p=113,share=0.4`.

- `stablemax`: their loss in place of softmax, p_i = s(x_i) / sum_j s(x_j) with s(x) = x + 1 from 0 on and 1 / (1 - x)
  below, in float64, and the second moment's factor .999 of their script. Theirs ran for 80,000 steps:
  `softmax_mlp@stablemax:steps=80000`.
- `perpgrad`: of each matrix's gradient only the part orthogonal to the matrix is left, brought to the length it had
  before, and given to AdamW. In the release the figure's run of it uses plain cross-entropy, as here, and its inner
  AdamW keeps torch's betas .9 and .999 and epsilon 1e-8 whatever the command line says, so this variant has these.

Departures: the release's runs take 80,000 steps with a softmax in float64, where collapse comes later; here it is 5,000
in float32. A product with a one-hot vector is a row of a table, which changes no value; weights come from a generator
of the cell's own; any number of integer inputs, one table each, and as many outputs as the largest value says.

`diagnostics` at each point of the curve, as `genbench.kit.diagnostics` defines them: `softmax_collapse` and
`zero_losses` of the training rows, by scores and cross-entropy in float32 whatever the loss; `m_coherence` of their
gradients; `ipr`, `ipr_low`, `ipr_high` and `dead` of the units of the first layer, each by its rows of the inputs'
tables; `loss`, on the training rows;
`weight_norm`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from genbench.kit import diagnostics, seeding
from genbench.kit.curve import PREFERRED
from genbench.kit.optimization import Adam
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.whole_numbers import examples, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

BETA = 0.9
TINY = 1e-30  # as released, against a division by 0


class Network(nn.Module):
    """`layers` matrices; the first stacks the inputs' tables, p rows each."""

    def __init__(self, inputs: int, p: int, hidden: Sequence[int], generator: torch.Generator) -> None:
        super().__init__()
        self.inputs, self.p = inputs, p
        sizes = [inputs * p, *hidden, p]
        self.layers = nn.ParameterList()
        for given, made in pairwise(sizes):
            weight = torch.empty(given, made, device=generator.device)
            bound = given**-0.5  # what torch draws a linear layer's weights within
            self.layers.append(nn.Parameter(weight.uniform_(-bound, bound, generator=generator)))

    def rows(self, values: Int[np.ndarray, "sample input"]) -> Int[Tensor, "input sample"]:
        """Each value's row in the first matrix."""
        return torch.from_numpy(values.T + self.p * np.arange(values.shape[1])[:, None]).to(self.layers[0].device)

    def outputs(self, rows: Int[Tensor, "input sample"]) -> list[Float[Tensor, "sample width"]]:
        """What each matrix puts out, before its ReLU; the last are the scores."""
        first = self.layers[0].index_select(0, rows[0])
        for column in rows[1:]:
            first = first + self.layers[0].index_select(0, column)
        outputs = [first]
        for layer in list(self.layers)[1:]:
            outputs.append(outputs[-1].relu() @ layer)
        return outputs

    def forward(self, rows: Int[Tensor, "input sample"]) -> Float[Tensor, "sample p"]:
        """The scores."""
        return self.outputs(rows)[-1]


def stablemax(scores: Float[Tensor, "sample p"], target: Int[Tensor, " sample"]) -> Float[Tensor, " sample"]:
    """Cross-entropy with s in place of the exponential, in float64."""
    scores = scores.double()
    lifted = torch.where(scores >= 0, scores + 1, 1 / (1 - scores.clamp(max=0)))
    chosen = lifted.gather(1, target[:, None])[:, 0]
    return lifted.sum(1).log() - chosen.log()


def cross_entropy(scores: Float[Tensor, "sample p"], target: Int[Tensor, " sample"]) -> Float[Tensor, " sample"]:
    """Cross-entropy in the scores' own precision."""
    return functional.cross_entropy(scores, target, reduction="none")


LOSSES = {"cross_entropy": cross_entropy, "stablemax": stablemax}


@torch.no_grad()
def orthogonalize(weight: Float[Tensor, "*shape"], gradient: Float[Tensor, "*shape"]) -> None:
    """Take from `gradient` its part along `weight`, and bring the rest to the length it had; in place."""
    before = gradient.norm()
    along = (weight * gradient).sum() / (weight.square().sum() + TINY)
    gradient.sub_(along * weight)
    gradient.mul_(before / (gradient.norm() + TINY))


class SoftmaxMlp(CountedTokens):
    """The submission: `fit` takes `steps` full-batch steps and yields at those of `PREFERRED` and at the last."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.device = seeding.prepare(context.device, context.threads)
        name = str(context.params["loss"])
        if name not in LOSSES:
            raise ValueError(f"loss is {name!r}; it must be one of {', '.join(LOSSES)}")
        self.loss = LOSSES[name]
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train; the validation rows are not used. Raises `ValueError` for negative values, which have no row."""
        del validation
        setting = self.context.params
        values, target, p = examples(train, self.context)

        generator = torch.Generator(self.device).manual_seed(self.context.seed)
        hidden = [int(setting["hidden"])] * int(setting["hidden_layers"])
        self.network = Network(values.shape[1], p, hidden, generator)
        self.optimizer = Adam(
            self.network,
            betas=(BETA, float(setting["second_beta"])),
            epsilon=float(setting["epsilon"]),
            decay=float(setting["weight_decay"]),
        )
        self.rows, self.wanted = self.network.rows(values), torch.tensor(target, device=self.device)
        self.parameters = self.optimizer.weights.numel()
        # Of a row. Matrix products: forward, by weights, by inputs, two operations each. Sums over tables do not count.
        flops = 6.0 * sum(layer.numel() for layer in list(self.network.layers)[1:])

        steps = int(setting["steps"])
        for step in range(1, steps + 1):
            self.loss(self.network(self.rows), self.wanted).mean().backward()
            if setting["orthogonal"]:
                for weight in self.network.layers:
                    orthogonalize(weight, weight.grad)
            self.optimizer.step(float(setting["learning_rate"]))
            self.tally.count(len(target), len(target) * (values.shape[1] + 1), len(target) * flops)
            if step in PREFERRED or step == steps:
                yield step

    def diagnostics(self) -> dict[str, float]:
        """What the weights and the rows' gradients say, as the module's docstring defines it."""
        outputs = self.network.outputs(self.rows)
        losses = self.loss(outputs[-1], self.wanted)
        by_output = torch.autograd.grad(losses.sum(), outputs, retain_graph=True)
        mean = torch.autograd.grad(losses.mean(), list(self.network.layers))
        with torch.no_grad():
            given = [self.network.inputs, *(one.relu().square().sum(1) for one in outputs[:-1])]
            norms = sum(size * one.square().sum(1) for size, one in zip(given, by_output, strict=True)).double()
            squared = sum(float(one.double().square().sum()) for one in mean)
            tables = self.network.layers[0].view(self.network.inputs, self.network.p, -1).permute(0, 2, 1)
            return {
                "softmax_collapse": diagnostics.collapse(outputs[-1]),
                "zero_losses": diagnostics.zero_losses(cross_entropy(outputs[-1], self.wanted)),
                **diagnostics.periodicity(tables),
                "loss": float(losses.double().mean()),
                "weight_norm": float(self.optimizer.weights.norm()),
                "m_coherence": diagnostics.coherence(norms, squared),
            }

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[int]:
        """The output with the highest score; a value that no training row can hold counts as 0."""
        values = side_by_side(questions, self.context.inputs)
        known = (values >= 0) & (values < self.network.p)
        return self.network(self.network.rows(np.where(known, values, 0))).argmax(1).tolist()
