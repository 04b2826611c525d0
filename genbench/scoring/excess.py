"""The error above the best attainable: what is left of a headline's error where a card says what nobody can avoid.

Where less of the headline is better it is mark - bayes, else bayes - mark; of the squared error of a target with noise
of variance v, say, squared error - v. Its mean is below 0 for who is lucky, and of the right answers themselves, for
these know the noise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genbench.errors import MetricFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    import pyarrow as pa
    from jaxtyping import Float

    from genbench.cards import Direction, TaskCard
    from genbench.scoring.metric import Metric

    Marks = Float[np.ndarray, " question"]


def above(metric: Metric, headline: Metric, direction: Direction, bayes: Marks | None) -> Metric:
    """`metric` as the distance of `headline` from `bayes`, in the direction in which it is worse."""

    def grade(predictions: pa.Array, targets: pa.Array) -> Marks:
        return _from_bayes(headline.grade(predictions, targets), direction, bayes)

    def best(targets: pa.Array) -> Marks:
        return _from_bayes(headline.best(targets), direction, bayes)

    return replace(metric, grade=grade, kinds=headline.kinds, best_of=best)


def _from_bayes(marks: Marks, direction: Direction, bayes: Marks | None) -> Marks:
    if bayes is None:
        raise MetricFault(
            "excess_error asks for the best attainable, and the card does not tell it for these parameters: "
            "key 'bayes' holds for others than the card's own where it is an expression of them"
        )
    found: Marks = marks - bayes if direction == "lower" else bayes - marks
    return found


def faults(card: TaskCard, known: Mapping[str, Metric]) -> Iterator[str]:
    """Why a card cannot have the metric: what it is the distance from is not told, or not of single questions."""
    headline = known.get(card.headline)
    if card.headline == "excess_error":
        yield "metric 'excess_error' is of the headline's error; put the metric that 'bayes' is told in before it"
    elif headline is not None and headline.reduce is not None:
        yield f"metric 'excess_error' is of single questions, and {card.headline!r} is of a whole set"
    for split in card.splits.values():
        lacking = [name for name in split.questions if split.told("bayes", name) is None]
        if lacking:
            yield (
                f"metric 'excess_error' asks for the best attainable: key 'splits.{split.name}.bayes', "
                f"or one of each question set; {', '.join(lacking)} has none"
            )
