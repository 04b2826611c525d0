"""Where answers meet targets: joined by id, marked question by question, turned into rows.

`sever` cuts the targets away, `join` and `grade` bring them together again, and nothing else does: an evaluation,
a predictions file and a rescoring all come through here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.cards import entries
from genbench.cards.columns import answer_column
from genbench.data import answer_sets, rankings, tables, vectors
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.errors import SubmissionFault
from genbench.rows.schema import PREDICTIONS
from genbench.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jaxtyping import Bool

    from genbench.cards import Answer, SplitCard, TaskCard
    from genbench.data.problem import Targets


def read_answers(path: Path) -> pa.Table:
    """The answers file of a job. Raises `SubmissionFault` where a stranger's process left something else there."""
    try:
        table = tables.read(path)
        table.validate(full=True)  # before anything walks along offsets that lead anywhere
    except Exception as fault:  # whatever Arrow raises for a file that it did not write
        raise SubmissionFault(f"the answers cannot be read: {entries.first_line(fault)}") from fault
    if table.column_names != [QUESTION_ID, PREDICTION] or table.column(QUESTION_ID).type != pa.int64():
        raise SubmissionFault(
            f"the answers have columns {table.column_names}; they must be {[QUESTION_ID, PREDICTION]}"
        )
    return table


def join(answers: pa.Table, targets: Targets) -> pa.Array:
    """The predictions in order of question id, one for each question, of the target's type or as rankings.

    `answers` holds `question_id` (int64) and `prediction`. Raises `SubmissionFault` for a missing, repeated or unknown
    id, for nulls and NaN, and for another type.
    """
    count = len(targets.target)
    ids = answers.column(QUESTION_ID)
    predictions = answers.column(PREDICTION).combine_chunks()
    if isinstance(predictions, pa.ChunkedArray):
        predictions = predictions.chunk(0) if predictions.num_chunks else pa.array([], predictions.type)
    if ids.null_count:
        raise SubmissionFault(f"{ids.null_count} answers have no question_id")
    where = ids.to_numpy()
    unknown = where[(where < 0) | (where >= count)]
    if len(unknown):
        raise SubmissionFault(f"{len(unknown)} answers have an unknown question_id, the first {unknown[0]}")
    times = np.bincount(where, minlength=count)
    if (times > 1).any():
        raise SubmissionFault(f"question {int(np.argmax(times > 1))} is answered {int(times.max())} times")
    if (times == 0).any():
        missing = int((times == 0).sum())
        raise SubmissionFault(f"{missing} of {count} questions have no answer, the first {int(np.argmax(times == 0))}")
    predictions = sound(predictions, targets.target.type, targets.answer)
    if not (where[1:] > where[:-1]).all():
        order = np.empty(count, dtype=np.int64)
        order[where] = np.arange(count)
        predictions = predictions.take(pa.array(order))
    if targets.unreadable:
        return rankings.without_answers(predictions, np.array(targets.unreadable))
    return predictions


def sound(predictions: pa.Array, target: pa.DataType, answer: Answer) -> pa.Array:
    """The predictions, where they are whole and of the type that the target's makes of an answer.

    Labels become rankings, and sets are put in order, where these are asked. Raises `SubmissionFault`.
    """
    ranked = answer == "ranking"
    kind = target.value_type if answer == "any_of" or (ranked and pa.types.is_list(target)) else target
    if predictions.type != kind and not (ranked and predictions.type == rankings.TYPE):
        raise SubmissionFault(f"predictions are of type {predictions.type}; the target is of type {kind}")
    if predictions.null_count:
        raise SubmissionFault(f"{predictions.null_count} predictions are null")
    try:
        predictions.validate(full=True)  # the file was written beside a stranger's code: offsets, UTF-8
    except pa.ArrowException as fault:
        raise SubmissionFault(f"the predictions are not whole: {entries.first_line(fault)}") from None
    if ranked:
        most = rankings.DEEP if pa.types.is_list(target) else rankings.KEPT
        ours = predictions if predictions.type == rankings.TYPE else rankings.of_labels(predictions)
        return rankings.kept(ours, most)
    inner = predictions
    while pa.types.is_list(inner.type) or pa.types.is_fixed_size_list(inner.type):
        vectors_of = inner if pa.types.is_fixed_size_list(inner.type) else None
        inner = inner.flatten()
        if inner.null_count:
            raise SubmissionFault(f"{inner.null_count} elements of list predictions are null")
        if vectors_of is not None and vectors.first_not_finite(vectors_of) is not None:
            raise SubmissionFault("a predicted vector holds NaN or an infinity")
    if pa.types.is_floating(inner.type) and pc.any(pc.is_nan(inner)).as_py():
        raise SubmissionFault("a prediction is NaN")
    return answer_sets.canonical(predictions) if answer == "set" else predictions


