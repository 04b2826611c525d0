"""Files of predictions, in the types that people's tools write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from genbench.authoring.reading import read_table
from genbench.cards import entries
from genbench.cards.columns import answer_column, vector_length
from genbench.data import rankings, tables
from genbench.data.answer_types import will_do
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
    if kind.startswith("any_of<") and will_do(given, pa.list_(tables.ARROW[answer_column(kind)])):
        table = _first_of_each(table, where)
        given = table.column(PREDICTION).type
    if kind.startswith("ranking") and not will_do(given, pa.int64()):
        return _rankings_in(table, rankings.most_of(kind), where)
    column = "int64" if kind.startswith("ranking") else answer_column(kind)
    if not will_do(given, tables.ARROW[column]):
        raise BadPredictions(f"{where}: prediction is of type {given}; the target is of type {kind}")
    _of_length(table, column, where)
    try:
        return table.cast(pa.schema([(QUESTION_ID, pa.int64()), (PREDICTION, tables.ARROW[column])]))
    except pa.ArrowException as fault:
        raise BadPredictions(f"{where}: {entries.first_line(fault)}") from None


def _of_length(table: pa.Table, kind: str, where: str) -> None:
    """Raise `BadPredictions` for a vector that is shorter or longer than the target's, by its question."""
    length = vector_length(kind)
    if length is None:
        return
    sizes = pc.list_value_length(table.column(PREDICTION))
    other = table.append_column("size", sizes).filter(pc.not_equal(sizes, length))
    if other.num_rows:
        one = other.slice(0, 1).to_pylist()[0]
        raise BadPredictions(
            f"{where}: question {one[QUESTION_ID]} has a prediction of {one['size']} numbers; "
            f"the target is of type {kind}, {length} numbers"
        )


def _first_of_each(table: pa.Table, where: str) -> pa.Table:
    """Several right answers as training holds them: the first counts. Raises `BadPredictions` for none of them."""
    lists = table.column(PREDICTION)
    if lists.null_count or pc.any(pc.equal(pc.list_value_length(lists), 0)).as_py():
        raise BadPredictions(f"{where}: a prediction lists no answer")
    return table.set_column(1, PREDICTION, pc.list_element(lists, 0))


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
