"""Files of predictions, in the types that people's tools write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from genbench.authoring.reading import read_table
from genbench.cards import entries
from genbench.cards.columns import answer_column
from genbench.data import rankings, tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.errors import BadPredictions, SubmissionFault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path


def read_predictions(
    path: Path,
    kind: str,
    questions: int,
    inputs: Collection[str] = (),
    check: Callable[[pa.Table], None] = lambda _table: None,
) -> pa.Table:
    """The answers in a file to that many questions: `question_id` (int64) and `prediction`, of type `kind`.

    The columns of `inputs`, which exported questions have, may stand beside them; `check` sees the table with them.
    Raises `BadPredictions`, naming the file and what is wrong with it.
    """
    table = read_table(path, kind, questions)
    check(table)
    return typed_predictions(
        table.drop_columns([name for name in inputs if name in table.column_names]), kind, str(path)
    )


def typed_predictions(table: pa.Table, kind: str, where: str) -> pa.Table:
    """The answers in a table with the columns `question_id` and `prediction`, of type `kind`.

    Widths and layouts are the writer's choice; what means another value is refused. Raises `BadPredictions`, which
    begins with `where`.
    """
    wanted = [QUESTION_ID, PREDICTION]
    if sorted(table.column_names) != sorted(wanted):
        raise BadPredictions(f"{where}: columns are {table.column_names}; they must be {wanted}")
    table = table.select(wanted)
    if not pa.types.is_integer(table.column(QUESTION_ID).type):
        raise BadPredictions(f"{where}: question_id is of type {table.column(QUESTION_ID).type}; it must be int64")
    given = table.column(PREDICTION).type
    if kind.startswith("ranking") and not pa.types.is_integer(given):
        return _rankings_in(table, rankings.most_of(kind), where)
    column = "int64" if kind.startswith("ranking") else answer_column(kind)
    if not _will_do(given, tables.ARROW[column]):
        raise BadPredictions(f"{where}: prediction is of type {given}; the target is of type {kind}")
    try:
        return table.cast(pa.schema([(QUESTION_ID, pa.int64()), (PREDICTION, tables.ARROW[column])]))
    except pa.ArrowException as fault:
        raise BadPredictions(f"{where}: {entries.first_line(fault)}") from None


def _rankings_in(table: pa.Table, most: int, where: str) -> pa.Table:
    """Answers with rankings in place of what a writer of Parquet made of them. Raises `BadPredictions`."""
    try:
        ranked = rankings.kept(rankings.from_values(table.column(PREDICTION).to_pylist()), most)
        return pa.table({QUESTION_ID: table.column(QUESTION_ID).cast(pa.int64()), PREDICTION: ranked})
    except (pa.ArrowException, TypeError, ValueError, SubmissionFault) as fault:
        raise BadPredictions(
            f"{where}: {entries.first_line(fault)}; a prediction is a label (int64) or a ranking, "
            "a list of structs with label and probability"
        ) from None


def _will_do(given: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether values of one Arrow type are those of the other but for width and layout, which writers choose freely."""
    if pa.types.is_list(wanted) or pa.types.is_fixed_size_list(wanted):
        listed = pa.types.is_list(given) or pa.types.is_large_list(given) or pa.types.is_fixed_size_list(given)
        return listed and _will_do(given.value_type, wanted.value_type)
    if pa.types.is_dictionary(given):
        return _will_do(given.value_type, wanted)
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given))
    if pa.types.is_floating(wanted):
        return bool(pa.types.is_floating(given) or pa.types.is_integer(given))
    return bool(given == wanted or (pa.types.is_integer(given) and pa.types.is_integer(wanted)))
