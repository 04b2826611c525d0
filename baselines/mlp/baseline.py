"""The two-layer quadratic MLP that groks modular addition, wrong labels or not.

Doshi, Das, He & Gromov 2023 (arXiv:2310.13061), their two-layer network: f(a, b) = W (U e_a + V e_b)^2 with 500 hidden
units and no biases, weights drawn from N(0, (16 N)^(-2/3)), mean squared error against one-hot targets (mean over
samples and outputs), full-batch AdamW. Weight decay is 5 here unless a variant says otherwise, as in the paper's
introduction; without it the network both generalizes and memorizes corrupted labels (their coexistence), with 15 it
generalizes and refuses them (full inversion).

Departures, none of which changes the function that is learned:

- U e_a is a row of a table, not a product with a one-hot vector, and gradients are written out, not recorded; a step
  takes about half the time of the released loop;
- weights come from a generator of the cell's own, so curves agree with the released ones in shape, not digit by digit;
- any number of integer inputs, one table each; the modulus p is read off the training rows (largest value plus one). A
  value not below p, which no training row can hold, is asked about as if its input were absent.

The gradient: with h = U[a] + V[b], e = h^2 W - onehot(sum) and s = 2 / (n p), dW = s (h^2)^T e, dh = 2 s h (e W^T), and
the row U[i] collects dh over the samples with a = i. Dropout, where asked for, acts on h.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.cell import Context

BETAS = (0.9, 0.98)  # as released, as is EPSILON
EPSILON = 1e-8
CURVE = (10, 20, 50, 100, 200, 500, 1000, 2000)  # steps at which answers are asked for


class Network:
    """Weights, and all that a full-batch step needs; `first` stacks the inputs' tables U, V, ...: p rows each."""

    def __init__(self, inputs: int, p: int, hidden: int, generator: torch.Generator) -> None:
        self.p = p
        self.device = generator.device
        deviation = 0.5 / (2 * hidden) ** (1 / 3)  # variance (16 N)^(-2/3)
        self.first = deviation * torch.randn(inputs * p, hidden, generator=generator, device=self.device)
        self.second = deviation * torch.randn(hidden, p, generator=generator, device=self.device)

    def rows(self, values: Int[np.ndarray, "sample input"]) -> Int[Tensor, "input sample"]:
        """Each value's row in `first`."""
        return torch.from_numpy(values.T + self.p * np.arange(values.shape[1])[:, None]).to(self.device)

    def summed(self, rows: Int[Tensor, "input sample"]) -> Float[Tensor, "sample hidden"]:
        """The pre-activation: U[a] + V[b]."""
        hidden = self.first.index_select(0, rows[0])
        for column in rows[1:]:
            hidden += self.first.index_select(0, column)
        return hidden

    def gradients(
        self,
        rows: Int[Tensor, "input sample"],
        target: Int[Tensor, " sample"],
        kept: Float[Tensor, "sample hidden"] | None = None,
    ) -> tuple[Float[Tensor, "row hidden"], Float[Tensor, "hidden p"]]:
        """The mean squared error's gradient by `first` and by `second`; `kept` holds dropout's factors."""
        hidden = self.summed(rows)
        if kept is not None:
            hidden *= kept
        active = hidden.square()
        error = active @ self.second
        error[torch.arange(len(target), device=self.device), target] -= 1
        error *= 2 / error.numel()
        by_second = active.T @ error
        by_hidden = torch.mm(error, self.second.T, out=active).mul_(hidden).mul_(2)
        if kept is not None:
            by_hidden *= kept
        by_first = torch.zeros_like(self.first)
        for column in rows:
            by_first.index_add_(0, column, by_hidden)
        return by_first, by_second


class AdamW:
    """Adam with decoupled weight decay (arXiv:1711.05101, algorithm 2) for one matrix.

    Written out because the first optimizer of `torch.optim` imports torch's compiler, which takes 3 seconds.
    """

    def __init__(self, weights: Float[Tensor, "row column"], rate: float, decay: float) -> None:
        self.weights, self.rate, self.decay, self.steps = weights, rate, decay, 0
        self.mean, self.square = torch.zeros_like(weights), torch.zeros_like(weights)

    def step(self, gradient: Float[Tensor, "row column"]) -> None:
        """Change the weights in place."""
        self.steps += 1
        self.mean.lerp_(gradient, 1 - BETAS[0])
        self.square.mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
        spread = self.square.div(1 - BETAS[1] ** self.steps).sqrt_().add_(EPSILON)
        self.weights *= 1 - self.rate * self.decay
        self.weights.addcdiv_(self.mean, spread, value=-self.rate / (1 - BETAS[0] ** self.steps))


class Mlp:
    """The submission: `fit` takes `steps` full-batch steps and yields at those of `CURVE`."""

    def __init__(self, context: Context) -> None:
        self.context = context
        torch.use_deterministic_algorithms(True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads memory before writing it
        torch.set_num_threads(context.threads)
        torch.set_flush_denormal(True)  # dead units decay into numbers that the processor is slow at

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train; the validation rows are not used. Raises `ValueError` for negative values, which have no row."""
        del validation
        setting = self.context.params
        values = self.values(train)
        target = train.data.column(self.context.target).to_numpy()
        if min(values.min(), target.min()) < 0:
            raise ValueError("inputs and target must be integers from 0 on")
        p = int(max(values.max(), target.max())) + 1

        generator = torch.Generator(self.context.device).manual_seed(self.context.seed)
        self.network = Network(values.shape[1], p, int(setting["hidden"]), generator)
        rate, decay, dropout = (float(setting[name]) for name in ("learning_rate", "weight_decay", "dropout"))
        first = AdamW(self.network.first, rate, decay)
        second = AdamW(self.network.second, rate, decay)
        rows, wanted = self.network.rows(values), torch.tensor(target, device=self.context.device)
        self.parameters = self.network.first.numel() + self.network.second.numel()
        # Three products with W, two operations each: forward, by W, by h. Sums over tables are not counted.
        self.training_flops = 6.0 * int(setting["steps"]) * len(wanted) * self.network.second.numel()

        self.examples_seen = self.tokens_seen = 0

        kept = torch.empty(len(wanted), int(setting["hidden"]), device=self.context.device) if dropout else None
        for step in range(1, int(setting["steps"]) + 1):
            if kept is not None:
                kept.bernoulli_(1 - dropout, generator=generator).div_(1 - dropout)
            by_first, by_second = self.network.gradients(rows, wanted, kept)
            first.step(by_first)
            second.step(by_second)
            self.examples_seen += len(wanted)
            self.tokens_seen += len(wanted) * (values.shape[1] + 1)
            if step in CURVE:
                yield step

    def predict(self, questions: Dataset) -> list[int]:
        """The output with the highest score."""
        values = self.values(questions)
        known = (values >= 0) & (values < self.network.p)
        rows = self.network.rows(np.where(known, values, 0))
        hidden = self.network.summed(rows)
        for column, absent in zip(rows, torch.from_numpy(~known.T).to(hidden.device), strict=True):
            hidden[absent] -= self.network.first[column[absent]]
        return (hidden.square() @ self.network.second).argmax(1).tolist()

    def values(self, given: Dataset) -> Int[np.ndarray, "sample input"]:
        """The input columns side by side."""
        return np.stack([given.data.column(name).to_numpy() for name in self.context.inputs], 1)
