"""Marks of a cell: of one that was graded now, and of one whose answers are kept, graded again where it is older.

Only metrics that mark each question have marks. What is made of a whole question set, as a calibration error, has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import GenbenchError
from genbench.rows.marks import row_of
from genbench.scoring import grading, metrics
from genbench.scoring.metric import mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jaxtyping import Float

    from genbench.cards import TaskCard
    from genbench.data.problem import Targets
    from genbench.scoring.metric import Metric


def mark_rows(
    who: Mapping[str, object],
    data_fingerprint: str,
    graded: Mapping[str, np.ndarray],
    targets: Targets,
    card: TaskCard,
) -> Iterator[dict[str, object]]:
    """Rows of MARKS: each question set, by each of the card's metrics that mark single questions."""
    single = [metric.name for metric in metrics.of_card(card) if metric.reduce is None]
    for position, name in enumerate(targets.sets):
        asked = np.flatnonzero(targets.question_set == position)
        for metric in single:
            yield {**who, **row_of(data_fingerprint, name, metric, asked, graded[metric][asked])}


def marks_kept(
    who: Mapping[str, object],
    data_fingerprint: str,
    predictions: pa.Table,
    scores: pa.Table,
    card: TaskCard | None,
    metric: str | None = None,
) -> list[dict[str, object]]:
    """Rows of MARKS by one metric, the headline unless another is named, of one cell's PREDICTIONS and SCORES.

    Where the row's own headline was that metric, and `correct` has the mean that SCORES say of each question set, the
    marks are `correct`: no mark is above 1, so those that are not at the ceiling can only be 0. Otherwise the answers
    are graded again by the `card`. None where the metric has no marks, and where a task's own metric would have to see
    the questions. Raises `ValueError` for answers that are none of the card's type.
    """
    stored = scores.column("metric").to_pylist()
    headline = str(stored[0]) if stored else ""
    wanted = metric or (card.headline if card is not None else headline)
    if wanted not in stored and (card is None or wanted not in card.metrics):
        return []  # a metric that these answers were never asked for: it may not even take them
    predictions = predictions.sort_by("question_id")
    grader = _metric(wanted, card)
    values = _from_correct(predictions, scores, grader) if grader is not None and wanted == headline else None
    if values is None and grader is not None and card is not None and wanted not in {*card.own_metrics, metrics.EXCESS}:
        values = _graded_again(predictions, card, grader)
    if values is None:
        return []
    named = predictions.column("question_set").cast(pa.string())
    ids = predictions.column("question_id").to_numpy()
    rows = []
    for name in sorted(named.unique().to_pylist()):
        own = pc.equal(named, name).to_numpy()
        rows.append({**who, **row_of(data_fingerprint, name, wanted, ids[own], values[own])})
    return rows


def _metric(name: str, card: TaskCard | None) -> Metric | None:
    """The metric, if it is one that is known here and marks single questions."""
    known = {one.name: one for one in metrics.of_card(card)} if card is not None and name in card.metrics else {}
    found = known.get(name) or metrics.METRICS.get(name) or metrics.ASKING.get(name)
    return None if found is None or found.reduce is not None else found


def _from_correct(predictions: pa.Table, scores: pa.Table, metric: Metric) -> Float[np.ndarray, " question"] | None:
    """The marks, where `correct` alone says them: the means are those of SCORES, of every question set."""
    if not metric.of_questions or metric.perfect != metric.high:
        return None
    correct: Float[np.ndarray, " question"] = predictions.column("correct").to_numpy().astype(np.float64)
    named = predictions.column("question_set").cast(pa.string())
    whole = scores.filter(pc.and_(pc.equal(scores.column("axis"), ""), pc.equal(scores.column("metric"), metric.name)))
    told = dict(zip(whole.column("question_set").to_pylist(), whole.column("value").to_pylist(), strict=True))
    for name in named.unique().to_pylist():
        if mean(correct[pc.equal(named, name).to_numpy()]) != told.get(name):
            return None
    return correct


def _graded_again(predictions: pa.Table, card: TaskCard, metric: Metric) -> Float[np.ndarray, " question"]:
    answers = grading.from_text(predictions.column("prediction").combine_chunks(), card.answer_type)
    targets = grading.from_text(predictions.column("target").combine_chunks(), card.target_type)
    try:
        return metric.grade(answers, targets)
    except (GenbenchError, pa.ArrowException) as fault:
        raise ValueError(str(fault)) from fault
