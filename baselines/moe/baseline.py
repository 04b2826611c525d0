"""A tiny transformer whose layers are mixtures of experts, and the pathways that it sends its training rows through.

Li, Fan & Zhou 2025, "Grokking in LLM Pretraining? Monitor Memorization-to-Generalization without Test"
(arXiv:2506.21551): in the pretraining of OLMoE, after training rows are memorized, their pathways through the experts
become more alike while answers to other benchmarks become right. Its checkpoints have 7 billion parameters; here a
network of two layers, of four experts each, learns sums of unordered pairs, of which it is known that they are
memorized long before they are understood. (Of ordered pairs a network that adds embeddings would know half of what is
asked, each pair as another turned round.)

An input's token is a vector of its value and one of its place; a last token asks, and is the only one that is read. In
each layer tokens attend to all tokens, then each goes to the `chosen` experts of the largest routing weights, which are
the softmax of its products with the rows of a router. What these experts answer, each times its weight, is added: the
weights are not made to sum to 1 again, as in OLMoE (Muennighoff et al. 2024, arXiv:2409.02060), which also adds losses
to the balance of experts; here there are none. Normalization before each block; AdamW on shuffled batches.

The experts lie side by side as one wide layer, of which those not chosen are set to 0: it computes the same as if rows
were sent to them, faster at this size. Of the last layer only what the last token needs is computed.

`diagnostics` at each point of the curve, of `probed` training rows drawn once by the seed, at the last token, as
`genbench.kit.pathways` defines them: `edit_distance`, `consistency` and the number of `distinct` pathways; and `loss`
on all training rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue
from genbench.kit import counting, images, pathways, ranges, seeding
from genbench.kit.batching import Batches, shuffled
from genbench.kit.curve import PREFERRED
from genbench.kit.optimization import Adam
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.whole_numbers import examples, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value

BETAS, EPSILON = (0.9, 0.98), 1e-8
SPREAD = 0.5  # of embedded values, places and the token that asks, in root mean square


class Experts(nn.Module):
    """Experts of one hidden layer each, and the router that chooses among them."""

    def __init__(self, dim: int, hidden: int, experts: int, chosen: int) -> None:
        super().__init__()
        self.experts, self.chosen = experts, chosen
        self.router = nn.Linear(dim, experts, bias=False)
        self.rise, self.fall = nn.Linear(dim, experts * hidden), nn.Linear(experts * hidden, dim, bias=False)

    def routed(self, stream: Float[Tensor, "*row dim"]) -> Float[Tensor, "*row expert"]:
        """Each row's routing weights, those of experts that are not chosen too."""
        return self.router(stream).softmax(-1)

    def forward(self, stream: Float[Tensor, "*row dim"]) -> Float[Tensor, "*row dim"]:
        """The chosen experts' answers, each times its weight."""
        weights = self.routed(stream)
        kept = torch.zeros_like(weights).scatter_(-1, weights.topk(self.chosen, dim=-1).indices, 1.0) * weights
        hidden = self.rise(stream).relu().unflatten(-1, (self.experts, -1)) * kept[..., None]
        return self.fall(hidden.flatten(-2))


class Layer(nn.Module):
    """Attention to all tokens, then experts; `last` computes the last token alone."""

    def __init__(self, dim: int, heads: int, hidden: int, experts: int, chosen: int, *, last: bool) -> None:
        super().__init__()
        self.heads, self.last = heads, last
        self.before, self.between = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.given = nn.Linear(dim, dim, bias=False), nn.Linear(dim, 2 * dim, bias=False)
        self.join = nn.Linear(dim, dim, bias=False)
        self.experts = Experts(dim, hidden, experts, chosen)

    def attended(self, stream: Float[Tensor, "row token dim"]) -> Float[Tensor, "row asked dim"]:
        """The stream after attention."""
        normal = self.before(stream)
        asked = slice(-1, None) if self.last else slice(None)
        query = self.query(normal[:, asked]).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        key, value = self.given(normal).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        return stream[:, asked] + self.join((scores.softmax(-1) @ value).transpose(1, 2).flatten(2))

    def forward(self, stream: Float[Tensor, "row token dim"]) -> Float[Tensor, "row asked dim"]:
        """The stream after this layer."""
        stream = self.attended(stream)
        return stream + self.experts(self.between(stream))

    def routed(self, stream: Float[Tensor, "row token dim"]) -> Float[Tensor, "row expert"]:
        """The routing weights of the last token."""
        return self.experts.routed(self.between(self.attended(stream)[:, -1]))


