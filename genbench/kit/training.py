"""The training loop: a budget, a curve, early stopping, and checkpoints that resume bit for bit.

What a step computes depends on the seed and the number of threads, never on the clock: the clock only says when a
checkpoint is written and when a line of progress is printed.
"""

from __future__ import annotations

import contextlib
import math
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch

from genbench.errors import BadValue, GenbenchError
from genbench.kit import checkpoints as files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jaxtyping import Float
    from torch import Tensor, nn

    from genbench.kit.batching import Batch, Batches
    from genbench.kit.optimization import Adam
    from genbench.kit.seeding import Generators

FILE = "training.checkpoint"
CHECKPOINT_SECONDS = 60.0
PROGRESS_SECONDS = 10.0
CHECKED_EVERY = 100  # steps; asking a GPU whether the loss is finite waits for it


class Diverged(GenbenchError):  # noqa: N818 - named for what is wrong, as in genbench/errors.py
    """A loss that is no longer a finite number."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to train: one of steps, examples (repeats counted) and floating-point operations.

    The first step that reaches the budget is the last one. Raises `BadValue` unless exactly one is given, above 0.
    """

    steps: float | None = None
    examples: float | None = None
    flops: float | None = None

    def __post_init__(self) -> None:
        given = {name: value for name, value in asdict(self).items() if value is not None}
        if len(given) != 1 or not all(value > 0 for value in given.values()):
            raise BadValue(f"a budget is one of steps, examples and flops, above 0; given are {given or 'none'}")

    @property
    def unit(self) -> Literal["steps", "examples", "flops"]:
        """What is counted."""
        return "steps" if self.steps is not None else "examples" if self.examples is not None else "flops"

    @property
    def total(self) -> float:
        """How much of it there is."""
        return float(getattr(self, self.unit))

    def spent(self, tally: Tally) -> float:
        """How much of it was used."""
        used: float = getattr(tally, self.unit)
        return used


