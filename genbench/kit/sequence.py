"""A whole submission for tasks of tokens: a baseline is a model, and ten lines that name it.

    def build(sizes, setting, generators):
        return EncoderDecoder(sizes.source, sizes.target, dim=int(setting["dim"]), generator=generators["weights"], ...)

    def lstm(context):
        return Learner(context, build)      # its card: entry = "baseline:lstm"

Questions and answers are encoded by `vocabulary`, trained by `training` on batches of like length, and answered
greedily or with a beam. The parameters that are read here are those of `Recipe`; all others are for `build`. Answers
have the target's type. A target of type int64 is one token, so it is not decoded: the answer is the likeliest integer.
An answer may be `longest` times as long as the longest training target and ten tokens more, and longer in proportion
where its question is longer than any in training, so that a task on length is not cut off by the decoder; one that
reaches this without an end is returned as it stands. With `limit` = "ratio" it may be `longest` times as long, measured
against its own question, as any training target against its own, and ten tokens more: where answers are as long as
questions, one that never ends costs half as much.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from torch.nn import functional

from genbench.errors import BadData, SubmissionFault
from genbench.kit import attention, checkpoints, counting, decoding, seeding, training
from genbench.kit.batching import Batches, Padded, bucketed, cut, sizes_of, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.recipe import Recipe
from genbench.kit.tally import CountedTokens, Tally
from genbench.kit.training import Budget, EarlyStopping
from genbench.kit.transformer import DecoderOnly
from genbench.kit.vocabulary import END, PADDING, SPECIAL, START, Ragged, Vocabulary, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor, nn

    from genbench.cards import Value
    from genbench.evaluation.cell import Context
    from genbench.kit.batching import Batch, Plan
    from genbench.kit.seeding import Generators

    Build = Callable[["Sizes", Mapping[str, Value], Generators], nn.Module]
    Augment = Callable[[pa.Table, torch.Generator], pa.Table]

MARGIN = 10  # tokens that any answer may be longer than `longest` says
DECODED_AT_ONCE = 65_536  # tokens of questions and answers; bounds memory
CONSIDERED = 1_000  # batches, of which the most different are counted


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a model must know of the data: distinct ids on either side, and lengths in tokens, END included.

    `limit` is how long an answer may be, END not included, to a question no longer than `longest_source`. Where both
    sides share one vocabulary, `source` equals `target`.
    """

    source: int
    target: int
    longest_source: int
    longest_target: int
    limit: int
    shared: bool


