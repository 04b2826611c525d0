"""When to stop by validation rows, and the weights that were best there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

    from genbench.kit.optimization import Adam


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


class Validation:
    """Looks at validation, and the best weights so far; without `rule` it never looks."""

    def __init__(self, model: nn.Module, optimizer: Adam, rule: EarlyStopping | None) -> None:
        self.model, self.optimizer, self.rule = model, optimizer, rule
        self.best: tuple[float, ...] | None = None
        self.stale = 0  # looks since the best one
        self.weights: Tensor | None = None
        self.buffers: dict[str, Tensor] = {}

    @property
    def stopped(self) -> bool:
        """Whether training should end."""
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
        """All that later looks depend on."""
        return {"best": self.best, "stale": self.stale, "weights": self.weights, "buffers": self.buffers}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to where `state` was taken."""
        device = self.optimizer.weights.device
        self.best, self.stale = state["best"], state["stale"]
        self.weights = None if state["weights"] is None else state["weights"].to(device)
        self.buffers = {name: buffer.to(device) for name, buffer in state["buffers"].items()}