def as_answers(targets: pa.Array, card: TaskCard) -> pa.Array:
    """The targets as the answers of somebody who knows them, and is sure; of several right ones the first."""
    if card.answer == "ranking":
        return rankings.of_sets(targets) if pa.types.is_list(targets.type) else rankings.of_labels(targets, 1.0)
    if card.answer == "set":
        return answer_sets.canonical(targets)
    return pc.list_element(targets, 0) if card.answer == "any_of" else targets


def grade(answers: pa.Array, targets: Targets, card: TaskCard) -> dict[str, np.ndarray]:
    """Each metric's marks for each question: name -> float64, by question id.

    Of shape (questions,), or (questions, parts) for a metric of whole question sets, whose `reduce` makes one number
    of them. Raises `MetricFault` where a metric of the task's own fails.
    """
    known = metrics.of_card(card, targets.questions, targets.bayes)
    return {metric.name: metric.grade(answers, targets.target) for metric in known}


def parts(targets: Targets) -> Iterator[tuple[str, np.ndarray, list[tuple[str, str, np.ndarray]]]]:
    """Each question set: its name, the ids of its questions, and which of them it is sliced into.

    A slice is an axis, a value on it, and a bool for each question; the first, without either, is the whole.
    """
    encoded = {axis: values.dictionary_encode() for axis, values in targets.slices.items()}
    for position, name in enumerate(targets.sets):
        asked = np.flatnonzero(targets.question_set == position)
        groups: list[tuple[str, str, np.ndarray]] = [("", "", np.ones(len(asked), bool))]
        for axis, values in encoded.items():
            codes = values.indices.to_numpy(zero_copy_only=False)[asked]
            names, typed = values.dictionary.cast(pa.string()).to_pylist(), values.dictionary.to_pylist()
            in_order = sorted(np.unique(codes), key=typed.__getitem__)  # 9 before 10, whichever was met first
            groups += [(axis, names[code], codes == code) for code in in_order]
        yield name, asked, groups


def score_rows(
    who: Mapping[str, object],
    graded: Mapping[str, np.ndarray],
    targets: Targets,
    split: SplitCard,
    card: TaskCard,
    *,
    errors: bool = True,
) -> Iterator[dict[str, object]]:
    """SCORES rows: each question set as a whole and along each axis, for each metric that has a value there.

    Without `errors` there is no column `error`, as in CURVES. Raises `MetricFault` likewise.
    """
    known = {metric.name: metric for metric in metrics.of_card(card)}
    for name, asked, groups in parts(targets):
        own = {metric: marks[asked] for metric, marks in graded.items()}
        for axis, value, within in groups:
            for metric, marks in own.items():
                score = known[metric].over(marks, within)
                if score is None:
                    continue
                row = score_row(who, split, name, axis, value) | {"metric": metric, "value": score}
                yield row | {"n": int(within.sum())} | ({"error": known[metric].error(marks, within)} if errors else {})


def score_row(
    who: Mapping[str, object], split: SplitCard, question_set: str, axis: str, text: str
) -> dict[str, object]:
    """What a SCORES row says of where its score is: whose it is, and of which questions."""
    kind = split.questions[question_set].kind
    return {**who, "question_set": question_set, "kind": kind, "axis": axis, "slice": text}


def prediction_table(
    key: str, answers: pa.Array, graded: Mapping[str, np.ndarray], targets: Targets, card: TaskCard
) -> pa.Table:
    """PREDICTIONS of one cell, built column by column: at a million questions there are no rows in Python."""
    headline = metrics.of_card(card)[0]
    right = np.zeros(len(answers), bool) if headline.reduce else graded[card.headline] == headline.best(targets.target)
    columns_of = asked(targets) | answered(key, answers, right, targets)
    return pa.Table.from_arrays([columns_of[name] for name in PREDICTIONS.names], schema=PREDICTIONS)


