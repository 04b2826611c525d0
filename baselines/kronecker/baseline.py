"""One layer of attention of order 3, which weighs pairs of places, beside one of order 2, which weighs places.

Alman & Song 2023 (arXiv:2310.04064) define, for Q, K1, K2, V1 and V2 of n rows,

    D^-1 exp(Q (K1 * K2)^T) (V1 * V2)

where * is the column-wise Kronecker product: its n^2 rows are the products, number by number, of a row of one and a row
of the other. D makes the weights of each query sum to 1. Order 2 is D^-1 exp(Q K^T) V, the usual attention. For one
problem, whether a number makes zero with two others, Sanford, Hsu & Telgarsky 2023 (arXiv:2306.02896) prove that the
usual one needs a size that grows with the sequence; here it is one look at the right pair.

No trained layer of the paper was at hand, so what is around it is ours: a vector for each number and none for its
place, heads that share `dim` among them, a learned factor on the scores of each head, the sum of what came in and what
was attended to, and one hidden layer that answers at each place. A sequence has an end that can be attended to, where
no pair is worth it. Nothing depends on the order of the numbers. The near-linear approximation, which is the paper's
subject, is left out: pairs of a few places are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData, BadValue
from genbench.kit import checkpoints, counting, ranges, seeding, training
from genbench.kit.batching import Batch, Batches, Padded, bucketed, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.training import Budget
from genbench.kit.vocabulary import END, PADDING, SPECIAL, Vocabulary, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from datasets import Dataset
    from jaxtyping import Bool, Float, Int
    from torch import Tensor

    from genbench import Context, Value

ORDERS = (2, 3)
WIDER = 4  # times the model's width, the layer that answers
ASKED_AT_ONCE = 8192  # numbers and ends; bounds memory
UNASKED = -100  # a place without an answer, which the loss leaves out


def paired(one: Float[Tensor, "*batch place dim"], other: Float[Tensor, "*batch place dim"]) -> Tensor:
    """The column-wise Kronecker product, `[*batch, place * place, dim]`: row j n + k is one[j] * other[k]."""
    return (one[..., :, None, :] * other[..., None, :, :]).flatten(-3, -2)


def attend(
    query: Float[Tensor, "*batch asked dim"],
    key: Float[Tensor, "*batch given dim"],
    value: Float[Tensor, "*batch given dim"],
    hidden: Bool[Tensor, "*batch 1 given"] | None = None,
) -> Float[Tensor, "*batch asked dim"]:
    """Values weighed by the softmax of the scores, which are not scaled; nothing is seen of what is `hidden`."""
    scores = query @ key.transpose(-1, -2)
    if hidden is not None:
        scores = scores.masked_fill(hidden, -torch.inf)
    return scores.softmax(-1) @ value


class Layer(nn.Module):
    """Attention of order 2 or 3 with learned factors, and the layer that answers."""

    def __init__(self, numbers: int, answers: int, params: Mapping[str, Value], generator: torch.Generator) -> None:
        super().__init__()
        self.order, self.heads, dim = int(params["order"]), int(params["heads"]), int(params["dim"])
        self.made = self.order - 1  # keys that make a score, and as many values
        with torch.random.fork_rng(devices=[]):  # layers draw from the global generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            self.number = nn.Embedding(numbers, dim)
            self.project = nn.Linear(dim, (1 + 2 * self.made) * dim, bias=False)
            self.join = nn.Linear(dim, dim)
            self.answer = nn.Sequential(nn.Linear(dim, WIDER * dim), nn.ReLU(), nn.Linear(WIDER * dim, answers))
        self.log_scale = nn.Parameter(torch.zeros(self.heads, 1, 1))

    def operations(self, sizes: tuple[int, ...]) -> float:
        """Floating-point operations of a step on a batch of these `sizes`, backward pass included."""
        rows, width = sizes[:2]
        dense = sum(weight.numel() for weight in self.parameters() if weight.ndim == 2) - self.number.weight.numel()
        attended = 2 * width**self.made * self.number.embedding_dim  # scores, and the sum of values
        return 6.0 * rows * width * (dense + attended)

    def forward(self, rows: Int[Tensor, "row place"]) -> Float[Tensor, "row place answer"]:
        """Scores of the answers at each place; places of padding are not seen."""
        stream = self.number(rows)
        parts = self.project(stream).unflatten(-1, (1 + 2 * self.made, self.heads, -1)).permute(2, 0, 3, 1, 4)
        keys, values = parts[1 : 1 + self.made], parts[1 + self.made :]
        hidden = (rows == PADDING)[:, None]
        key, value = keys[0], values[0]
        if self.order > 2:
            key, value = paired(*keys), paired(*values)
            hidden = (hidden[:, 0, :, None] | hidden[:, 0, None, :]).flatten(1)[:, None]
        seen = attend(parts[0] * self.log_scale.exp(), key, value, hidden[:, None])
        return self.answer(stream + self.join(seen.transpose(1, 2).flatten(2)))


def loss(model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
    """Cross-entropy of the answers of a batch, a mean over its numbers."""
    rows, wanted = batch.parts
    labels = (wanted - SPECIAL).masked_fill(wanted < SPECIAL, UNASKED)
    return functional.cross_entropy(model(rows).transpose(1, 2), labels, ignore_index=UNASKED)


class Kronecker(CountedTokens):
    """The submission: an answer for each number of a sequence."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        if (dim := int(self.params["dim"])) % (heads := int(self.params["heads"])):
            raise BadValue(f"parameters of the card:\n  heads is {heads}; it must divide dim, which is {dim}")
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve.

        Raises `BadData` for no training rows, a row without numbers, and one with more answers than numbers, or fewer.
        """
        del validation
        params = self.params
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        data = train.with_format("arrow")[:]
        columns = columns_of(data, self.context.inputs)
        answers = columns_of(data, {self.context.target: self.context.target_type})
        self.numbers, self.answers = Vocabulary.from_columns(columns), Vocabulary.from_columns(answers)
        rows, wanted = self.numbers.encode(columns), self.answers.encode(answers)
        if (unlike := rows.lengths != wanted.lengths).any():
            row = int(unlike.nonzero()[0])
            raise BadData(
                f"row {row} has {int(rows.lengths[row]) - 1} numbers and {int(wanted.lengths[row]) - 1} answers; an "
                "answer stands for each number"
            )
        if int(rows.lengths.min()) == 1:
            raise BadData(f"row {int(rows.lengths.argmin())} has no numbers; there is nothing in it to learn from")
        self.generators = seeding.Generators(self.context.seed)
        self.model = Layer(len(self.numbers), len(self.answers.tokens), params, self.generators["weights"]).to(
            self.device
        )
        self.parameters = counting.parameters(self.model)
        gather = Padded((rows, wanted), self.device)
        budget = Budget(steps=int(params["steps"]))
        factor = schedule("cosine", budget.total, 0.1)
        yield from training.train(
            self.model,
            loss,
            Batches(bucketed(rows.lengths, int(params["batch_tokens"])), gather, self.generators["batches"]),
            Adam(self.model, betas=(0.9, 0.98), epsilon=1e-8, clip=float(params["clip"])),
            budget=budget,
            rate=lambda spent: float(params["learning_rate"]) * factor(spent),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=self.model.operations,
            generators=self.generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(train)}),
        )

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[object]:
        """The likeliest answer for each number; those that training did not have are one, and not learned."""
        self.model.eval()
        ragged = self.numbers.encode(columns_of(questions.with_format("arrow")[:], self.context.inputs))
        gather, said = Padded((ragged,), self.device), []
        longest = int(ragged.lengths.max()) if len(ragged) else 1
        for chosen in split(torch.arange(len(ragged)), max(1, ASKED_AT_ONCE // longest)):
            rows = gather(chosen).parts[0]
            answers = self.model(rows).argmax(-1) + SPECIAL
            ended = answers.masked_fill((rows == END) | (rows == PADDING), END)
            said += self.answers.decode(ended, self.context.target_type)
        return said


RANGES = {
    "order": (lambda it: it in ORDERS, "2 or 3"),
    "dim": (lambda it: it > 0, "1 or more"),
    "heads": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch_tokens": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "clip": (lambda it: it >= 0, "0 or more"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
