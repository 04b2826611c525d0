"""A transformer that is trained on sequences of shots, each of some task, and so may learn how to learn from shots.

Kirsch, Harrison, Sohl-Dickstein & Metz 2022, "General-Purpose In-Context Learning by Meta-Learning Transformers"
(arXiv:2212.04458): an ordinary transformer reads images with their labels, and answers each with what came before.
Nothing but this tells it to learn: trained on sequences of one task it memorizes that one, on those of some tasks it
finds out which of them it is shown, on very many it learns to learn.

Each image of a sequence stands there twice: as a shot, with its label, and as a question, without. A shot sees the
shots up to itself; a question the shots before its own, and itself. So one pass over a sequence of 24 shots and a last
image trains 25 answers, with 0 to 24 shots before each. Places have no vectors. Blocks are normalized before; of the
last layer only the questions are computed.

Departures: no release was at hand. In the paper an image's token has the label of the image before, so that a layer
must first learn to bring the two together; at this size and number of steps that was not learned at all (1,000 steps
at rates of .001 and .003 left 65,536 tasks at chance), and is what the tokens above save. Sizes and rates are ours.

What rows look like, `genbench.kit.shots` says; those of training bring as many shots as there is room for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData, BadValue
from genbench.kit import checkpoints, counting, images, ranges, seeding, shots, training, vector_networks
from genbench.kit.batching import Batches, shuffled, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.batching import Batch

WIDER = 4  # times the model's width, the layer after attention
ASKED_AT_ONCE = 512  # sequences; bounds memory


class Layer(nn.Module):
    """Attention, then a layer of rectified units; of the tokens from `begin` on alone."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.given = nn.Linear(dim, dim, bias=False), nn.Linear(dim, 2 * dim, bias=False)
        self.join = nn.Linear(dim, dim, bias=False)
        self.rise, self.fall = nn.Linear(dim, WIDER * dim), nn.Linear(WIDER * dim, dim)

    def forward(
        self, stream: Float[Tensor, "row token dim"], mask: Float[Tensor, "token token"], begin: int
    ) -> Float[Tensor, "row asked dim"]:
        """The stream after this layer; `mask` is added to scores."""
        normal = self.before(stream)
        query = self.query(normal[:, begin:]).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        key, value = self.given(normal).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5 + mask[begin:]
        seen = (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
        stream = stream[:, begin:] + self.join(seen)
        return stream + self.fall(self.rise(self.between(stream)).relu())


def visible(shots: int) -> Float[Tensor, "token token"]:
    """0 where a token of the first index may see one of the second, else minus infinity: shots first, then questions.

    A shot sees shots up to itself; a question those before its own, and itself. There is one question more than shots.
    """
    place = torch.arange(shots)
    asked = torch.arange(shots + 1)
    of_shots = torch.cat([place[None] <= place[:, None], torch.zeros(shots, shots + 1, dtype=torch.bool)], 1)
    of_questions = torch.cat([place[None] < asked[:, None], asked[None] == asked[:, None]], 1)
    return torch.zeros(2 * shots + 1, 2 * shots + 1).masked_fill(~torch.cat([of_shots, of_questions]), -math.inf)


class Network(nn.Module):
    """Images and labels to answers at each question."""

    def __init__(
        self, numbers: int, classes: int, shots: int, params: Mapping[str, Value], generator: torch.Generator
    ) -> None:
        super().__init__()
        self.classes, self.shots, dim = classes, shots, int(params["dim"])
        with torch.random.fork_rng(devices=[]):  # layers draw from the global generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            self.enter = nn.Linear(numbers + classes + 1, dim)
            self.layers = nn.ModuleList(Layer(dim, int(params["heads"])) for _ in range(int(params["layers"])))
            self.normal, self.out = nn.LayerNorm(dim), nn.Linear(dim, classes)
        self.register_buffer("mask", visible(shots))

    def forward(
        self, images: Float[Tensor, "row image number"], labels: Int[Tensor, "row image"]
    ) -> Float[Tensor, "row image class"]:
        """Scores of the label of each image by those before it; the last image's own label is not looked at."""
        told = functional.one_hot(labels, self.classes + 1).to(images.dtype)  # the last place says: a question
        asked = functional.one_hot(torch.full_like(labels, self.classes), self.classes + 1).to(images.dtype)
        shown = torch.cat([images[:, :-1], told[:, :-1]], -1)
        stream = self.enter(torch.cat([shown, torch.cat([images, asked], -1)], 1))
        for number, layer in enumerate(self.layers, 1):
            stream = layer(stream, self.mask, self.shots if number == len(self.layers) else 0)
        return self.out(self.normal(stream))


def loss(model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
    """Cross-entropy, a mean over all images of all sequences."""
    shown, labels = batch.parts
    return functional.cross_entropy(model(shown, labels).flatten(0, 1), labels.flatten())


class MetaLearner(CountedTokens):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        if (dim := int(self.params["dim"])) % (heads := int(self.params["heads"])):
            raise BadValue(f"parameters of the card:\n  heads is {heads}; it must divide dim, which is {dim}")
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for rows that are no sequences of one length."""
        del validation
        params, target = self.params, self.context.target
        last = vector_networks.labels(train, target)
        self.classes = vector_networks.classes(train, target)
        shown, labels, lengths = (torch.from_numpy(part) for part in shots.sequences(train, self.context.inputs))
        if (fewest := int(lengths.min())) != shown.shape[1] - 1:
            raise BadData(
                f"a training row has {fewest} shots; all must have {shown.shape[1] - 1}, for which there is room"
            )
        labels[:, -1] = last
        if int(labels.min()) < 0 or int(labels.max()) >= self.classes:
            raise BadData(f"labels of shots are {int(labels.min())} to {int(labels.max())} of {self.classes} classes")
        self.generators = seeding.Generators(self.context.seed)
        self.model = Network(shown.shape[2], self.classes, shown.shape[1] - 1, params, self.generators["weights"])
        self.model = self.model.to(self.device)
        self.parameters = counting.parameters(self.model)
        gather = images.Gathered(shown.to(self.device), labels.to(self.device))
        probe = gather(torch.arange(1))
        operations = counting.operations(lambda: loss(self.model, probe).backward())
        self.model.zero_grad(set_to_none=True)
        budget = Budget(steps=int(params["steps"]))
        factor = schedule("constant", budget.total, float(params["warm_up"]))
        yield from training.train(
            self.model,
            loss,
            Batches(shuffled(len(shown), int(params["batch"])), gather, self.generators["batches"]),
            Adam(self.model, betas=(0.9, 0.98), epsilon=1e-8, clip=float(params["clip"])),
            budget=budget,
            rate=lambda spent: float(params["learning_rate"]) * factor(spent),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=lambda sizes: operations * sizes[0],
            generators=self.generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(shown)}),
        )

    @torch.no_grad()
    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each label; a label of a shot that training did not have counts as 0."""
        self.model.eval()
        shown, labels, lengths = (torch.from_numpy(part) for part in shots.sequences(questions, self.context.inputs))
        labels = labels.where((labels >= 0) & (labels < self.classes), 0)
        said = []
        for rows in split(torch.arange(len(shown)), ASKED_AT_ONCE):
            scores = self.model(shown[rows].to(self.device), labels[rows].to(self.device)).cpu()
            said.append(scores[torch.arange(len(rows)), lengths[rows]])
        return torch.cat(said).softmax(1).numpy()


RANGES = {
    **{name: (lambda it: it > 0, "1 or more") for name in ("layers", "dim", "heads", "steps", "batch")},
    "learning_rate": (lambda it: it > 0, "above 0"),
    "warm_up": (lambda it: it >= 0, "0 or more"),
    "clip": (lambda it: it >= 0, "0 or more"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
