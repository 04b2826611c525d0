"""The two-layer quadratic MLP that groks modular arithmetic, wrong labels or not.

Doshi, Das, He & Gromov 2023 (arXiv:2310.13061), their two-layer network: f(a, b) = W (U e_a + V e_b)^2 with 500 hidden
units and no biases, weights drawn from N(0, (16 N)^(-2/3)), mean squared error against one-hot targets (mean over
samples and outputs), full-batch AdamW. Weight decay is 5 here unless a variant says otherwise, as in the paper's
introduction; without it the network both generalizes and memorizes corrupted labels (their coexistence), with 15 it
generalizes and refuses them (full inversion). Dropout acts on U e_a + V e_b, batch normalization (of batches of
`batch` rows, drawn anew each epoch without the few that are left over) on the square. `prune_lowest` and
`prune_highest` leave that share of the hidden units out of every answer, those of lowest and of highest IPR, without
training again (their figure 6).

Departures, none of which changes the function that is learned:

- U e_a is a row of a table, not a product with a one-hot vector; gradients are written out, not recorded; and the
  samples of a batch pass through in chunks that fit a processor's cache;
- weights come from a generator of the cell's own, so curves agree with the released ones in shape, not digit by digit;
- dropout's rate is rounded to a multiple of 2^-16, for four of its draws share 64 random bits;
- any number of integer inputs, one table each; the modulus p is read off the training rows (largest value plus one). A
  value not below p, which no training row can hold, is asked about as if its input were absent.

The gradient: with h = U[a] + V[b], e = h^2 W - onehot(sum) and s = 2 / (n p), dW = s (h^2)^T e, dh = 2 s h (e W^T), and
the row U[i] collects dh over the samples with a = i. Batch normalization puts its own step between h^2 and e.

`diagnostics` at each point of the curve, all of them without dropout and with nothing pruned:

- `ipr`: inverse participation ratio, as `genbench.kit.diagnostics` defines it. A unit's is the mean over its row of
  each table and its column of W; `ipr` is the mean over the units, `ipr_low` the share of units below .1 and `ipr_high`
  above .6. A unit of which a vector is all zeros has no spectrum: it counts for none of these, but for `dead`.
- `train_lowest_pruned`, `train_highest_pruned`: the share of training rows still answered with the label given when the
  60 % of the units with the lowest IPR, or the 20 % with the highest, are left out. What corrupted and held-out pairs
  are answered then is told by the variants `pruned60` and `unperiodic20`: labels are known to the suite alone.
- `weight_norm`: the norm of all weights; `loss`: the mean squared error on the training rows.
- `m_coherence` of the training rows' gradients. A row's gradient by W is an outer product, by the tables it is dh once
  for each input, so all norms come from one pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from genbench.kit import diagnostics, seeding
from genbench.kit.curve import PREFERRED
from genbench.kit.optimization import Adam
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.whole_numbers import examples, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Bool, Float, Int
    from torch import Tensor

    from genbench import Context

BETAS = (0.9, 0.98)  # as released, as is EPSILON
EPSILON = 1e-8
NORM_EPSILON, MOMENTUM = 1e-5, 0.1  # of batch normalization, torch's own
CHUNK = 588  # rows at once: what a step keeps of them, 1 MB each, stays in a cache; 8 chunks make 4,704
LOWEST, HIGHEST = 0.6, 0.2  # shares of the units that are pruned for diagnostics, as in the two variants
DRAWS = 2**16  # values of a dropout draw


class Network(nn.Module):
    """Weights, and all that a step needs; `first` stacks the inputs' tables U, V, ...: p rows each."""

    def __init__(
        self, inputs: int, p: int, hidden: int, generator: torch.Generator, *, batch_norm: bool = False
    ) -> None:
        super().__init__()
        self.inputs, self.p = inputs, p
        self.rooms: list[Tensor] = []
        device = generator.device
        deviation = 0.5 / (2 * hidden) ** (1 / 3)  # variance (16 N)^(-2/3)
        self.first = nn.Parameter(deviation * torch.randn(inputs * p, hidden, generator=generator, device=device))
        self.second = nn.Parameter(deviation * torch.randn(hidden, p, generator=generator, device=device))
        self.norm = BatchNorm(hidden).to(device) if batch_norm else None

    def rows(self, values: Int[np.ndarray, "sample input"]) -> Int[Tensor, "input sample"]:
        """Each value's row in `first`."""
        return torch.from_numpy(values.T + self.p * np.arange(values.shape[1])[:, None]).to(self.first.device)

    def summed(self, rows: Int[Tensor, "input sample"]) -> Float[Tensor, "sample hidden"]:
        """The pre-activation: U[a] + V[b]."""
        hidden = self.first.index_select(0, rows[0])
        for column in rows[1:]:
            hidden += self.first.index_select(0, column)
        return hidden

    def scores(self, hidden: Float[Tensor, "sample hidden"]) -> Float[Tensor, "sample p"]:
        """The output from the pre-activation, as it is after training; `hidden` is overwritten."""
        active = hidden.square_()
        if self.norm is not None:
            active = self.norm.normalized(active, self.norm.mean, self.norm.variance) * self.norm.gain + self.norm.shift
        return active @ self.second

    def learn(
        self,
        rows: Int[Tensor, "input sample"],
        target: Int[Tensor, " sample"],
        dropout: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> None:
        """Add the mean squared error's gradient to the weights' `grad`."""
        size = CHUNK if self.norm is None else len(target)  # the mean of a batch needs the whole of it
        second = self.second.data
        for begin in range(0, len(target), size):
            part = rows[:, begin : begin + size]
            wanted = target[begin : begin + size]
            hidden, active = self.room(0, len(wanted)), self.room(1, len(wanted))
            torch.index_select(self.first, 0, part[0], out=hidden)
            for column in part[1:]:
                hidden += torch.index_select(self.first, 0, column, out=active)
            kept = kept_by(dropout, self.room(2, len(wanted)), generator) if dropout else None
            if kept is not None:
                hidden *= kept
            torch.mul(hidden, hidden, out=active)
            shown = active if self.norm is None else self.norm(active)
            error = shown @ second
            error[torch.arange(len(wanted), device=error.device), wanted] -= 1
            error *= 4 / (len(target) * self.p)  # twice the gradient's, for dh needs that
            self.second.grad.addmm_(shown.T, error, alpha=0.5)
            by_hidden = torch.mm(error, second.T, out=active)
            if self.norm is not None:
                by_hidden = self.norm.back(by_hidden)
            by_hidden *= hidden
            if kept is not None:
                by_hidden *= kept
            for column in part:
                self.first.grad.index_add_(0, column, by_hidden)

    def room(self, place: int, count: int) -> Float[Tensor, "count hidden"]:
        """Memory for so many rows, kept from step to step: fresh memory costs more than what is computed in it."""
        while len(self.rooms) <= place:
            self.rooms.append(self.first.new_empty(0, self.first.shape[1]))
        if len(self.rooms[place]) < count:
            self.rooms[place] = self.first.new_empty(count, self.first.shape[1])
        return self.rooms[place][:count]

    def squared_norms(
        self, rows: Int[Tensor, "input sample"], target: Int[Tensor, " sample"]
    ) -> tuple[Float[Tensor, " sample"], Float[Tensor, " sample"]]:
        """Each row's squared gradient norm and its loss, taken alone and as after training."""
        norms, losses = [], []
        for part in torch.arange(len(target), device=target.device).split(CHUNK):
            hidden = self.summed(rows[:, part])
            active = hidden.square()
            shown, by_norm, factor = active, 0.0, 1.0
            if self.norm is not None:
                x = self.norm.normalized(active, self.norm.mean, self.norm.variance)
                shown = x * self.norm.gain + self.norm.shift
                factor = self.norm.gain / (self.norm.variance + NORM_EPSILON).sqrt()
            error = shown @ self.second
            error[torch.arange(len(part), device=error.device), target[part]] -= 1
            losses.append(error.square().mean(1))
            error *= 2 / self.p
            by_shown = error @ self.second.T
            if self.norm is not None:
                by_norm = (by_shown * x).square().sum(1) + by_shown.square().sum(1)
            by_hidden = 2 * hidden * factor * by_shown
            by_second = shown.square().sum(1) * error.square().sum(1)
            norms.append(by_second + by_norm + self.inputs * by_hidden.square().sum(1))
        return torch.cat(norms), torch.cat(losses)

    def vectors(self) -> Float[Tensor, "vector hidden p"]:
        """What each hidden unit is made of: its row of each table, and its column of W."""
        tables = self.first.view(self.inputs, self.p, -1).permute(0, 2, 1)
        return torch.cat([tables, self.second[None]])


class BatchNorm(nn.Module):
    """Batch normalization (arXiv:1502.03167) with its gradient written out."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.gain, self.shift = nn.Parameter(torch.ones(hidden)), nn.Parameter(torch.zeros(hidden))
        self.register_buffer("mean", torch.zeros(hidden))
        self.register_buffer("variance", torch.ones(hidden))

    @staticmethod
    def normalized(
        given: Float[Tensor, "sample hidden"], mean: Float[Tensor, " hidden"], variance: Float[Tensor, " hidden"]
    ) -> Float[Tensor, "sample hidden"]:
        """With this mean and variance brought to 0 and 1."""
        return (given - mean) * (variance + NORM_EPSILON).rsqrt()

    def forward(self, given: Float[Tensor, "sample hidden"]) -> Float[Tensor, "sample hidden"]:
        """Normalize by the batch's own mean and variance, which the running ones move towards."""
        self.spread, mean = torch.var_mean(given, 0, correction=0)
        self.mean.lerp_(mean, MOMENTUM)
        self.variance.lerp_(self.spread * (len(given) / max(1, len(given) - 1)), MOMENTUM)
        self.x = self.normalized(given, mean, self.spread)
        return self.x * self.gain + self.shift

    def back(self, gradient: Float[Tensor, "sample hidden"]) -> Float[Tensor, "sample hidden"]:
        """The gradient by what was given, from twice that by what came out; adds to that of gain and shift."""
        by_gain = gradient * self.x
        self.gain.grad.add_(by_gain.sum(0), alpha=0.5)
        self.shift.grad.add_(gradient.sum(0), alpha=0.5)
        centred = gradient - gradient.mean(0) - self.x * by_gain.mean(0)
        return centred * (self.gain * (self.spread + NORM_EPSILON).rsqrt())


def kept_by(
    dropout: float, out: Float[Tensor, "sample hidden"], generator: torch.Generator | None
) -> Float[Tensor, "sample hidden"]:
    """Write factors for dropout to `out`: 0 with its probability, else what keeps the mean.

    Four draws share 64 random bits.
    """
    words = torch.empty(-(-out.numel() // 4), dtype=torch.int64, device=out.device)
    draws = words.random_(-(2**63), None, generator=generator).view(torch.int16)[: out.numel()].view(out.shape)
    dropped = round(dropout * DRAWS)
    return torch.ge(draws, dropped - DRAWS // 2, out=out).mul_(DRAWS / (DRAWS - dropped))


class Mlp(CountedTokens):
    """The submission: `fit` takes `steps` steps and yields at those of `PREFERRED` and at the last."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.device = seeding.prepare(context.device, context.threads)
        setting = context.params
        self.dropout = float(setting["dropout"])
        self.lowest, self.highest = float(setting["prune_lowest"]), float(setting["prune_highest"])
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout is {self.dropout:g}; it must be at least 0 and below 1")
        if min(self.lowest, self.highest) < 0 or self.lowest + self.highest > 1:
            raise ValueError(
                f"prune_lowest is {self.lowest:g} and prune_highest {self.highest:g}; "
                "they must be shares of the hidden units, together at most 1"
            )
        self.tally = Tally()

    @torch.no_grad()
    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train; the validation rows are not used. Raises `ValueError` for negative values, which have no row."""
        del validation
        setting = self.context.params
        values, target, p = examples(train, self.context)

        generator = torch.Generator(self.device).manual_seed(self.context.seed)
        batch_norm = bool(setting["batch_norm"])
        self.network = Network(values.shape[1], p, int(setting["hidden"]), generator, batch_norm=batch_norm)
        self.optimizer = Adam(
            self.network, betas=BETAS, epsilon=EPSILON, decay=float(setting["weight_decay"]), decoupled=True
        )
        self.rows, self.wanted = self.network.rows(values), torch.tensor(target, device=self.device)
        self.parameters = self.optimizer.weights.numel()
        flops = 6.0 * self.network.second.numel()  # of a row: three products with W: forward, by W, by h; no sums

        steps = int(setting["steps"])
        batches = self.batches(int(setting["batch"]), generator)
        for step in range(1, steps + 1):
            rows, wanted = next(batches)
            self.network.learn(rows, wanted, self.dropout, generator)
            self.optimizer.step(float(setting["learning_rate"]))
            self.tally.count(len(wanted), len(wanted) * (values.shape[1] + 1), len(wanted) * flops)
            if step in PREFERRED or step == steps:
                yield step

    def batches(
        self, size: int, generator: torch.Generator
    ) -> Iterator[tuple[Int[Tensor, "input sample"], Int[Tensor, " sample"]]]:
        """Batches without an end: all rows each time, or `size` of them, in a new order each epoch."""
        count = len(self.wanted)
        while not 0 < size < count:
            yield self.rows, self.wanted
        while True:
            order = torch.randperm(count, generator=generator, device=self.device)
            for part in order[: count - count % size].split(size):
                yield self.rows[:, part], self.wanted[part]

    @torch.no_grad()
    def diagnostics(self) -> dict[str, float]:
        """What the weights and the rows' gradients say, as the module's docstring defines it."""
        network = self.network
        norms, losses = network.squared_norms(self.rows, self.wanted)
        return {
            **diagnostics.periodicity(network.vectors()),
            "train_lowest_pruned": self.right_without(LOWEST, 0.0),
            "train_highest_pruned": self.right_without(0.0, HIGHEST),
            "weight_norm": float(self.optimizer.weights.norm()),
            "loss": float(losses.mean()),
            "m_coherence": diagnostics.coherence(norms, self.mean_gradient()),
        }

    def right_without(self, lowest: float, highest: float) -> float:
        """The share of training rows that are answered with their label when those units are left out."""
        answers = self.answers(self.rows, self.left(lowest, highest))
        return float((answers == self.wanted).double().mean())

    def mean_gradient(self) -> float:
        """The squared norm of the mean of the rows' gradients, taken as after training."""
        if self.network.norm is None:
            self.network.learn(self.rows, self.wanted)
            squared = float(self.optimizer.gradient.double().square().sum())
            self.optimizer.gradient.zero_()
            return squared
        with torch.enable_grad():  # rare and small: recorded
            hidden = sum(nn.functional.embedding(column, self.network.first) for column in self.rows)
            wanted = nn.functional.one_hot(self.wanted, self.network.p).to(hidden.dtype)
            loss = nn.functional.mse_loss(self.network.scores(hidden), wanted)
            found = torch.autograd.grad(loss, list(self.network.parameters()))
        return sum(float(one.double().square().sum()) for one in found)

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[int]:
        """The output with the highest score."""
        values = side_by_side(questions, self.context.inputs)
        network = self.network
        known = (values >= 0) & (values < network.p)
        rows = network.rows(np.where(known, values, 0))
        absent = torch.from_numpy(~known.T).to(self.device)
        return self.answers(rows, self.left(self.lowest, self.highest), absent).tolist()

    def answers(
        self,
        rows: Int[Tensor, "input sample"],
        left: Bool[Tensor, " hidden"] | None,
        absent: Bool[Tensor, "input sample"] | None = None,
    ) -> Int[Tensor, " sample"]:
        """The output with the highest score by the units that are `left`, as if `absent` inputs were not there."""
        network = self.network
        second = network.second.data
        if left is not None:
            network.second.data = second * left.to(second.dtype)[:, None]
        try:
            answers = []
            for part in torch.arange(rows.shape[1], device=self.device).split(CHUNK):
                hidden = network.summed(rows[:, part])
                if absent is not None:
                    for column, gone in zip(rows[:, part], absent[:, part], strict=True):
                        hidden[gone] -= network.first[column[gone]]
                answers.append(network.scores(hidden).argmax(1))
        finally:
            network.second.data = second
        return torch.cat(answers)

    def left(self, lowest: float, highest: float) -> Bool[Tensor, " hidden"] | None:
        """Which hidden units are left without those shares, None for all; dead ones are the first of the lowest."""
        if not (lowest or highest):
            return None
        order = diagnostics.participation(self.network.vectors())[0].argsort(stable=True)
        left = torch.ones(len(order), dtype=torch.bool, device=order.device)
        left[order[: round(lowest * len(order))]] = False
        left[order[len(order) - round(highest * len(order)) :]] = False
        return left
