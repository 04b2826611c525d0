"""What submissions answered: the answers of a cell, and of some questions what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.cards.addresses import card_name
from genbench.report.exports.texts import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings.cells import Cell
    from genbench.rows.store import Store

ANSWER: Final = 300  # letters of a target or an answer


def answers_of(cell: Cell, stores: Sequence[Store]) -> Any:
    """The answers of a cell, as an Arrow table; None where they cannot be read."""
    base = card_name(cell.base)
    for store in stores:
        found = store.read_cell("predictions", cell.task, base, cell.cell)
        if found is not None and not isinstance(found, str):
            return found
    return None


def said(table: Any, question_set: str, ids: Sequence[int]) -> dict[int, str]:
    """What was answered to the questions with these ids, as it is shown; of answers that are not there, nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table is None:
        return {}
    own = table.filter(
        pc.and_(
            pc.equal(table["question_set"].cast(pa.string()), question_set),
            pc.is_in(table["question_id"], value_set=pa.array(ids, table["question_id"].type)),
        )
    )
    told = zip(own["question_id"].to_pylist(), own["prediction"].cast(pa.string()).to_pylist(), strict=True)
    return {number: short("" if text is None else text, ANSWER) for number, text in told}
