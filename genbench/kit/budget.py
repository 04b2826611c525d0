"""How long to train."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from genbench.errors import BadValue

if TYPE_CHECKING:
    from genbench.kit.tally import Tally


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
