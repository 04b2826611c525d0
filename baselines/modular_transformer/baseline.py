"""A one-layer transformer on modular arithmetic, under cross-entropy on all rows at once.

The transformer of Doshi, Das, He & Gromov 2023 (arXiv:2310.13061) as their release sets it up (the notebook of
d-doshi/Grokking at 0b4335f7 on transformers): one token for each input and learned positions, one block of attention (4
heads) and a ReLU layer of 4 times the width 128, no normalization, no biases, the answer read at the last token; scores
of attention divided by the width of a head and outputs by the width of the model, as maximal-update parameters have it;
embeddings drawn from N(0, 1), matrices from N(0, 1/inputs); full-batch AdamW with rate .01 and decay .5. Theirs reaches
100 % on held-out pairs within 1,000 steps. With wrong labels it needs decay to refuse them, as the paper says of such
transformers; `decay0` is without, `decay5` has more.

Departures, none of which changes the function that is learned: only the last token is carried past attention, for no
other is read; queries, keys and values are made once for each token and place, not once for each row; weights come from
a generator of the cell's own; any number of integer inputs; the modulus is the largest value of the training rows plus
one. A value not below it is asked about as 0.

`diagnostics` at each point of the curve, as `genbench.kit.diagnostics` defines them: `softmax_collapse` of the training
rows; `ipr`, `ipr_low`, `ipr_high` and `dead` of the dimensions of the model, each by its column of the embeddings;
`loss`, on the training rows; `weight_norm`; `m_coherence` of the gradients of 128 training rows, the kit's probe of
them by the cell's seed: one gradient for each row, of every weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.nn import functional

from genbench.kit import diagnostics, seeding
from genbench.kit.curve import PREFERRED
from genbench.kit.optimization import Adam
from genbench.kit.probe import probe
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.whole_numbers import examples, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

BETAS, EPSILON = (0.9, 0.98), 1e-8  # as released
WIDER = 4  # times the model's width, the ReLU layer; as released
PROBED, AT_ONCE = 128, 32  # rows whose gradients are taken, and how many are held at a time


class Network(nn.Module):
    """The weights; each matrix is of shape `[inputs, outputs]`."""

    def __init__(self, inputs: int, p: int, dim: int, heads: int, generator: torch.Generator) -> None:
        super().__init__()
        self.p, self.dim, self.heads = p, dim, heads

        def drawn(*shape: int, deviation: float) -> nn.Parameter:
            return nn.Parameter(deviation * torch.randn(*shape, generator=generator, device=generator.device))

        self.words, self.places = drawn(p, dim, deviation=1.0), drawn(inputs, 1, dim, deviation=1.0)
        self.project = drawn(dim, 3 * dim, deviation=dim**-0.5)  # to queries, keys, values
        self.join = drawn(dim, dim, deviation=dim**-0.5)
        self.wide = drawn(dim, WIDER * dim, deviation=dim**-0.5)
        self.narrow = drawn(WIDER * dim, dim, deviation=(WIDER * dim) ** -0.5)
        self.out = drawn(dim, p, deviation=dim**-0.5)

    def forward(self, values: Int[Tensor, "sample input"]) -> Float[Tensor, "sample p"]:
        """The scores."""
        tokens = self.words + self.places  # [input, p, dim]
        query, key, value = (tokens @ self.project).split(self.dim, -1)
        parts = (len(values), self.heads, -1)
        last = values[:, -1]
        asked = functional.embedding(last, query[-1]).view(parts)
        columns = list(enumerate(values.T))
        keys = torch.stack([functional.embedding(column, key[place]).view(parts) for place, column in columns], 2)
        given = torch.stack([functional.embedding(column, value[place]).view(parts) for place, column in columns], 2)
        weights = ((keys * asked[:, :, None]).sum(-1) * (self.heads / self.dim)).softmax(-1)
        mixed = (weights[..., None] * given).sum(2).flatten(1)
        stream = functional.embedding(last, tokens[-1]) + mixed @ self.join
        stream = stream + (stream @ self.wide).relu() @ self.narrow
        return stream @ self.out / self.dim


class ModularTransformer(CountedTokens):
    """The submission: `fit` takes `steps` full-batch steps and yields at those of `PREFERRED` and at the last."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.device = seeding.prepare(context.device, context.threads)
        dim, heads = int(context.params["dim"]), int(context.params["heads"])
        if dim < 1 or heads < 1 or dim % heads:
            raise ValueError(f"dim is {dim} and heads {heads}; both must be at least 1, and heads divide dim")
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train; the validation rows are not used. Raises `ValueError` for negative values, which have no token."""
        del validation
        setting = self.context.params
        values, target, p = examples(train, self.context)
        inputs, dim = values.shape[1], int(setting["dim"])

        generator = torch.Generator(self.device).manual_seed(self.context.seed)
        self.network = network = Network(inputs, p, dim, int(setting["heads"]), generator)
        self.optimizer = Adam(network, betas=BETAS, epsilon=EPSILON, decay=float(setting["weight_decay"]))
        self.rows, self.wanted = (torch.tensor(one, device=self.device) for one in (values, target))
        self.parameters = self.optimizer.weights.numel()
        self.probed = torch.from_numpy(probe(train, PROBED, self.context.seed)).to(self.device)
        # Matrix products: forward, by weights, by inputs, two operations each; of the rows, and of the tables.
        each = sum(weight.numel() for weight in (network.join, network.wide, network.narrow, network.out))
        flops = 6.0 * (len(target) * each + inputs * p * network.project.numel())

        steps = int(setting["steps"])
        for step in range(1, steps + 1):
            functional.cross_entropy(network(self.rows), self.wanted).backward()
            self.optimizer.step(float(setting["learning_rate"]))
            self.tally.count(len(target), len(target) * (inputs + 1), flops)
            if step in PREFERRED or step == steps:
                yield step

    @torch.no_grad()
    def diagnostics(self) -> dict[str, float]:
        """What the weights and the training rows say, as the module's docstring defines it."""
        scores = self.network(self.rows)
        losses = functional.cross_entropy(scores, self.wanted, reduction="none")
        return {
            "softmax_collapse": diagnostics.collapse(scores),
            "zero_losses": diagnostics.zero_losses(losses),
            **diagnostics.periodicity(self.network.words.T[None]),
            "loss": float(losses.double().mean()),
            "weight_norm": float(self.optimizer.weights.norm()),
            "m_coherence": self.coherence(),
        }

    def coherence(self) -> float:
        """m-coherence of the probed rows' gradients."""
        weights = {name: weight.detach() for name, weight in self.network.named_parameters()}

        def loss(weights: dict[str, Tensor], row: Tensor, wanted: Tensor) -> Tensor:
            scores: Tensor = functional_call(self.network, weights, (row[None],))
            return functional.cross_entropy(scores, wanted[None])

        each = vmap(grad(loss), in_dims=(None, 0, 0))
        norms, total = [], torch.zeros(self.parameters, device=self.device)
        for rows in self.probed.split(AT_ONCE):
            gradients = each(weights, self.rows[rows], self.wanted[rows])
            flat = torch.cat([one.flatten(1) for one in gradients.values()], 1)
            norms.append(flat.square().sum(1))
            total += flat.sum(0)
        return diagnostics.coherence(torch.cat(norms), float((total / len(self.probed)).square().sum()))

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[int]:
        """The output with the highest score."""
        values = side_by_side(questions, self.context.inputs)
        known = (values >= 0) & (values < self.network.p)
        return self.network(torch.from_numpy(np.where(known, values, 0)).to(self.device)).argmax(1).tolist()
