"""Cells under another name: rows carried over to code that was shown to give the same answers.

Nothing of what was measured changes, only the cell's name and what the name is a digest of. The names it had before
stay in the row's `lineage`, each with what it stood for, and on what proof it was given up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from genbench.cards.addresses import card_name
from genbench.errors import StoreFault
from genbench.rows.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.rows.schema import TableName
    from genbench.rows.store import Store

# Columns of CELLS that a name is a digest of, and that may differ under the new one.
_NAMED_BY = ("task_fingerprint", "submission_fingerprint", "edition", "task_params", "submission_params")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A cell's new name, the columns that change with it, and why they may: `proof` goes into the lineage as it is."""

    cell: str
    columns: Mapping[str, str | int]  # of _NAMED_BY
    proof: Mapping[str, Any]


def lineage_of(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the row's cell was called before, oldest first. Raises `StoreFault` where the column is no such list."""
    try:
        found = json.loads(row["lineage"])
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and isinstance(one.get("cell"), str) for one in found
    ):
        raise StoreFault(
            f"cell {row['cell']}: its lineage is {row['lineage']!r:.80}; it must be a JSON list of objects"
        )
    return found


def stamped(row: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """The CELLS row under its new name; what it gave up is the last entry of its lineage."""
    before = {"cell": row["cell"], **{name: row[name] for name in _NAMED_BY}, "versions": json.loads(row["versions"])}
    past = [*lineage_of(row), {**before, **stamp.proof}]
    return {**row, **stamp.columns, "cell": stamp.cell, "lineage": json.dumps(past, sort_keys=True)}


def carry(store: Store, task: str, submission: str, cell: str, stamp: Stamp) -> None:
    """Write a cell's tables under its new name, then remove the old ones. `submission` is the card's name.

    The old files go when the new ones are whole. An interruption before that leaves the old cell as it was; one after
    it leaves both, and `finish` removes the old one. Raises `StoreFault`, also for a file that cannot be read.
    """
    tables: dict[TableName, Any] = {}
    for name in TABLES:
        table = store.read_cell(name, task, submission, cell)
        if table is None:
            continue
        if isinstance(table, str):
            raise StoreFault(table)
        if name == "cells":
            tables[name] = [stamped(row, stamp) for row in table.to_pylist()]
        else:
            place = table.schema.get_field_index("cell")
            renamed = pa.array([stamp.cell] * len(table), pa.string()).cast(table.schema.field(place).type)
            tables[name] = table.set_column(place, table.schema.field(place), renamed).cast(TABLES[name])
    store.append(task, submission, stamp.cell, tables)
    store.remove(task, submission, cell)


def former(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Every name that a cell among `rows` had before."""
    return {entry["cell"] for row in rows for entry in lineage_of(row)}


def finish(store: Store, rows: Iterable[Mapping[str, Any]]) -> None:
    """Remove what a `carry` that was interrupted left of cells under their old names; `rows` are all of CELLS.

    A cell's row is written last, so one that names another in its lineage is whole.
    """
    listed = list(rows)
    there = store.names()
    for row in listed:
        for entry in lineage_of(row):
            if entry["cell"] in there:
                store.remove(row["task"], card_name(row["submission"]), entry["cell"])
