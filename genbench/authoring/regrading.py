"""A stored cell graded again: its answers and targets as they are kept, by today's metrics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.cards.addresses import card_name
from genbench.data import tables
from genbench.data.problem import Targets, attainable
from genbench.errors import StoreFault
from genbench.evaluation.build import build
from genbench.evaluation.salt import drawn
from genbench.registry import split_called
from genbench.rows.schema import MARKS, PREDICTIONS, SCORES, to_table
from genbench.scoring import grading, marking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.cards import TaskCard
    from genbench.evaluation.salt import Salt
    from genbench.registry import Catalogue, ChosenSplit
    from genbench.rows.store import Store

_WHO: Final = ("cell", "task", "split", "submission", "profile", "seed")


@dataclass(frozen=True, slots=True)
class Regraded:
    """SCORES, PREDICTIONS (with `correct`) and MARKS of a cell, as today's metrics make them."""

    scores: pa.Table
    predictions: pa.Table
    marks: pa.Table


def regraded(store: Store, row: Mapping[str, Any], found: Catalogue, salt: Salt | None = None) -> Regraded:
    """Grade the stored answers of a cell, given by its row of CELLS; with the `salt` that its data are drawn from.

    Raises `StoreFault` where its task is not known here, its answers cannot be read, or a metric of the task's own
    would see other questions than were asked; `ValueError` for answers and slices that are not what the card says.
    """
    if row["task"] not in found.tasks:
        raise StoreFault("the task is not known here")
    card = found.tasks[row["task"]]
    chosen = drawn(split_called(row["split"], card), salt)
    split = chosen.split
    stored = store.read_cell("predictions", row["task"], card_name(row["submission"]), row["cell"])
    if stored is None or isinstance(stored, str):
        raise StoreFault(stored or "its answers are not there")
    targets = _targets_in(stored, split.axes, tuple(split.questions), card)
    targets = replace(targets, bayes=attainable(split, chosen.given, targets.sets, targets.question_set))
    answers = grading.from_text(stored.column("prediction").combine_chunks(), card.answer_type)
    if card.own_metrics:
        targets = replace(targets, questions=_questions_of(row, chosen))
    graded = grading.grade(answers, targets, card)
    who = {column: row[column] for column in _WHO}
    return Regraded(
        to_table(grading.score_rows(who, graded, targets, split, card), SCORES),
        grading.prediction_table(row["cell"], answers, graded, targets, card).cast(PREDICTIONS),
        to_table(marking.mark_rows(who, row["data_fingerprint"], graded, targets, card), MARKS),
    )


def _questions_of(row: Mapping[str, Any], chosen: ChosenSplit) -> pa.Table:
    """What a stored cell was asked, built again, for the task's own metrics see it; raises where it is not the same."""
    built = build(chosen)
    if built.fingerprint != row["data_fingerprint"]:
        raise StoreFault(
            "the task's own metrics see the questions, and these are not built any more: the data's fingerprint was "
            f"{row['data_fingerprint']} and is {built.fingerprint}"
        )
    return built.problem.questions.select(list(chosen.task.inputs))


def _targets_in(stored: pa.Table, axes: tuple[str, ...], sets: tuple[str, ...], card: TaskCard) -> Targets:
    """The targets of a stored cell: PREDICTIONS are in order of question id and hold all that grading needs."""
    positions = pc.index_in(stored.column("question_set").cast(pa.string()), pa.array(sets))
    if positions.null_count:
        raise ValueError("a question set of these predictions is not on the card any more")
    slices = stored.column("slices").combine_chunks()
    values = {axis: pc.map_lookup(slices, axis, "first") for axis in axes}
    for axis, column in values.items():
        if column.null_count:
            raise ValueError(f"these predictions have no slice along {axis!r}")
        values[axis] = column.cast(tables.ARROW[card.axes[axis]])  # texts have another order than numbers
    return Targets(
        sets=sets,
        question_set=positions.to_numpy().astype(np.int16),
        target=grading.from_text(stored.column("target").combine_chunks(), card.target_type),
        slices=values,
        answer=card.answer,
    )
