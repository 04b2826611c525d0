"""What the cells of a split hold, gathered for a segment from small files and from older segments."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import StoreFault
from genbench.rows.schema import MARKS, PREDICTIONS, TABLES, to_table
from genbench.rows.segments import base_of
from genbench.rows.store import OF_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.rows.compacting import MarksOf
    from genbench.rows.schema import TableName
    from genbench.rows.segments import Segment, Segments
    from genbench.rows.store import Store


class Sources:
    """The cells of one split and where each is read from. PREDICTIONS are read one cell at a time, the rest is held."""

    def __init__(
        self, store: Store, found: Sequence[Segment], segments: Segments, small: Mapping[str, str], task: str
    ) -> None:
        self.store, self.small, self.task = store, small, task
        self.held = {one.folder: (one, [cell for cell in segments.held_by(one) if cell not in small]) for one in found}
        self.tables: dict[str, dict[str, pa.Table]] = {name: {} for name in OF_CELL}  # all but predictions
        self.rows: dict[str, dict[str, int]] = {name: {} for name in OF_CELL}
        self.marked: set[str] = set()
        self.kept: list[str] = []  # in the order of the segment

    def gathered(self, marks_of: MarksOf, notes: list[str]) -> list[dict[str, Any]]:
        """Read all but the answers; rows of CELLS in the order of the segment, by card's name and cell.

        A cell of which a small file cannot be read is left out, and `notes` say so. Raises `StoreFault` for a segment
        that cannot be read.
        """
        bases = dict(self.small)
        for segment, cells in self.held.values():
            bases |= {cell: base_of(segment.said(cell)) for cell in cells}
            own = set(cells)
            for name in OF_CELL:
                if name != "predictions":
                    self.tables[name] |= dict(self.store.reading.in_segment(segment, cells, name, None))
                self.rows[name] |= {cell: span.rows for cell, span in segment.spans(name).items() if cell in own}
        for cell, base in self.small.items():
            if fault := self._gather_small(cell, base, marks_of, notes):
                notes.append(f"{fault}; the cell stays in its small files")
                for name in OF_CELL:
                    self.tables[name].pop(cell, None)
                    self.rows[name].pop(cell, None)
                bases.pop(cell)
        self.kept = sorted(bases, key=lambda cell: (bases[cell], cell))
        for name in OF_CELL:
            if name != "predictions":
                self.rows[name] = {
                    cell: len(self.tables[name][cell]) for cell in self.kept if cell in self.tables[name]
                }
            else:
                self.rows[name] = {cell: self.rows[name][cell] for cell in self.kept if cell in self.rows[name]}
        return [self.tables["cells"][cell].to_pylist()[0] for cell in self.kept]

    def _gather_small(self, cell: str, base: str, marks_of: MarksOf, notes: list[str]) -> str:
        """Read one cell's small files; a line where one cannot be read."""
        predictions = None
        for name in OF_CELL:
            table = self.store.read_cell(name, self.task, base, cell)
            if isinstance(table, str):
                return table
            if table is None or not len(table):
                continue
            if name == "predictions":
                predictions, self.rows[name][cell] = table, len(table)
            else:
                self.tables[name][cell] = table
        if "cells" not in self.tables or cell not in self.tables["cells"]:
            return f"cell {cell} of {self.task}: its row is gone"
        scores = self.tables["scores"].get(cell)
        if cell not in self.tables["marks"] and predictions is not None and scores is not None:
            row = self.tables["cells"][cell].to_pylist()[0]
            try:
                made = marks_of(row, predictions, scores)
            except ValueError as fault:
                notes.append(f"cell {cell} of {self.task}/{row['split']} has no marks: {fault}")
                made = []
            if made:
                self.tables["marks"][cell] = to_table(made, MARKS).replace_schema_metadata(None)
                self.marked.add(cell)
        return ""

    def whole(self, name: TableName) -> pa.Table | None:
        """A table of all cells, as its file holds it; None of CELLS and PREDICTIONS, and where there are no rows."""
        if name in {"cells", "predictions"} or not self.rows[name]:
            return None
        return pa.concat_tables(self.tables[name][cell] for cell in self.rows[name]).combine_chunks().cast(TABLES[name])

    def answers(self) -> Iterator[tuple[str, pa.Table]]:
        """Cell by cell, its answers as they are kept; what they answer is written where it is not there.

        Raises `StoreFault` where they cannot be read.
        """
        data = {cell: table.to_pylist()[0] for cell, table in self.tables["cells"].items()}
        for cell, table in self.predictions():
            yield cell, self.store.answers(table, data[cell])

    def predictions(self) -> Iterator[tuple[str, pa.Table]]:
        """Cell by cell, its PREDICTIONS beside what was asked."""
        where = {cell: segment for segment, cells in self.held.values() for cell in cells}
        for cell in self.rows["predictions"]:
            if cell in self.small:
                table = self.store.read_cell("predictions", self.task, self.small[cell], cell)
            else:
                found = self.store.reading.in_segment(where[cell], [cell], "predictions", None)
                table = next((table for _, table in found), None)
            if table is None or isinstance(table, str):
                raise StoreFault(table or f"cell {cell}: its answers are gone")
            yield cell, table.cast(PREDICTIONS)

    def expected(self, name: TableName, cells: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, pa.Table]]:
        """Cell by cell, what a segment must give back."""
        if name == "predictions":
            yield from self.predictions()
        else:
            yield from (
                (row["cell"], self.tables[name][row["cell"]]) for row in cells if row["cell"] in self.rows[name]
            )


def scores_digest(scores: pa.Table | None) -> str:
    """What two cells share that have the same scores; floats to their last bit."""
    rows = [] if scores is None else scores.drop_columns(["cell", "error"]).to_pylist()
    told = [[value.hex() if isinstance(value, float) else value for _, value in sorted(row.items())] for row in rows]
    return hashlib.sha256(json.dumps(sorted(told, key=str)).encode()).hexdigest()[:16]


def same(one: pa.Table | str | None, other: pa.Table | str | None) -> bool:
    """Whether two tables hold the same values in the same order, however they are encoded; NaN is NaN.

    What is no table, or a line that says why there is none, is the same as nothing.
    """
    if (
        not isinstance(one, pa.Table)
        or not isinstance(other, pa.Table)
        or one.column_names != other.column_names
        or len(one) != len(other)
    ):
        return False
    return all(_same(one.column(name), other.column(name)) for name in one.column_names)


def _same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    if pa.types.is_dictionary(one.type) or pa.types.is_dictionary(other.type):
        one, other = one.cast(pa.string()), other.cast(pa.string())
    if one.equals(other):
        return True
    if not pa.types.is_floating(one.type) or not one.is_null().equals(other.is_null()):
        return False
    left, right = (pc.fill_null(column, 0.0).to_numpy() for column in (one, other))
    return bool(np.array_equal(left, right, equal_nan=True))
