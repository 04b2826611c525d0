"""Stored predictions scored again by today's metrics, by the code that scores every submission."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import cards
from genbench.data import tables
from genbench.data.problem import Targets, attainable
from genbench.errors import GenbenchError, StoreFault
from genbench.evaluation.build import build
from genbench.registry import ChosenSplit
from genbench.rows.schema import MARKS, PREDICTIONS, SCORES, to_table
from genbench.scoring import grading, marking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench.cards import TaskCard
    from genbench.registry import Catalogue
    from genbench.rows.store import Store

_WHO = ("cell", "task", "split", "submission", "profile", "seed")


def rescore(store: Store, found: Catalogue) -> Iterator[tuple[str, int, str]]:
    """Apply today's metrics to the stored predictions; yield cell key, number of scores written, and a fault or "".

    SCORES and the `correct` column are replaced, cell by cell; CURVES keep what was measured while the submission ran,
    for its answers at each step are not stored. Cells of tasks that are not known here are named and left as they are.
    """
    cells = store.read("cells")
    for line in cells.skipped:
        yield "", 0, line
    for row in cells.table.to_pylist():
        if row["status"] == "ok":
            try:
                written = _rescore_cell(store, row, found)
            except (GenbenchError, ValueError) as fault:
                yield row["cell"], 0, f"{row['task']}/{row['split']} {row['submission']}: {fault}"
            else:
                yield row["cell"], written, ""


def _rescore_cell(store: Store, row: Mapping[str, Any], found: Catalogue) -> int:
    name = row["split"].partition(":")[0]
    if row["task"] not in found.tasks:
        raise StoreFault("the task is not known here; its scores were left as they are")
    card = found.tasks[row["task"]]
    split = card.split(name)
    base = row["submission"].partition(":")[0].partition("@")[0]
    stored = store.read_cell("predictions", row["task"], base, row["cell"])
    if stored is None or isinstance(stored, str):
        raise StoreFault(stored or "its answers are not there")
    targets = _targets_in(stored, split.axes, tuple(split.questions), card)
    given = cards.address(row["split"]).given
    bayes = attainable(split, given, targets.sets, targets.question_set)
    targets = replace(targets, bayes=bayes)
    answers = grading.from_text(stored.column("prediction").combine_chunks(), card.answer_type)
    if card.own_metrics:
        targets = replace(targets, questions=_questions_of(row, card))
    graded = grading.grade(answers, targets, card)
    who = {column: row[column] for column in _WHO}
    scores = to_table(grading.score_rows(who, graded, targets, split, card), SCORES)
    fresh = grading.prediction_table(row["cell"], answers, graded, targets, card)
    store.replace("predictions", row["task"], base, row["cell"], fresh.cast(PREDICTIONS))
    store.replace("scores", row["task"], base, row["cell"], scores)
    marks = marking.mark_rows(who, row["data_fingerprint"], graded, targets, card)
    store.replace("marks", row["task"], base, row["cell"], to_table(marks, MARKS))
    return int(scores.num_rows)


def _questions_of(row: Mapping[str, Any], card: TaskCard) -> pa.Table:
    """What a stored cell was asked, built again, for the task's own metrics see it; raises where it is not the same."""
    label = cards.address(row["split"])
    built = build(ChosenSplit(card, card.split(label.name), label.given))
    if built.fingerprint != row["data_fingerprint"]:
        raise StoreFault(
            "the task's own metrics see the questions, and these are not built any more: the data's fingerprint was "
            f"{row['data_fingerprint']} and is {built.fingerprint}; its scores were left as they are"
        )
    return built.problem.questions.select(list(card.inputs))


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
