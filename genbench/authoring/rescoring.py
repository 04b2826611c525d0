"""Stored predictions scored again by today's metrics, by the code that scores every submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench.authoring.comparing import differing_scores
from genbench.authoring.regrading import regraded
from genbench.cards.addresses import card_name
from genbench.errors import GenbenchError
from genbench.rows.gathering import same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench.registry import Catalogue
    from genbench.rows.schema import TableName
    from genbench.rows.store import Store


@dataclass(frozen=True, slots=True)
class Rescored:
    """What became of a cell: the scores written (or that would be), which of them are others than before, a fault."""

    cell: str
    written: int = 0
    changed: tuple[str, ...] = ()
    fault: str = ""


def rescore(store: Store, found: Catalogue, *, dry: bool = False) -> Iterator[Rescored]:
    """Apply today's metrics to the stored predictions, cell by cell; `dry` writes nothing and says what would change.

    SCORES, MARKS and the `correct` column are replaced where they differ; CURVES keep what was measured while the
    submission ran, for its answers at each step are not stored. Cells of tasks that are not known here are named and
    left as they are.
    """
    cells = store.read("cells")
    for line in cells.skipped:
        yield Rescored("", fault=line)
    for row in cells.table.to_pylist():
        if row["status"] == "ok":
            try:
                yield _rescored(store, row, found, dry=dry)
            except (GenbenchError, ValueError) as fault:
                where = f"{row['task']}/{row['split']} {row['submission']}"
                yield Rescored(row["cell"], fault=f"{where}: {fault}; its scores were left as they were")


def _rescored(store: Store, row: Mapping[str, Any], found: Catalogue, *, dry: bool) -> Rescored:
    fresh = regraded(store, row, found)
    where = (row["task"], card_name(row["submission"]), row["cell"])
    before = store.read_cell("scores", *where)
    changed = tuple(differing_scores(None if isinstance(before, str) else before, fresh.scores))
    if not dry:
        tables: dict[TableName, Any] = {
            "predictions": fresh.predictions,
            "scores": fresh.scores,
            "marks": fresh.marks,
        }
        for table, content in tables.items():
            if not same(store.read_cell(table, *where), content):
                store.replace(table, *where, content)
    return Rescored(row["cell"], int(fresh.scores.num_rows), changed)
