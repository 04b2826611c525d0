"""What a training's checkpoint holds, when it is written, and how training goes on from one."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from genbench.kit import checkpoints

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from genbench.kit.batching import Batches
    from genbench.kit.early_stopping import Validation
    from genbench.kit.optimization import Adam
    from genbench.kit.seeding import Generators
    from genbench.kit.tally import Tally


def say(line: str) -> None:
    """A line of what training does, to stderr."""
    sys.stderr.write(f"training: {line}\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Whole:
    """All that the steps to come depend on."""

    model: nn.Module
    batches: Batches
    optimizer: Adam
    tally: Tally
    generators: Generators | None
    validation: Validation

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "optimizer": self.optimizer.state(),
            "buffers": dict(self.model.named_buffers()),
            "generators": {} if self.generators is None else self.generators.state(),
            "batches": self.batches.state(),
            "tally": self.tally.state(),
            "validation": self.validation.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring all of it to where `state` was taken."""
        self.optimizer.restore(state["optimizer"])
        with torch.no_grad():
            for name, buffer in self.model.named_buffers():
                buffer.copy_(state["buffers"][name])
        if self.generators is not None:
            self.generators.restore(state["generators"])
        self.batches.restore(state["batches"])  # its generator may be one of those above; this draws the epoch again
        self.tally.restore(state["tally"])
        self.validation.restore(state["validation"])


class Keeper:
    """Keeps the checkpoint; at birth it brings everything to where one was written, if there is one."""

    def __init__(self, path: Path, identity: str, every_seconds: float, whole: Whole) -> None:
        self.path, self.identity, self.every_seconds, self.whole = path, identity, every_seconds, whole
        if path.is_file():
            self._resume()
        self.at = time.monotonic()
        self.steps = whole.tally.steps  # those in the file, or none to lose

    def _resume(self) -> None:
        try:
            state = checkpoints.load(self.path, self.identity)
        except checkpoints.Damaged as fault:
            aside = self.path.with_name(self.path.name + ".damaged")
            self.path.replace(aside)
            say(f"{fault}; it is now {aside.name}, and training starts over")
            return
        self.whole.restore(state)
        say(f"goes on from step {self.whole.tally.steps:,}")

    def keep(self, *, last: bool = False) -> None:
        """Write a checkpoint where it is time; at the end, only if losing this attempt would cost more than that.

        Training goes on without where there is no room for one, and says so.
        """
        tally = self.whole.tally
        due = tally.seconds if last else time.monotonic() - self.at
        if due < self.every_seconds or tally.steps == self.steps:
            return
        try:
            checkpoints.save(self.path, self.identity, self.whole.state())
        except OSError as fault:
            say(f"no checkpoint at step {tally.steps:,}: {self.path}: {fault.strerror or fault}")
        self.at, self.steps = time.monotonic(), tally.steps
