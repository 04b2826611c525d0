"""One cell's accuracy at each length, as SCORES have it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.ordering import by_number

if TYPE_CHECKING:
    from collections.abc import Mapping

AXIS: Final = "length"
METRIC: Final = "exact_match"
BESIDE: Final = ("token_accuracy", "prefix_length")  # metrics told beside it where they were graded
KINDS: Final = ("id", "ood")  # of question sets; training asked again is no matter of length


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell's accuracy at each length, shortest first, and over how many questions."""

    task: str
    split: str
    submission: str
    profile: str
    axis: str
    seed: int
    cell: str
    lengths: tuple[float, ...]
    shares: tuple[float, ...]
    counts: tuple[int, ...]
    familiar: float | None = None  # the longest that a question set drawn as in training asks
    beside: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # means of other metrics

    @property
    def who(self) -> tuple[str, str, str, str, str]:
        """Which task, split, submission, profile and axis: what seeds are put together by."""
        return self.task, self.split, self.submission, self.profile, self.axis


def measured(
    scores: pa.Table, cells: set[str], axis: str, metric: str
) -> tuple[dict[str, dict[float, tuple[float, int]]], dict[str, float]]:
    """For each cell: length -> mean of a metric and number of questions, training asked again left out.

    And the longest length that is asked as in training. A cell with a slice that is no number has neither.
    """
    mask = pc.and_(pc.equal(scores["axis"], axis), pc.equal(scores["metric"], metric))
    mask = pc.and_(mask, pc.is_in(scores["kind"], pa.array(KINDS)))
    mask = pc.and_(mask, pc.is_in(scores["cell"], pa.array(sorted(cells), pa.string())))
    names = ["cell", "question_set", "kind", "slice", "value", "n"]
    once = {
        (row["cell"], row["question_set"], row["slice"]): row for row in scores.filter(mask).select(names).to_pylist()
    }  # a cell read from two folders is one cell
    right: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    count: dict[str, Counter[float]] = defaultdict(Counter)
    familiar: dict[str, float] = {}
    words = set()
    for (cell, _, part), row in once.items():
        kind, length, _ = by_number(part)
        if kind or not math.isfinite(row["value"]):
            words.add(cell)
            continue
        right[cell][length] += row["value"] * row["n"]
        count[cell][length] += row["n"]
        if row["kind"] == "id":
            familiar[cell] = max(length, familiar.get(cell, length))
    shares = {
        cell: {length: (right[cell][length] / n, n) for length, n in own.items()}
        for cell, own in count.items()
        if cell not in words
    }
    return shares, familiar