class Learner(CountedTokens):
    """The submission: `build` makes the model; `shared` gives both sides one vocabulary, as a copying model needs.

    `augment` gets the training rows with the columns of the task, and a generator, and returns rows to train on.
    """

    def __init__(self, context: Context, build: Build, *, augment: Augment | None = None, shared: bool = False) -> None:
        self.context, self.build, self.augment, self.shared = context, build, augment, shared
        self.recipe = Recipe.from_params(context.params)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()
        self.model: nn.Module | None = None

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve; validation rows are used for early stopping only.

        Raises `BadData` for no training rows or, with early stopping, no validation rows; `BadValue` for columns that
        are not made of tokens, and where a row is longer than the model's positions.
        """
        recipe, generators = self.recipe, seeding.Generators(self.context.seed, self.device)
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        rows = _table(train)
        if self.augment is not None:
            rows = self.augment(rows, generators["augment"])
            if not rows.num_rows:
                raise BadData("augment returned no rows to train on")
        given = columns_of(rows, self.context.inputs)
        wanted = columns_of(rows, {self.context.target: self.context.target_type})
        joined = len(given) > 1
        self.source_words = Vocabulary.from_columns([*given, *(wanted if self.shared else [])], joined=joined)
        self.target_words = self.source_words if self.shared else Vocabulary.from_columns(wanted)
        source, target = self.source_words.encode(given), self.target_words.encode(wanted)
        # Which ids an answer of one token can be: where both sides share ids, some are of questions only.
        self.answerable = torch.zeros(len(self.target_words), dtype=torch.bool)
        self.answerable[target.ids[target.ids >= SPECIAL]] = True
        longest = int(target.lengths.max())
        self.limit = int(recipe.longest * (longest - 1)) + MARGIN
        self.ratio = float((target.lengths / source.lengths).max())
        self.sizes = Sizes(
            len(self.source_words), len(self.target_words), int(source.lengths.max()), longest, self.limit, self.shared
        )
        self.model = self.build(self.sizes, self.context.params, generators).to(self.device)
        if recipe.jitter > 1:
            attention.jitter(self.model, recipe.jitter, generators["masks"])
        self.parameters = counting.parameters(self.model)
        optimizer = Adam(
            self.model, betas=recipe.betas, decay=recipe.weight_decay, clip=recipe.clip, average=recipe.ema
        )
        plan = bucketed(source.lengths + target.lengths, recipe.batch_tokens)
        gather = Padded((source, target), self.device)
        self._try_longest(gather)
        budget = Budget(recipe.steps, recipe.examples, recipe.flops)
        yield from training.train(
            self.model,
            self.loss,
            Batches(plan, gather, generators["batches"]),
            optimizer,
            budget=budget,
            rate=_scaled(schedule(recipe.schedule, budget.total, recipe.warm_up), recipe.learning_rate),
            tally=self.tally,
            curve=recipe.curve,
            cost=self._cost(plan, gather, generators, optimizer),
            generators=generators,
            early_stopping=self._early_stopping(validation),
            amp=recipe.amp,
            compiled=recipe.compile,
            # Of a stream every stage is a training of its own, and what one left must not be gone on from in the next.
            checkpoints=None if getattr(self.context, "stages", 0) else getattr(self.context, "checkpoints", None),
            identity=checkpoints.identity(
                self.model, {**self.context.params, "seed": self.context.seed, "rows": rows.num_rows}
            ),
        )

    def loss(self, model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of the next token, the mean over the target tokens of the batch."""
        source, wanted = batch.parts
        return functional.cross_entropy(
            model(source, functional.pad(wanted[:, :-1], (1, 0), value=START)).flatten(0, 1),
            wanted.flatten(),
            ignore_index=PADDING,
            label_smoothing=self.recipe.label_smoothing,
        )

    def _cost(
        self, plan: Plan, gather: Padded, generators: Generators, optimizer: Adam
    ) -> Callable[[tuple[int, ...]], float]:
        """The operations of a step by its batch's sizes, counted on an epoch's most different batches.

        Of each, the rows that make it as wide as it is are enough, and any other one. Leaves weights, gradients and
        generators as they were.
        """
        model, kept, batches, sizes = self._model(), generators.state(), [], []
        for rows in plan(seeding.generator(self.context.seed, "cost"))[:CONSIDERED]:
            lengths = gather.lengths[:, rows.numpy()]
            widest = np.unique([0, *lengths.argmax(1)])
            batches.append(rows[widest])
            sizes.append(sizes_of(lengths[:, widest]))

        def work(batch: Batch) -> None:
            self.loss(model, batch).backward()  # type: ignore[no-untyped-call]  # torch has no type for it

        model.train()
        found = counting.cost(work, [gather(batches[place]) for place in counting.spread(sizes)])
        optimizer.gradient.zero_()
        generators.restore(kept)
        return found

    def _try_longest(self, gather: Padded) -> None:
        """Show the model the longest rows, so that it says before training, not within, what is too long for it."""
        lengths = gather.lengths
        model = self._model().eval()
        with torch.no_grad():
            self.loss(model, gather(torch.tensor([*lengths.argmax(1), lengths.sum(0).argmax()])))

    def _early_stopping(self, validation: Dataset | None) -> EarlyStopping | None:
        if not self.recipe.early_stopping:
            return None
        if validation is None or not len(validation):
            raise BadData(
                f"{self.context.task}/{self.context.split} has no validation rows to stop by; set early_stopping=0"
            )
        rows = _table(validation)
        source = self.source_words.encode(columns_of(rows, self.context.inputs))
        target = self.target_words.encode(columns_of(rows, {self.context.target: self.context.target_type}))
        gather = Padded((source, target), self.device)
        order = torch.argsort(source.lengths + target.lengths, stable=True)
        whole = source.lengths + target.lengths
        parts = split(order, cut(whole[order].numpy(), DECODED_AT_ONCE // 4))

        def score() -> tuple[float, float]:
            right, lost = 0, 0.0
            for part in parts:
                given, wanted = gather(part).parts
                scores = self._model()(given, functional.pad(wanted[:, :-1], (1, 0), value=START))
                right += int(((scores.argmax(-1) == wanted) | (wanted == PADDING)).all(1).sum())
                lost += float(
                    functional.cross_entropy(
                        scores.flatten(0, 1), wanted.flatten(), ignore_index=PADDING, reduction="sum"
                    )
                )
            return right / len(rows), -lost / int(target.lengths.sum())

        return EarlyStopping(self.recipe.early_stopping, self.recipe.look_every, score)

    def _model(self) -> nn.Module:
        if self.model is None:
            raise SubmissionFault("predict was called before fit: there is no model yet")
        return self.model

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[Any]:
        """One answer a question, questions of like length decoded together, longest first.

        A question longer than the model's positions is cut off on the right, and a line on stderr says how many were;
        an answer ends where they end. Raises `SubmissionFault` before fit.
        """
        model = self._model()
        model.eval()
        source = self._cut_off(self.source_words.encode(columns_of(_table(questions), self.context.inputs)))
        gather, answers = Padded((source,), self.device), [None] * len(source)
        lengths = source.lengths
        order = torch.argsort(lengths, descending=True, stable=True)
        single = self.context.target_type == "int64"
        at_once = (lengths + (1 if single else self._limits(lengths)))[order].numpy()
        for part in split(order, cut(at_once, DECODED_AT_ONCE)) if len(order) else ():
            given = gather(part).parts[0]
            decoded = self._likeliest(model, given) if single else self._decoded(model, given)
            said = self.target_words.decode(decoded, self.context.target_type)
            for row, answer in zip(part.tolist(), said, strict=True):
                answers[row] = answer
        return answers

    def _decoded(self, model: nn.Module, given: Int[Tensor, "row source"]) -> Int[Tensor, "row limit"]:
        decoder, limits = cast("decoding.Model", model), self._limits((given != PADDING).sum(1))
        if self.recipe.beam > 1:
            return decoding.beam(decoder, given, limits, self.recipe.beam, self.recipe.length_penalty)
        return decoding.greedy(decoder, given, limits)

    def _likeliest(self, model: nn.Module, given: Int[Tensor, "row source"]) -> Int[Tensor, "row 1"]:
        """The likeliest first token of those that are answers."""
        start = torch.full((len(given), 1), START, device=given.device)
        decoder = cast("decoding.Model", model)
        scores, _ = decoder.advance(start, decoder.begin(given))
        return scores.masked_fill(~self.answerable.to(scores.device), -torch.inf).argmax(-1, keepdim=True)

    def _limits(self, lengths: Int[Tensor, " row"]) -> Int[Tensor, " row"]:
        """How long the answer to each question may be, by the question's own length in tokens, END included."""
        if self.recipe.limit == "ratio":
            return (self.recipe.longest * self.ratio * lengths).long() + MARGIN
        return (self.limit * (lengths / self.sizes.longest_source).clamp_min(1)).long()

    def _cut_off(self, source: Ragged) -> Ragged:
        """Questions no longer than the model's positions, some of which an answer needs where both lie in one row."""
        longest, lengths = getattr(self.model, "longest", None), source.lengths
        if longest is not None and isinstance(self.model, DecoderOnly):
            longest = max(1, longest - self.sizes.longest_target)
        if longest is None or not (long := int((lengths > longest).sum())):
            return source
        sys.stderr.write(f"{long} questions are longer than the {longest} tokens that the model takes: cut off there\n")
        places = torch.arange(len(source.ids)) - source.offsets[:-1].repeat_interleave(lengths)
        ids = source.ids.masked_fill(places == longest - 1, END)
        return Ragged(ids[places < longest], functional.pad(lengths.clamp(max=longest).cumsum(0), (1, 0)))


def _scaled(factor: Callable[[float], float], rate: float) -> Callable[[float], float]:
    return lambda step: rate * factor(step)


def _table(given: Dataset) -> pa.Table:
    """The rows as an Arrow table, in the order of the data set."""
    return given.with_format("arrow")[:]
