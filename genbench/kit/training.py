"""The training loop: a budget, a curve, early stopping, and checkpoints that resume bit for bit.

What a step computes depends on the seed and the number of threads, never on the clock: the clock only says when a
checkpoint is written and when a line of progress is printed.
"""

from __future__ import annotations

import contextlib
import math
import time
from typing import TYPE_CHECKING, Literal

import torch

from genbench.errors import BadValue, GenbenchError
from genbench.kit.budget import Budget
from genbench.kit.early_stopping import EarlyStopping, Validation
from genbench.kit.resuming import Keeper, Whole, say
from genbench.kit.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jaxtyping import Float
    from torch import Tensor, nn

    from genbench.kit.batching import Batch, Batches
    from genbench.kit.optimization import Adam
    from genbench.kit.seeding import Generators

__all__ = ["Budget", "Diverged", "EarlyStopping", "Tally", "train"]  # what a training loop of one's own needs

FILE = "training.checkpoint"
CHECKPOINT_SECONDS = 60.0
PROGRESS_SECONDS = 10.0
CHECKED_EVERY = 100  # steps; asking a GPU whether the loss is finite waits for it


class Diverged(GenbenchError):  # noqa: N818 - named for what is wrong, as in genbench/errors.py
    """A loss that is no longer a finite number."""


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
    validation = Validation(model, optimizer, early_stopping)
    whole = Whole(model, batches, optimizer, tally, generators, validation)
    keeper = None
    if checkpoints is not None:
        every_seconds = CHECKPOINT_SECONDS if every_seconds is None else every_seconds
        keeper = Keeper(checkpoints / FILE, identity, every_seconds, whole)
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
        say(f"{step}  loss {float(loss.detach()):.4f}  {pace:,.0f} tokens/s")
        self.at, self.tokens = now, tally.tokens