def answered(
    key: str, answers: pa.Array, right: Bool[np.ndarray, " question"], targets: Targets, first: int = 0
) -> dict[str, Any]:
    """The columns of PREDICTIONS that are of one cell's answers, to questions that are numbered from `first` on."""
    return {
        "cell": pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(answers), dtype=np.int32)), pa.array([key])),
        **_numbered(targets, first),
        "prediction": as_text(answers),
        "correct": pa.array(right),
    }


def asked(targets: Targets, first: int = 0, wanted: Sequence[str] = ("target", "slices")) -> dict[str, Any]:
    """The columns of PREDICTIONS that are of what was asked: who the questions are, and those `wanted` beside it."""
    made = {"target": lambda: as_text(targets.target), "slices": lambda: _slices(targets)}
    return _numbered(targets, first) | {name: made[name]() for name in wanted if name in made}


def _numbered(targets: Targets, first: int) -> dict[str, Any]:
    return {
        "question_set": pa.DictionaryArray.from_arrays(
            pa.array(targets.question_set.astype(np.int32)), pa.array(targets.sets)
        ),
        "question_id": pa.array(np.arange(first, first + len(targets.target))),
    }


def _slices(targets: Targets) -> pa.MapArray:
    """Axis -> value, of each question."""
    count, axes = len(targets.target), list(targets.slices)
    each = pa.array(np.tile(np.arange(len(axes), dtype=np.int32), count))
    keys = pa.repeat(axes[0], count) if len(axes) == 1 else pa.array(axes, pa.string()).take(each)
    # Question by question, the axes' values: [length of 0, template of 0, length of 1, ...].
    items = pa.array([], pa.string())
    if axes:
        columns = [targets.slices[axis].cast(pa.string()) for axis in axes]
        beside = np.arange(count * len(axes)).reshape(len(axes), count).T.ravel()
        items = columns[0] if len(axes) == 1 else pa.concat_arrays(columns).take(pa.array(beside))
    slices = pa.MapArray.from_arrays(pa.array(np.arange(count + 1, dtype=np.int32) * len(axes)), keys, items)
    return slices.cast(PREDICTIONS.field("slices").type)


def as_text(values: pa.Array) -> pa.Array:
    """Values as the text kept in PREDICTIONS: strings as they are, other types as JSON."""
    if pa.types.is_string(values.type):
        return values
    if values.type == rankings.TYPE:
        return rankings.as_text(values)
    if pa.types.is_integer(values.type) or pa.types.is_boolean(values.type):
        return values.cast(pa.string())
    if pa.types.is_list(values.type) and pa.types.is_integer(values.type.value_type):
        return pc.binary_join_element_wise("[", pc.binary_join(values.cast(pa.list_(pa.string())), ", "), "]", "")
    return pa.array([json.dumps(value) for value in values.to_pylist()], pa.string())


def from_text(texts: pa.Array, kind: str) -> pa.Array:
    """The inverse of `as_text` for values of type `kind`. Raises ValueError where a text is not of that type."""
    if kind.startswith("ranking"):
        return _rankings_in(texts, rankings.most_of(kind))
    kind = answer_column(kind)
    if kind == "string":
        return texts
    fraction = _no_fraction if "int64" in kind else float  # Arrow would cut 1.5 to 1 without a word
    try:
        return pa.array([json.loads(text, parse_float=fraction) for text in texts.to_pylist()], tables.ARROW[kind])
    except pa.ArrowException as fault:
        raise ValueError(str(fault)) from fault


def _rankings_in(texts: pa.Array, most: int) -> pa.Array:
    try:
        return rankings.kept(rankings.from_values([json.loads(text) for text in texts.to_pylist()]), most)
    except (TypeError, pa.ArrowException, SubmissionFault) as fault:
        raise ValueError(f"these predictions are no rankings: {fault}") from fault


def _no_fraction(text: str) -> float:
    raise ValueError(f"{text} is no integer")
