"""What a task says of a metric of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genbench.cards.task import Direction


@dataclass(frozen=True, slots=True)
class MetricCard:
    """A metric that the task brings: its entry, where its marks lie, and which of them is a right answer's.

    `entry` names a function of answers, targets and questions that gives one float64 a question. Where `reduce` names
    one too, the metric is of whole question sets: `entry` gives a row of parts for each question, and
    `reduce(marks, within)` one number of those within. `low` and `high` may be infinite.
    """

    name: str
    entry: str
    about: str
    low: float
    high: float
    perfect: float
    direction: Direction
    reduce: str = ""
