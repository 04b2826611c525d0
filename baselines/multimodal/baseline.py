"""Five networks that answer a question about a screen: a GRU, three transformers and a Perceiver.

Ito, Dan, Rigotti, Kozloski & Campbell 2024 (arXiv:2401.15030), their models in the sizes of the released
demonstrations: width 256, 512 hidden units, one block, one head, sinusoidal positions, integers straight into a linear
map, AdamW with weight decay .01, gradients clipped at 1, batches of 64, cross-entropy over the 138 answers. `models.py`
has the networks.

Departures: the rate and the number of steps, for theirs were not found (the release's default rate is 1e-4): ours are
what minutes on one core of a processor allow, with a rate three times theirs that rises and falls again. A batch holds
instructions of one length, so nothing is padded.

Shown object tokens (gcog with encoding=objects), a network takes each number for a category, gives each column of them
a table, and an object on the screen no position; an end is added to both sides. The GRU, which reads a screen of one
size, refuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import models
import numpy as np
import pyarrow.compute as pc
import torch
from models import CLASSES, MODELS, Tokens
from torch.nn import functional

from genbench.errors import BadData, BadValue, SubmissionFault, nearest
from genbench.kit import checkpoints, counting, seeding, training
from genbench.kit.batching import Batch, Batches, sizes_of, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context
    from genbench.kit.batching import Plan

BETAS, EPSILON = (0.9, 0.999), 1e-8  # torch's own for AdamW, which the release uses
ANSWERED_AT_ONCE = 256
CONSIDERED = 200  # batches, of which the most different are counted


@dataclass(frozen=True, slots=True)
class View:
    """How a question is shown: numbers of a token on either side, and of how many categories each is, if of any."""

    widths: tuple[int, int]
    categories: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    @property
    def sizes(self) -> tuple[int, int]:
        """Numbers of a token on either side, as a network meets it."""
        return self.widths if self.categories is None else (sum(self.categories[0]), sum(self.categories[1]))


INPUTS = ("instruction", "stimulus")
CELLS = 101  # rows of a released screen, its end included
RELEASED = View((8, 3))
# operator, colour, shape, colour, shape; place, place, colour, shape. 0 is for none, and in an end for all.
OBJECTS = View((5, 4), ((10, 11, 27, 11, 27), (11, 11, 11, 27)))


def view_of(given: Dataset) -> View:
    """Which of the two these rows are in. Raises `BadData` for neither."""
    nodes, screens = (pc.unique(pc.list_value_length(given.data.column(name))).to_pylist() for name in INPUTS)
    for view in (RELEASED, OBJECTS):
        cut = all(length % width == 0 for of, width in zip((nodes, screens), view.widths, strict=True) for length in of)
        if cut and (view is OBJECTS or screens == [CELLS * view.widths[1]]):
            return view
    raise BadData("rows are neither the released integers of gCOG nor its object tokens, by their lengths")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One column, all rows behind one another: small integers, and where each row ends, counted in tokens."""

    tokens: Int[Tensor, "token number"]
    ends: Int[Tensor, " row"]
    lengths: Int[Tensor, " row"]

    @classmethod
    def read(cls, given: Dataset, name: str, width: int, *, ended: bool) -> Side:
        """A column cut into tokens of `width` numbers; where rows have no end, a token of zeros is added to each."""
        column = given.data.column(name).combine_chunks()
        lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False).astype(np.int64) // width
        values = column.flatten().to_numpy().astype(np.uint8).reshape(-1, width)
        if not ended:
            own = np.repeat(np.arange(len(lengths)), lengths) + np.arange(len(values))
            lengths = lengths + 1
            whole = np.zeros((lengths.sum(), width), np.uint8)
            whole[own] = values
            values = whole
        return cls(torch.from_numpy(values.copy()), torch.from_numpy(np.cumsum(lengths)), torch.from_numpy(lengths))

    def __call__(self, rows: Int[Tensor, " batch"]) -> tuple[Int[Tensor, "batch token number"], Tensor]:
        """These rows, padded on the left to the longest of them, and which tokens are padding."""
        lengths = self.lengths[rows]
        longest = int(lengths.max())
        back = torch.arange(longest, 0, -1)
        absent = back > lengths[:, None]
        return self.tokens[(self.ends[rows, None] - back).clamp_(min=0)], absent


def of_one_length(lengths: Int[Tensor, " row"], size: int) -> Plan:
    """Epochs of batches of `size` rows, and fewer at the end of a length; those of a batch are equally long."""

    def plan(generator: torch.Generator) -> list[Int[Tensor, " batch"]]:
        order = torch.randperm(len(lengths), generator=generator)
        parts = [part for one in lengths.unique().tolist() for part in split(order[lengths[order] == one], size)]
        return [parts[number] for number in torch.randperm(len(parts), generator=generator).tolist()]

    return plan