@dataclass(slots=True)
class Tally:
    """What training has taken so far; `seconds` and `resumed_seconds` are wall clock, pauses at yields left out.

    `resumed_seconds` are those of earlier attempts, up to the checkpoint that this one went on from.
    """

    steps: int = 0
    examples: int = 0
    tokens: int = 0
    flops: float = 0.0
    seconds: float = 0.0
    resumed_seconds: float = 0.0

    def add(self, batch: Batch, cost: Callable[[tuple[int, ...]], float] | None) -> None:
        """Count a step."""
        self.steps += 1
        self.examples += batch.rows
        self.tokens += batch.tokens
        if cost is not None:
            self.flops += cost(batch.sizes)


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Stop when `score` has not risen at `patience` looks in a row, `every` so many steps, and keep the best weights.

    `score` looks at validation rows only, and gives a number or a tuple of them, the first of which counts most.
    """

    patience: int
    every: int
    score: Callable[[], float | tuple[float, ...]]

    def __post_init__(self) -> None:
        if self.patience < 1 or self.every < 1:
            raise BadValue(f"patience is {self.patience} and every is {self.every}; both must be 1 or more")


def train(
    model: nn.Module,
    loss: Callable[[nn.Module, Batch], Float[Tensor, ""]],
    batches: Batches,
    optimizer: Adam,
    *,
    budget: Budget,
    rate: Callable[[float], float],
    tally: Tally,
    curve: int = 0,
    cost: Callable[[tuple[int, ...]], float] | None = None,
    generators: Generators | None = None,
    early_stopping: EarlyStopping | None = None,
    amp: Literal["off", "bf16"] = "off",
    compiled: bool = False,
    checkpoints: Path | None = None,
    identity: str = "",
    every_seconds: float | None = None,
    progress: bool = True,
) -> Iterator[int]:
    """Train, and yield the number of steps taken at `curve` evenly spaced points of the budget, its end included.

    `rate` gives the learning rate by what will have been spent of the budget, counted from 1 in its unit; `cost` the
    operations of a step by its batch's sizes; `generators` are those that the model draws from. `tally` is brought up
    to date at each step. At a yield and at the end the model has the averaged weights, where the optimizer averages,
    and at the end the best ones, where training may stop early.

    In the folder `checkpoints` a file is kept, no older than `every_seconds` (None: CHECKPOINT_SECONDS) and a step;
    training that finds one there goes on from it and ends with the weights it would have had without the interruption,
    bit for bit. A damaged one is set aside as `*.damaged`. Raises `CheckpointFault` where it is of another `identity`,
    `Diverged` for a loss that is not finite, `BadValue` for a budget in operations without `cost`.
    """
    if budget.unit == "flops" and cost is None:
        raise BadValue("a budget in flops needs the cost of a step: give cost=")
    if compiled:
        model.compile(dynamic=True)
    validation = _Validation(model, optimizer, early_stopping)
    whole = _Whole(model, batches, optimizer, tally, generators, validation)
    keeper = None
    if checkpoints is not None:
        every_seconds = CHECKPOINT_SECONDS if every_seconds is None else every_seconds
        keeper = _Keeper(checkpoints / FILE, identity, every_seconds, whole)
    kind = optimizer.weights.device.type
    computing = torch.autocast(kind, torch.bfloat16) if amp == "bf16" else contextlib.nullcontext()
    begun = time.monotonic() - tally.seconds
    lines = _Lines(budget, tally)
    model.train()
    value: Tensor | None = None
    while (before := budget.spent(tally)) < budget.total and not validation.stopped:
        batch = next(batches)
        with computing:
            value = loss(model, batch)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step(rate(before + 1))
        tally.add(batch, cost)
        spent = budget.spent(tally)
        validation.look(tally.steps, last=spent >= budget.total)
        asked = _reached(curve, before, spent, budget.total) and not validation.stopped
        if asked or tally.steps % CHECKED_EVERY == 0:
            _check(value, tally.steps)
        now = time.monotonic()
        tally.seconds = now - begun
        if progress:
            lines.show(value, now)
        if asked:
            optimizer.swap()
            yield tally.steps
            optimizer.swap()
            model.train()
            begun += time.monotonic() - now
        if keeper is not None:  # after the yield: what is asked there must be asked again if it did not come to an end
            keeper.keep()
    if value is not None:
        _check(value, tally.steps)
    if keeper is not None:
        keeper.keep(last=True)
    optimizer.swap()
    validation.restore_best()
    if curve:
        yield tally.steps


def _reached(curve: int, before: float, spent: float, total: float) -> bool:
    """Whether a point of the curve before its last lies in this step."""
    return spent < total and math.floor(spent * curve / total) > math.floor(before * curve / total)


def _check(loss: Tensor, step: int) -> None:
    """Raise `Diverged` where the loss is no finite number."""
    if not math.isfinite(value := float(loss.detach())):
        raise Diverged(f"the loss is {value} at step {step:,}; lower learning_rate, or bound the gradient with clip")


def _say(line: str) -> None:
    sys.stderr.write(f"training: {line}\n")
    sys.stderr.flush()


class _Lines:
    """A line of progress now and then."""

    def __init__(self, budget: Budget, tally: Tally) -> None:
        self.budget, self.tally = budget, tally
        self.at, self.tokens = time.monotonic(), tally.tokens

    def show(self, loss: Tensor, now: float) -> None:
        """Say where training is, unless that was said just now."""
        if now - self.at < PROGRESS_SECONDS:
            return
        tally, budget = self.tally, self.budget
        step = f"step {tally.steps:,} of {budget.total:,.0f}"
        if budget.unit != "steps":
            step = f"step {tally.steps:,}, {budget.spent(tally):.4g} of {budget.total:.4g} {budget.unit}"
        pace = (tally.tokens - self.tokens) / (now - self.at)
        _say(f"{step}  loss {float(loss.detach()):.4f}  {pace:,.0f} tokens/s")
        self.at, self.tokens = now, tally.tokens


class _Validation:
    """Looks at validation, and the best weights so far; without `rule` it never looks."""

    def __init__(self, model: nn.Module, optimizer: Adam, rule: EarlyStopping | None) -> None:
        self.model, self.optimizer, self.rule = model, optimizer, rule
        self.best: tuple[float, ...] | None = None
        self.stale = 0  # looks since the best one
        self.weights: Tensor | None = None
        self.buffers: dict[str, Tensor] = {}

    @property
    def stopped(self) -> bool:
        return self.rule is not None and self.stale >= self.rule.patience

    @torch.no_grad()
    def look(self, step: int, *, last: bool) -> None:
        """Where it is time, score the model as it would answer now, and keep its weights if it is the best so far."""
        if self.rule is None or (step % self.rule.every and not last):
            return
        self.optimizer.swap()
        self.model.eval()
        found = self.rule.score()
        score = found if isinstance(found, tuple) else (found,)
        self.stale += 1
        if self.best is None or score > self.best:
            self.best, self.stale, self.weights = score, 0, self.optimizer.weights.clone()
            self.buffers = {name: buffer.clone() for name, buffer in self.model.named_buffers()}
        self.model.train()
        self.optimizer.swap()

    @torch.no_grad()
    def restore_best(self) -> None:
        """Give the model the best weights, where there was a look."""
        if self.weights is not None:
            self.optimizer.weights.copy_(self.weights)
            for name, buffer in self.model.named_buffers():
                buffer.copy_(self.buffers[name])

    def state(self) -> dict[str, Any]:
        return {"best": self.best, "stale": self.stale, "weights": self.weights, "buffers": self.buffers}

    def restore(self, state: dict[str, Any]) -> None:
        device = self.optimizer.weights.device
        self.best, self.stale = state["best"], state["stale"]
        self.weights = None if state["weights"] is None else state["weights"].to(device)
        self.buffers = {name: buffer.to(device) for name, buffer in state["buffers"].items()}


@dataclass(frozen=True, slots=True)
class _Whole:
    """All that the steps to come depend on."""

    model: nn.Module
    batches: Batches
    optimizer: Adam
    tally: Tally
    generators: Generators | None
    validation: _Validation

    def state(self) -> dict[str, Any]:
        return {
            "optimizer": self.optimizer.state(),
            "buffers": dict(self.model.named_buffers()),
            "generators": {} if self.generators is None else self.generators.state(),
            "batches": self.batches.state(),
            "tally": asdict(self.tally),
            "validation": self.validation.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.optimizer.restore(state["optimizer"])
        with torch.no_grad():
            for name, buffer in self.model.named_buffers():
                buffer.copy_(state["buffers"][name])
        if self.generators is not None:
            self.generators.restore(state["generators"])
        self.batches.restore(state["batches"])  # its generator may be one of those above; this draws the epoch again
        for name, value in state["tally"].items():
            setattr(self.tally, name, value)
        self.tally.resumed_seconds = self.tally.seconds
        self.validation.restore(state["validation"])


class _Keeper:
    """Keeps the checkpoint; at birth it brings everything to where one was written, if there is one."""

    def __init__(self, path: Path, identity: str, every_seconds: float, whole: _Whole) -> None:
        self.path, self.identity, self.every_seconds, self.whole = path, identity, every_seconds, whole
        if path.is_file():
            self._resume()
        self.at = time.monotonic()
        self.steps = whole.tally.steps  # those in the file, or none to lose

    def _resume(self) -> None:
        try:
            state = files.load(self.path, self.identity)
        except files.Damaged as fault:
            aside = self.path.with_name(self.path.name + ".damaged")
            self.path.replace(aside)
            _say(f"{fault}; it is now {aside.name}, and training starts over")
            return
        self.whole.restore(state)
        _say(f"goes on from step {self.whole.tally.steps:,}")

    def keep(self, *, last: bool = False) -> None:
        """Write a checkpoint where it is time; at the end, only if losing this attempt would cost more than that.

        Training goes on without where there is no room for one, and says so.
        """
        tally = self.whole.tally
        due = tally.seconds if last else time.monotonic() - self.at
        if due < self.every_seconds or tally.steps == self.steps:
            return
        try:
            files.save(self.path, self.identity, self.whole.state())
        except OSError as fault:
            _say(f"no checkpoint at step {tally.steps:,}: {self.path}: {fault.strerror or fault}")
        self.at, self.steps = time.monotonic(), tally.steps
