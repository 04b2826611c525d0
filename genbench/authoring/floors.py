"""What is scored without looking at a question, measured from the data: a constant answer, and answers in disorder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import seeds
from genbench.data.sever import sever
from genbench.scoring import grading, metrics
from genbench.scoring.constants import constant_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.data.problem import Data
    from genbench.registry import ChosenSplit


@dataclass(frozen=True, slots=True)
class Floor:
    """What one question set gives for nothing, in the headline metric.

    `constant` is of the best constant that training knows (see `constant_answer`), None where there is no training;
    `shuffled` of the right answers in random order, which is what a card calls chance.
    """

    question_set: str
    constant: float | None
    shuffled: float | None


def floors(chosen: ChosenSplit, data: Data) -> Iterator[Floor]:
    """The floors of each question set of a split."""
    card = chosen.task
    _, targets = sever(data, card, chosen.split, chosen.given)
    stream = np.random.default_rng(seeds.derive("floors", card.name, chosen.split.name))
    order = np.arange(len(targets.target))
    for position in range(len(targets.sets)):
        asked = np.flatnonzero(targets.question_set == position)
        order[asked] = stream.permutation(asked)
    given = {"shuffled": grading.as_answers(targets.target.take(pa.array(order)), card)}
    if data.train.num_rows:
        known = grading.as_answers(pa.concat_arrays(data.train.column(card.target).chunks), card)
        given["constant"] = constant_answer(card.headline, known, len(order))
    headline = metrics.of_card(card)[0]
    marks = {name: grading.grade(answers, targets, card)[card.headline] for name, answers in given.items()}
    for position, name in enumerate(targets.sets):
        asked = np.flatnonzero(targets.question_set == position)
        found = {kind: headline.over(own[asked]) for kind, own in marks.items()}
        yield Floor(name, found.get("constant"), found["shuffled"])