class Multimodal(CountedTokens):
    """The submission. `fit` yields at `curve` points and at the end."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.device = seeding.prepare(context.device, context.threads)
        setting = context.params
        if setting["model"] not in MODELS:
            raise BadValue(f"model is {setting['model']!r}{nearest(str(setting['model']), MODELS)}")
        for name in ("dim", "hidden", "batch", "steps"):
            if int(setting[name]) < 1:
                raise BadValue(f"{name} is {setting[name]}; it must be a whole number above 0")
        if int(setting["dim"]) % 2:
            raise BadValue(f"dim is {setting['dim']}; it must be even, for sines and cosines")
        self.tally = Tally()
        self.network: torch.nn.Module | None = None

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train; validation rows are not used. Raises `BadData` for answers that are no classes of gCOG's."""
        del validation
        setting, generators = self.context.params, seeding.Generators(self.context.seed, self.device)
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        self.view = view_of(train)
        sides = self.read(train)
        answers = torch.from_numpy(train.data.column(self.context.target).to_numpy().copy())
        if answers.min() < 0 or answers.max() >= CLASSES:
            raise BadData(
                f"answers are from {answers.min()} to {answers.max()}; they must be classes, 0 to {CLASSES - 1}"
            )
        tokens = CELLS if self.view is RELEASED else 0
        network = MODELS[str(setting["model"])](
            *self.view.sizes, tokens=tokens, dim=int(setting["dim"]), hidden=int(setting["hidden"])
        )
        models.initialize(network, generators["weights"])
        self.network = network.to(self.device)
        self.parameters = counting.parameters(network)
        optimizer = Adam(
            network, betas=BETAS, epsilon=EPSILON, decay=float(setting["weight_decay"]), clip=float(setting["clip"])
        )

        def gather(rows: Int[Tensor, " batch"]) -> Batch:
            (above, _), (below, absent) = (side(rows) for side in sides)
            sizes = sizes_of(torch.stack([side.lengths[rows] for side in sides]).numpy())
            parts = tuple(part.to(self.device) for part in (above, below, absent, answers[rows]))
            return Batch(parts, len(rows), sum(sizes[3:]), sizes)

        def loss(model: torch.nn.Module, batch: Batch) -> Float[Tensor, ""]:
            above, below, absent, wanted = batch.parts
            return functional.cross_entropy(model(*self.shown(above, below, absent)), wanted)

        def work(batch: Batch) -> None:
            loss(network, batch).backward()

        plan = of_one_length(sides[0].lengths, int(setting["batch"]))
        probes = [gather(rows) for rows in plan(seeding.generator(self.context.seed, "cost"))[:CONSIDERED]]
        cost = counting.cost(work, [probes[place] for place in counting.spread([batch.sizes for batch in probes])])
        optimizer.gradient.zero_()
        budget = Budget(steps=int(setting["steps"]))
        factor = schedule(str(setting["schedule"]), budget.total, float(setting["warm_up"]))
        yield from training.train(
            network,
            loss,
            Batches(plan, gather, generators["batches"]),
            optimizer,
            budget=budget,
            rate=lambda step: float(setting["learning_rate"]) * factor(step),
            tally=self.tally,
            curve=int(setting["curve"]),
            cost=cost,
            generators=generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(network, {**setting, "seed": self.context.seed, "rows": len(train)}),
        )

    def read(self, given: Dataset) -> tuple[Side, Side]:
        """Both input columns."""
        released = self.view is RELEASED
        above, below = (
            Side.read(given, name, width, ended=released) for name, width in zip(INPUTS, self.view.widths, strict=True)
        )
        return above, below

    def shown(
        self, above: Int[Tensor, "row node number"], below: Int[Tensor, "row token number"], absent: Tensor
    ) -> tuple[Tokens, Tokens]:
        """What a network sees of these rows, the instruction first."""
        if self.view.categories is None:
            return Tokens(above.float()), Tokens(below.float())
        first, second = self.view.categories
        return Tokens(categories(above, first)), Tokens(categories(below, second), placed=False, absent=absent)

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[int]:
        """The likeliest class of each question. Raises `SubmissionFault` before fit."""
        if self.network is None:
            raise SubmissionFault("predict was called before fit: there is no model yet")
        if not len(questions):
            return []
        if view_of(questions) is not self.view:
            raise BadData("questions are shown in another way than training rows were")
        self.network.eval()
        sides = self.read(questions)
        answers = torch.empty(len(questions), dtype=torch.int64)
        for rows in of_one_length(sides[0].lengths, ANSWERED_AT_ONCE)(seeding.generator(0, "questions")):
            (above, _), (below, absent) = (side(rows) for side in sides)
            shown = self.shown(*(part.to(self.device) for part in (above, below, absent)))
            answers[rows] = self.network(*shown).argmax(1).cpu()
        found: list[int] = answers.tolist()
        return found


def categories(given: Int[Tensor, "row token number"], sizes: tuple[int, ...]) -> Float[Tensor, "row token value"]:
    """Zeros, and a one for each number: that of its column's table."""
    begins = torch.tensor([0, *sizes[:-1]], device=given.device).cumsum(0)
    empty = torch.zeros(*given.shape[:2], sum(sizes), device=given.device)
    return empty.scatter_(2, given + begins, 1.0)
