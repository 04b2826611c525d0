"""What a fit has taken so far, and how a submission tells the suite (the optional attributes of `Submission`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from genbench.kit.batching import Batch


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
        self.count(batch.rows, batch.tokens, 0.0 if cost is None else cost(batch.sizes))

    def count(self, examples: int, tokens: int, flops: float) -> None:
        """Count a step over so many rows and tokens, which took so many floating-point operations."""
        self.steps += 1
        self.examples += examples
        self.tokens += tokens
        self.flops += flops


class Counted:
    """A submission that tells what its fit has taken by its `tally`, of which each has its own."""

    tally: Tally
    parameters: int = 0  # of the model, once fit has made one

    @property
    def training_flops(self) -> float:
        """Floating-point operations so far; see `counting`."""
        return self.tally.flops

    @property
    def examples_seen(self) -> int:
        """Rows of all batches so far."""
        return self.tally.examples

    @property
    def resumed_seconds(self) -> float:
        """Seconds of fit in earlier attempts at this cell."""
        return self.tally.resumed_seconds


class CountedTokens(Counted):
    """One whose rows are made of tokens."""

    @property
    def tokens_seen(self) -> int:
        """Tokens of all batches so far, those of targets included where they are tokens; padding left out."""
        return self.tally.tokens
