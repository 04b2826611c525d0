"""Predictions as a notebook has them, as the table that is scored: question_id and prediction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from genbench.authoring import origin
from genbench.authoring.predictions_file import typed_predictions
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.errors import BadPredictions, SubmissionFault, nearest
from genbench.evaluation.answers import as_answers

if TYPE_CHECKING:
    from genbench.authoring.origin import Origin
    from genbench.data.problem import Targets

WHERE: Final = "predictions"
FORMS: Final = (
    "a list in the order of the questions, a mapping of question_id to answer, or a table with the columns "
    f"{QUESTION_ID} and {PREDICTION} (pandas, polars, Arrow), or the path of a file"
)


def table_of(predictions: Any, targets: Targets, kind: str, asked: Origin | None = None) -> pa.Table:
    """The answers as `question_id` and `prediction` of type `kind`, in whichever form they are given.

    Raises `BadPredictions` for other forms, too many or too few, values of another type, and tables that tell of other
    questions than were `asked`.
    """
    if (found := _as_table(predictions)) is not None:
        wanted = [QUESTION_ID, PREDICTION]
        missing = [name for name in wanted if name not in found.column_names]
        if missing:
            raise BadPredictions(f"{WHERE}: columns are {found.column_names}; {' and '.join(missing)} must be there")
        if asked is not None:
            origin.check(found, None, asked, targets.questions, WHERE)
        return typed_predictions(found.select(wanted), kind, WHERE)
    if isinstance(predictions, Mapping):
        return _of_mapping(predictions, targets, kind)
    if isinstance(predictions, (str, bytes)) or not hasattr(predictions, "__len__"):
        raise BadPredictions(f"{WHERE} are of type {type(predictions).__name__}; they must be {FORMS}")
    return _of_lists({name: ids for name, ids in _ids(targets).items() if len(ids)}, predictions, kind)


def _as_table(predictions: Any) -> pa.Table | None:
    """A frame or table as Arrow; None for what is neither."""
    if isinstance(predictions, (pa.Array, pa.ChunkedArray)):
        return None
    if isinstance(predictions, (pa.Table, pa.RecordBatch)):
        return pa.table(predictions)
    if hasattr(predictions, "columns") and hasattr(predictions, "to_arrow"):  # polars
        return predictions.to_arrow()
    if hasattr(predictions, "columns") and hasattr(predictions, "to_numpy"):  # pandas
        try:
            table = pa.Table.from_pandas(predictions, preserve_index=False)
        except (pa.ArrowException, TypeError, ValueError) as fault:
            raise BadPredictions(f"{WHERE}: the frame's columns are of no one type: {fault}") from None
        return table.replace_schema_metadata(origin.of_mapping(getattr(predictions, "attrs", {})))
    return None


def _of_mapping(predictions: Mapping[Any, Any], targets: Targets, kind: str) -> pa.Table:
    """Answers by question id, or lists of them by question set."""
    keys = list(predictions)
    if keys and all(isinstance(key, str) for key in keys):
        ids = _ids(targets)
        unknown = [key for key in keys if key not in ids]
        if unknown:
            raise BadPredictions(f"{WHERE}: there is no question set {unknown[0]!r}{nearest(unknown[0], ids)}")
        parts = [_of_lists({key: ids[key]}, predictions[key], kind) for key in keys]
        return pa.concat_tables(parts)
    bad = next((key for key in keys if isinstance(key, bool) or not hasattr(key, "__index__")), None)
    if bad is not None:
        raise BadPredictions(f"{WHERE}: {bad!r} is no question_id; it must be a whole number")
    answers = _typed(list(predictions.values()), kind)
    try:
        return pa.table({QUESTION_ID: pa.array([int(key) for key in keys], pa.int64()), PREDICTION: answers})
    except (pa.ArrowException, OverflowError) as fault:
        raise BadPredictions(f"{WHERE}: a question_id is no 64-bit integer: {fault}") from None


def _of_lists(ids: Mapping[str, np.ndarray], answers: Any, kind: str) -> pa.Table:
    """A list of answers, question set after question set as `genbench.load` gives them, each by ascending id."""
    order = np.concatenate([*ids.values(), np.array([], np.int64)])
    if len(answers) != len(order):
        sets = " and ".join(f"{len(own):,} of {name}" for name, own in ids.items())
        raise BadPredictions(f"{WHERE}: {len(answers):,} answers for {len(order):,} questions, {sets}")
    return pa.table({QUESTION_ID: pa.array(order, pa.int64()), PREDICTION: _typed(answers, kind)})


def _typed(answers: Any, kind: str) -> Any:
    try:
        return as_answers(answers, kind, len(answers))
    except SubmissionFault as fault:
        raise BadPredictions(f"{WHERE}: {fault}".replace("predict returned", "given as")) from None


def _ids(targets: Targets) -> dict[str, np.ndarray]:
    """The question ids of each question set, ascending."""
    return {name: np.flatnonzero(targets.question_set == place) for place, name in enumerate(targets.sets)}
