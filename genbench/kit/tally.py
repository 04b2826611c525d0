"""What a fit has taken so far, and how a submission tells the suite (the optional attributes of `Submission`)."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench.kit.batching import Batch


@dataclass(slots=True)
class Tally:
    """What training has taken so far; `seconds` and `resumed_seconds` are wall clock, pauses at yields left out.

    `resumed_seconds` are those of earlier attempts, up to the checkpoint that this one went on from, and
    `resumed_cpu_seconds` what those took of CPU, which is this process's from the birth of the tally on.
    """

    steps: int = 0
    examples: int = 0
    tokens: int = 0
    flops: float = 0.0
    seconds: float = 0.0
    resumed_seconds: float = 0.0
    resumed_cpu_seconds: float = 0.0
    _cpu_at_birth: float = field(default_factory=time.process_time, repr=False, compare=False)

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        kept = asdict(self)
        kept["resumed_cpu_seconds"] += time.process_time() - kept.pop("_cpu_at_birth")
        return kept

    def restore(self, state: Mapping[str, Any]) -> None:
        """Bring the counts to where `state` was taken, in an earlier attempt."""
        for name, value in state.items():
            setattr(self, name, value)
        self.resumed_seconds = self.seconds

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

    @property
    def resumed_cpu_seconds(self) -> float:
        """Seconds of CPU in earlier attempts at this cell."""
        return self.tally.resumed_cpu_seconds


class CountedTokens(Counted):
    """One whose rows are made of tokens."""

    @property
    def tokens_seen(self) -> int:
        """Tokens of all batches so far, those of targets included where they are tokens; padding left out."""
        return self.tally.tokens
