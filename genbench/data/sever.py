"""The wall's one cut: targets and slice columns leave the questions here, and nowhere else.

They meet again in one place, `genbench.scoring.grading`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from genbench import seeds
from genbench.data import tables
from genbench.data.columns import QUESTION_ID
from genbench.data.problem import Problem, Targets, attainable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.cards import SplitCard, TaskCard, Value
    from genbench.data.problem import Data


def sever(
    data: Data, card: TaskCard, split: SplitCard, given: Mapping[str, Value] | None = None
) -> tuple[Problem, Targets]:
    """Cut the targets and the slice columns away from the questions.

    Questions of all sets are shuffled together, so neither position nor id tells the set, the length or the target;
    ids are the positions after the shuffle. The shuffle depends on the data seed and the split's name only, so ids
    are the same in every cell, on every machine and in exported files. `given` are parameters that are not the card's.
    """
    names = tuple(split.questions)
    inputs = list(card.inputs)
    asked = pa.concat_tables([data.questions[name].select(inputs) for name in names])
    stream = np.random.default_rng(seeds.derive(card.name, split.name, "questions", card.data_seed))
    order = stream.permutation(asked.num_rows)
    questions = tables.taken(asked, order)
    questions = questions.add_column(0, QUESTION_ID, pa.array(np.arange(len(order)), pa.int64()))
    question_set = np.repeat(np.arange(len(names), dtype=np.int16), [data.questions[name].num_rows for name in names])
    together: dict[str, Any] = {}
    for column in (card.target, *split.axes):
        whole = pa.chunked_array([chunk for name in names for chunk in data.questions[name].column(column).chunks])
        found = whole.take(pa.array(order))
        together[column] = found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()  # which copies even one
    broken = np.concatenate([_marked(data.questions[name].num_rows, data.unreadable.get(name, ())) for name in names])
    classes = {card.target: data.classes} if data.classes else None
    taught = {**card.inputs, card.target: card.target_type, **card.given}
    if split.stream:
        taught[split.stream] = "int64"
    return (
        Problem(
            train=tables.described(data.train, taught, classes),
            validation=None if data.validation is None else tables.described(data.validation, taught, classes),
            questions=tables.described(questions, {QUESTION_ID: "int64", **card.inputs}),
            auxiliary={
                name: tables.described(data.auxiliary[name], one.columns) for name, one in split.auxiliary.items()
            },
        ),
        Targets(
            sets=names,
            question_set=question_set[order],
            target=together[card.target],
            slices={axis: together[axis] for axis in split.axes},
            unreadable=tuple(np.flatnonzero(broken[order]).tolist()),
            answer=card.answer,
            questions=questions.select(inputs),
            bayes=attainable(split, given, names, question_set[order]),
        ),
    )


def _marked(rows: int, where: Iterable[int]) -> np.ndarray:
    found = np.zeros(rows, bool)
    found[list(where)] = True
    return found
