"""A pointer network on points: it answers with indices of points of the question, each one pointed at.

Vinyals, Fortunato & Jaitly 2015 (arXiv:1506.03134): an LSTM reads the coordinates of the points, another begins with
its last state, and at each step a distribution over the points, the softmax of their equation 3, takes the place of an
output layer. The next step is given the point that was pointed at; pointing at the end ends an answer.

`fixed_dictionary` is what they compare with, a sequence model with attention: the same reader and decoder, and the same
scores of the points, which here say how to blend what was read (their equation 2); an output layer has a score for the
end and for each index that training had. An index that the question lacks cannot be said by either.

Departures: points that were named are masked out where an answer names each once (hulls and tours), and of tours the
end until all are named, which the paper does by a search over valid tours; Adam with warm-up and a cosine in place
of SGD at a constant rate; greedy decoding; fewer units, rows and steps.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from model import OUTPUTS, PointNetwork
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import checkpoints, counting, decoding, ranges, seeding, training
from genbench.kit.batching import Batch, Batches, Padded, bucketed, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.recipe import Recipe
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.training import Budget
from genbench.kit.vocabulary import END, PADDING, SPECIAL, START, Ragged

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor, nn

    from genbench import Context

POINTS = "points"  # the column
ASKED_AT_ONCE = 32_768  # points; bounds memory
LONGEST = 6  # indices of an answer for each point, where it may name points twice: a triangulation has fewer


class Sets(NamedTuple):
    """Sets of points one after another: row i has the points with the numbers `numbers.ids[offsets[i]:offsets[i+1]]`.

    Numbers count from 1, as places in `table`, whose first row is what padding stands for.
    """

    numbers: Ragged
    table: Float[Tensor, "point_and_padding 3"]

    def at(self, numbers: Int[Tensor, "row point"]) -> Float[Tensor, "row point 3"]:
        """The points of these numbers."""
        return self.table[numbers]


class PointPointer(CountedTokens):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        self.recipe = Recipe.from_params(context.params)
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for rows that cannot be learned from."""
        del validation
        recipe, params = self.recipe, self.params
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        data = train.with_format("arrow")[:]
        self.sets = sets_of(data)
        answers = self.answers(data, self.sets.numbers.lengths)
        self.generators = seeding.Generators(self.context.seed, self.device)
        self.model = PointNetwork(
            dim=int(params["dim"]),
            hidden=int(params["hidden"]),
            output=str(params["output"]),
            largest=int(self.sets.numbers.lengths.max()),
            masked=bool(params["masked"]),
            whole=bool(params["whole"]),
            generator=self.generators["weights"],
            masks=self.generators["masks"],
        ).to(self.device)
        self.parameters = counting.parameters(self.model)
        gather = Padded((self.sets.numbers, answers), self.device)
        self.sets = self.sets._replace(table=self.sets.table.to(self.device))
        plan = bucketed(self.sets.numbers.lengths + answers.lengths, recipe.batch_tokens)
        optimizer = Adam(self.model, betas=recipe.betas, clip=recipe.clip)
        factor = schedule(recipe.schedule, Budget(recipe.steps).total, recipe.warm_up)
        probes = [gather(rows[:2]) for rows in plan(torch.Generator().manual_seed(0))[: counting.PROBES]]
        cost = counting.cost(lambda batch: self.loss(self.model, batch).backward(), probes)
        optimizer.gradient.zero_()
        yield from training.train(
            self.model,
            self.loss,
            Batches(plan, gather, self.generators["batches"]),
            optimizer,
            budget=Budget(recipe.steps),
            rate=lambda spent: recipe.learning_rate * factor(spent),
            tally=self.tally,
            curve=recipe.curve,
            cost=cost,
            generators=self.generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(answers)}),
        )

    def loss(self, model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of the next index, the mean over indices and ends."""
        numbers, wanted = batch.parts
        shown = functional.pad(wanted[:, :-1], (1, 0), value=START)
        scores = model(self.sets.at(numbers), shown)
        return functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=PADDING)

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[list[int]]:
        """Indices of points of each question, counted from 1, questions of like size decoded together."""
        self.model.eval()
        asked = sets_of(questions.with_format("arrow")[:])
        asked = asked._replace(table=asked.table.to(self.device))
        lengths, gather = asked.numbers.lengths, Padded((asked.numbers,), self.device)
        said: list[list[int]] = [[]] * len(lengths)
        order = torch.argsort(lengths, stable=True)
        for part in split(order, max(1, ASKED_AT_ONCE // int(lengths.max()))):
            limits = 1 + lengths[part] * (1 if self.params["masked"] else LONGEST)
            points = asked.at(gather(part).parts[0])
            words = decoding.greedy(self.model, points, limits.to(self.device)).cpu()
            for row, own in zip(part.tolist(), words.tolist(), strict=True):
                said[row] = [word - SPECIAL + 1 for word in own if word >= SPECIAL]
        return said

    def answers(self, data: pa.Table, points: Int[Tensor, " row"]) -> Ragged:
        """The answers of training as words, an end behind each.

        Raises `BadData`, naming the row, for an index that its points lack, and where one is named twice and is masked.
        """
        column = data.column(self.context.target).combine_chunks()
        indices = torch.tensor(column.flatten().to_numpy())
        lengths = torch.tensor(column.value_lengths().to_numpy(), dtype=torch.int64)
        row = torch.arange(len(lengths)).repeat_interleave(lengths)
        bad = (indices < 1) | (indices > points[row])
        if bad.any():
            at = int(bad.long().argmax())
            raise BadData(f"row {int(row[at])} names point {int(indices[at])} of its {int(points[row[at]])} points")
        if self.params["masked"] and len(torch.unique(torch.stack([row, indices]), dim=1).T) < len(indices):
            raise BadData("answers name points twice, which masked=true forbids; set masked=false")
        offsets = functional.pad((lengths + 1).cumsum(0), (1, 0))
        words = torch.full((int(offsets[-1]),), END)
        words[torch.arange(len(indices)) + row] = indices - 1 + SPECIAL
        return Ragged(words, offsets)


def sets_of(data: pa.Table) -> Sets:
    """The points of each row. Raises `BadData` where a row has none, or half of one."""
    column = data.column(POINTS).combine_chunks()
    numbers = np.array(column.value_lengths().to_numpy(), np.int64)
    bad = (numbers < 2) | (numbers % 2 > 0)
    if bad.any():
        at = int(bad.argmax())
        raise BadData(f"row {at} has {numbers[at]} numbers; points have two each, and there must be one at least")
    places = torch.tensor(column.flatten().to_numpy(), dtype=torch.float32).view(-1, 2)
    table = functional.pad(functional.pad(places, (0, 1), value=1.0), (0, 0, 1, 0))
    offsets = functional.pad(torch.from_numpy(numbers // 2).cumsum(0), (1, 0))
    return Sets(Ragged(torch.arange(1, len(table)), offsets), table)


RANGES = {
    "output": (lambda it: it in OUTPUTS, f"one of {', '.join(OUTPUTS)}"),
    "dim": (lambda it: it > 0, "1 or more"),
    "hidden": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: 0 < it < math.inf, "1 or more"),
}