class Network(nn.Module):
    """Tokens, layers, and scores of the values at the last token."""

    def __init__(self, inputs: int, p: int, params: Mapping[str, Value], generator: torch.Generator) -> None:
        super().__init__()
        dim, depth = int(params["dim"]), int(params["layers"])
        sizes = int(params["heads"]), int(params["hidden"]), int(params["experts"]), int(params["chosen"])
        self.p = p
        with torch.random.fork_rng(devices=[]):  # layers draw from the global generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            self.words = nn.Parameter(SPREAD * torch.randn(p, dim))
            self.places = nn.Parameter(SPREAD * torch.randn(inputs, dim))
            self.asks = nn.Parameter(SPREAD * torch.randn(1, 1, dim))
            self.layers = nn.ModuleList(Layer(dim, *sizes, last=number == depth - 1) for number in range(depth))
            self.normal, self.out = nn.LayerNorm(dim), nn.Linear(dim, p, bias=False)

    def begin(self, rows: Int[Tensor, "row input"]) -> Float[Tensor, "row token dim"]:
        """The tokens of rows."""
        return torch.cat([functional.embedding(rows, self.words) + self.places, self.asks.expand(len(rows), 1, -1)], 1)

    def forward(self, rows: Int[Tensor, "row input"]) -> Float[Tensor, "row p"]:
        """The scores."""
        stream = self.begin(rows)
        for layer in self.layers:
            stream = layer(stream)
        return self.out(self.normal(stream[:, -1]))

    def routing(self, rows: Int[Tensor, "row input"]) -> Float[Tensor, "row layer expert"]:
        """The routing weights of the last token in each layer."""
        stream, found = self.begin(rows), []
        for layer in self.layers:
            found.append(layer.routed(stream))
            stream = layer(stream)
        return torch.stack(found, 1)

    def routers(self) -> Float[Tensor, "layer expert dim"]:
        """Each layer's router."""
        return torch.stack([layer.experts.router.weight for layer in self.layers])


class Moe(CountedTokens):
    """The submission: `fit` takes `steps` steps and yields at those of `PREFERRED` and at the last."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        for many, few in (("dim", "heads"), ("experts", "chosen")):
            most, least = int(self.params[many]), int(self.params[few])
            if few == "heads" and most % least:
                raise BadValue(f"parameters of the card:\n  heads is {least}; it must divide dim, which is {most}")
            if few == "chosen" and least > most:
                raise BadValue(f"parameters of the card:\n  chosen is {least}; it must be at most experts, {most}")
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train. Raises `ValueError` for negative values, which have no token."""
        del validation
        params, steps = self.params, int(self.params["steps"])
        values, target, p = examples(train, self.context)
        self.rows, self.wanted = (torch.tensor(one, device=self.device) for one in (values, target))
        generators = seeding.Generators(self.context.seed)
        self.network = network = Network(values.shape[1], p, params, generators["weights"]).to(self.device)
        probed = torch.randperm(len(target), generator=generators["probe"])[: int(params["probed"])]
        self.probe = self.rows[probed.to(self.device)]
        self.parameters = counting.parameters(network)
        gather = images.Gathered(self.rows, self.wanted)
        batches = Batches(shuffled(len(target), int(params["batch"])), gather, generators["batches"])
        operations = counting.operations(lambda: network(self.rows[:1]).sum().backward())
        network.zero_grad(set_to_none=True)
        optimizer = Adam(network, betas=BETAS, epsilon=EPSILON, decay=float(params["weight_decay"]))
        for step in range(1, steps + 1):
            batch = next(batches)
            functional.cross_entropy(network(batch.parts[0]), batch.parts[1]).backward()
            optimizer.step(float(params["learning_rate"]))
            self.tally.count(batch.rows, batch.rows * (values.shape[1] + 1), operations * batch.rows)
            if step in PREFERRED or step == steps:
                yield step

    @torch.no_grad()
    def diagnostics(self) -> dict[str, float]:
        """The pathways of the probed rows, and the loss on all training rows."""
        return {
            **pathways.measures(self.network.routing(self.probe).cpu(), self.network.routers().cpu()),
            "loss": float(functional.cross_entropy(self.network(self.rows), self.wanted)),
        }

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[int]:
        """The value with the highest score; one that no training row can hold counts as 0."""
        values = side_by_side(questions, self.context.inputs)
        known = np.where((values >= 0) & (values < self.network.p), values, 0)
        return self.network(torch.from_numpy(known).to(self.device)).argmax(1).tolist()


RANGES = {
    **{
        name: (lambda it: it > 0, "1 or more")
        for name in ("steps", "layers", "experts", "chosen", "dim", "heads", "hidden", "probed", "batch")
    },
    "learning_rate": (lambda it: it > 0, "above 0"),
    "weight_decay": (lambda it: it >= 0, "0 or more"),
}
