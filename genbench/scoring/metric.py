"""What a metric is: marks of single questions, and one number of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from genbench.scoring import sureness
from genbench.scoring.tokens import token_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from jaxtyping import Float

    from genbench.scoring.sets import Reduce


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: `grade(predictions, targets)` gives float64 of shape (questions,), each in [low, high].

    `perfect` is what a right answer scores, `kinds` the types of answers it can grade. A metric counted in tokens has
    no `perfect`: a right answer scores as many as its target has. Where `reduce` is given, the metric is none of single
    questions but of a set of them: `grade` gives float64 of shape (questions, parts), and `reduce(marks, within)` makes
    one number of a whole set's marks and of which of them are meant (a bool each), all or a slice, or None where they
    have none. So what must be found once, over the whole set, is not found anew for each slice. `falls` says that less
    is better where no end is perfect, and `best_of` what a right answer scores where that is another for each question.
    """

    name: str
    about: str
    grade: Callable[[pa.Array, pa.Array], np.ndarray]
    kinds: tuple[str, ...]
    low: float = 0.0
    high: float = 1.0
    perfect: float | None = 1.0
    reduce: Reduce | None = None
    falls: bool = False
    best_of: Callable[[pa.Array], Float[np.ndarray, " question"]] | None = None

    @property
    def of_questions(self) -> bool:
        """Whether it is a mean over questions within [0, 1], so that their number bounds how sure it is."""
        return self.reduce is None and (self.low, self.high) == (0.0, 1.0)

    def over(self, marks: np.ndarray, within: np.ndarray | None = None) -> float | None:
        """Its value over the questions of a set, or those `within`; None where it has none."""
        if self.reduce is None:
            return mean(marks if within is None else marks[within])
        return self.reduce(marks, np.ones(len(marks), bool) if within is None else within)

    def error(self, marks: np.ndarray, within: np.ndarray) -> float | None:
        """The standard error of that over questions, where their number alone does not bound it; None where it does."""
        if self.reduce is not None:
            return sureness.of_number(self.reduce, marks, within)
        return None if self.of_questions else sureness.of_mean(marks[within])

    @property
    def lower(self) -> bool:
        """Whether less of it is better."""
        return self.falls or (self.perfect is not None and self.perfect == self.low)

    def best(self, targets: pa.Array) -> np.ndarray:
        """What a right answer scores on each question."""
        if self.best_of is not None:
            return self.best_of(targets)
        if self.perfect is not None:
            return np.full(len(targets), self.perfect)
        return token_counts(targets).astype(np.float64)


def mean(values: Any) -> float:
    """The mean as Python float, summed in float64 in row order, so that the same rows give the same bytes."""
    with np.errstate(over="ignore"):  # a mean beyond float64 is infinite
        return float(np.mean(np.asarray(values, dtype=np.float64)))
