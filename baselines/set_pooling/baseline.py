"""A network that pools the elements of a set: by a learned commutative operation, or by a fixed one.

Ong & Veličković 2022 (arXiv:2212.08541) learn a commutative monoid: two elements a and b become one by the mean of
GRU(a, b) and GRU(b, a), which is commutative as it stands and associative only as far as that is learned, and a
multiset is folded along a balanced tree, its depth the logarithm of the size. The tree is the one of
pyg-team/pytorch_geometric at 0b27322 (nn/aggr/lcm.py): neighbours are joined level by level, an odd last one is carried
up. There batches are padded with zeros that are folded too, so that an answer depends on what stands beside it; here a
batch is of one size.

`sum`, `mean` and `max` pool without order (Zaheer et al. 2017, arXiv:1703.06114); `gru` reads the elements in a row,
and so answers the same set in another order anew. Elements and answers are classes: an element that training did not
have is one vector of its own, and answers are those of training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import checkpoints, counting, ranges, seeding, training
from genbench.kit.batching import Batch, Batches, sizes_of, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.training import Budget
from genbench.kit.vocabulary import UNKNOWN, Vocabulary, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.batching import Plan

POOLINGS = ("lcm", "gru", "sum", "mean", "max")
ASKED_AT_ONCE = 65_536  # elements; bounds memory
PROBED = 256  # triples of elements by which `diagnostics` tells how associative the operation is


class Pooling(nn.Module):
    """Scores of answers for sets of one size; weights as torch draws them, from the generator that is given."""

    def __init__(self, elements: int, answers: int, params: Mapping[str, Value], generator: torch.Generator) -> None:
        super().__init__()
        dim, hidden = int(params["dim"]), int(params["hidden"])
        self.pooling = str(params["pooling"])
        with torch.random.fork_rng(devices=[]):  # layers draw from the global generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            self.element = nn.Sequential(nn.Embedding(elements, dim), nn.Linear(dim, dim), nn.ReLU())
            if self.pooling == "lcm":
                self.operation = nn.GRUCell(dim, dim)
            if self.pooling == "gru":
                self.reader = nn.GRU(dim, dim, batch_first=True)
            self.answer = nn.Sequential(nn.Linear(dim, hidden), nn.ReLU(), nn.Linear(hidden, answers))

    def forward(self, sets: Int[Tensor, "row size"]) -> Float[Tensor, "row answer"]:
        """Scores; `size` is 1 or more."""
        return self.answer(self.pooled(self.element(sets)))

    def pooled(self, elements: Float[Tensor, "row size dim"]) -> Float[Tensor, "row dim"]:
        """One vector for each set."""
        if self.pooling == "lcm":
            return self.folded(elements)
        if self.pooling == "gru":
            return self.reader(elements)[0][:, -1]
        return {"sum": elements.sum, "mean": elements.mean, "max": elements.amax}[self.pooling](1)

    def folded(self, elements: Float[Tensor, "row size dim"]) -> Float[Tensor, "row dim"]:
        """Neighbours joined level by level, an odd last one carried up."""
        while (size := elements.shape[1]) > 1:
            even = size - size % 2
            joined = self.joined(elements[:, 0:even:2], elements[:, 1:even:2])
            elements = torch.cat([joined, elements[:, even:]], dim=1)
        return elements[:, 0]

    def joined(self, left: Float[Tensor, "row pair dim"], right: Float[Tensor, "row pair dim"]) -> Tensor:
        """Each pair as one, whichever stands first."""
        a, b = left.flatten(0, 1), right.flatten(0, 1)
        return ((self.operation(a, b) + self.operation(b, a)) / 2).view_as(left)


class Gathered:
    """Gathers batches of sets of one size, with their answers."""

    def __init__(self, ids: Int[Tensor, " element"], offsets: Int[Tensor, " row_and_one"], answers: Tensor) -> None:
        self.ids, self.begins, self.sizes, self.answers = ids, offsets[:-1], offsets.diff(), answers

    def __call__(self, rows: Int[Tensor, " batch"]) -> Batch:
        """The batch of these rows, which have one size."""
        size = int(self.sizes[rows[0]])
        sets = self.ids[self.begins[rows, None] + torch.arange(size)]
        lengths = self.sizes[None, rows].numpy()
        return Batch((sets, self.answers[rows]), len(rows), size * len(rows), sizes_of(lengths))


def of_one_size(sizes: Int[Tensor, " row"], batch: int) -> Plan:
    """Epochs of all rows in batches of one size each, in random order."""

    def plan(generator: torch.Generator) -> list[Int[Tensor, " batch"]]:
        order = torch.randperm(len(sizes), generator=generator)
        order = order[torch.argsort(sizes[order], stable=True)]
        parts = [
            part
            for own in split(order, torch.unique_consecutive(sizes[order], return_counts=True)[1].tolist())
            for part in split(own, batch)
        ]
        return [parts[number] for number in torch.randperm(len(parts), generator=generator).tolist()]

    return plan


class SetPooling(CountedTokens):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for no training rows or an empty set."""
        del validation
        params = self.params
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        data = train.with_format("arrow")[:]
        columns = columns_of(data, self.context.inputs)
        self.vocabulary = Vocabulary.from_columns(columns)
        numbers: dict[object, int] = {}
        labels = [numbers.setdefault(one, len(numbers)) for one in data.column(self.context.target).to_pylist()]
        self.answers = list(numbers)
        ids, offsets = self.sets(train)
        self.generators = seeding.Generators(self.context.seed)
        self.model = Pooling(len(self.vocabulary), len(numbers), params, self.generators["weights"]).to(self.device)
        self.parameters = counting.parameters(self.model)
        gather = Gathered(ids, offsets, torch.tensor(labels))
        budget = Budget(steps=int(params["steps"]))
        factor = schedule("cosine", budget.total, 0.1)
        probes = [gather(own[:2]) for own in of_one_size(gather.sizes, 2)(torch.Generator().manual_seed(0))[:8]]
        yield from training.train(
            self.model,
            self.loss,
            Batches(of_one_size(gather.sizes, int(params["batch"])), gather, self.generators["batches"]),
            Adam(self.model, betas=(0.9, 0.999), epsilon=1e-8, clip=float(params["clip"])),
            budget=budget,
            rate=lambda spent: float(params["learning_rate"]) * factor(spent),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=counting.cost(lambda batch: self.loss(self.model, batch).backward(), probes),
            generators=self.generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(labels)}),
        )

    def loss(self, model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of a batch."""
        sets, labels = batch.parts
        return functional.cross_entropy(model(sets.to(self.device)), labels.to(self.device))

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[object]:
        """The likeliest of the answers of training."""
        self.model.eval()
        ids, offsets = self.sets(questions)
        gather = Gathered(ids, offsets, torch.zeros(len(questions), dtype=torch.int64))
        said = torch.empty(len(questions), dtype=torch.int64)
        for size in gather.sizes.unique().tolist():
            own = (gather.sizes == size).nonzero().flatten()
            for rows in split(own, max(1, ASKED_AT_ONCE // size)):
                said[rows] = self.model(gather(rows).parts[0].to(self.device)).argmax(1).cpu()
        return [self.answers[label] for label in said.tolist()]

    @torch.no_grad()
    def diagnostics(self) -> dict[str, float]:
        """How far (a b) c lies from a (b c), as a share of its length; of the learned operation only."""
        if self.model.pooling != "lcm":
            return {}
        chosen = torch.randint(
            UNKNOWN + 1, len(self.vocabulary), (3, PROBED, 1), generator=torch.Generator().manual_seed(0)
        )
        a, b, c = self.model.element(chosen.to(self.device))
        first = self.model.joined(self.model.joined(a, b), c)
        second = self.model.joined(a, self.model.joined(b, c))
        return {"associativity_error": float((first - second).norm() / first.norm())}

    def sets(self, given: Dataset) -> tuple[Int[Tensor, " element"], Int[Tensor, " row_and_one"]]:
        """The elements of each row, row after row. Raises `BadData` where a row has none."""
        ragged = self.vocabulary.encode(columns_of(given.with_format("arrow")[:], self.context.inputs))
        kept = torch.ones(len(ragged.ids), dtype=torch.bool)
        kept[ragged.offsets[1:] - 1] = False  # the end that sequences have
        sizes = ragged.lengths - 1
        if len(sizes) and int(sizes.min()) < 1:
            raise BadData(f"row {int(sizes.argmin())} is an empty set; a pooled vector needs an element")
        return ragged.ids[kept], torch.cat([torch.zeros(1, dtype=torch.int64), sizes.cumsum(0)])


RANGES = {
    "pooling": (lambda it: it in POOLINGS, f"one of {', '.join(POOLINGS)}"),
    "dim": (lambda it: it > 0, "1 or more"),
    "hidden": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "clip": (lambda it: it >= 0, "0 or more"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
