"""Where the rows of splits come from: tables that are held, or results folders that are read a split at a time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from genbench.analysis.standings.cells import NEEDED
from genbench.analysis.standings.scores import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jaxtyping import Int

    from genbench.analysis.standings.headlines import Where
    from genbench.rows.store import Found, Store


class Source(Protocol):
    """CELLS and SCORES, split by split."""

    def labels(self) -> Iterable[Where]:
        """The splits that have cells, by task and label."""

    def of(self, where: Where) -> tuple[pa.Table, pa.Table]:
        """The rows of CELLS and of SCORES of a split."""


class Held:
    """Tables in memory, gone through once to find what is of each split."""

    def __init__(self, cells: pa.Table, scores: pa.Table) -> None:
        self._cells, self._scores = cells, scores

    def labels(self) -> Iterable[Where]:
        """The splits that have cells, by task and label."""
        return self._of_cells.keys()

    def of(self, where: Where) -> tuple[pa.Table, pa.Table]:
        """The rows of CELLS and of SCORES of a split."""
        return _taken(self._cells, self._of_cells.get(where)), _taken(self._scores, self._of_scores.get(where))

    @cached_property
    def _of_cells(self) -> dict[Where, Int[np.ndarray, " row"]]:
        return _by_split(self._cells)

    @cached_property
    def _of_scores(self) -> dict[Where, Int[np.ndarray, " row"]]:
        return _by_split(self._scores)


class Stored:
    """Results folders. Of a split no more is read than standings ask for; what cannot be read is told of."""

    def __init__(self, stores: Sequence[Store], tell: Callable[[Sequence[str]], object] = lambda _lines: None) -> None:
        self._stores, self._tell = stores, tell

    def labels(self) -> Iterable[Where]:
        """The splits that have cells, by task and label."""
        return {where for store in self._stores for where in store.splits()}

    def of(self, where: Where) -> tuple[pa.Table, pa.Table]:
        """The rows of CELLS and of SCORES of a split."""
        task, split = where
        cells, scores = [], []
        for store in self._stores:
            own, at = store.keys(task, split), (task, split.partition(":")[0])
            cells.append(self._told(store.read("cells", NEEDED, own, split=at)))
            scores.append(self._told(store.read("scores", COLUMNS, own, split=at)))
        return pa.concat_tables(cells), pa.concat_tables(scores)

    def _told(self, found: Found) -> pa.Table:
        if found.skipped:
            self._tell(found.skipped)
        return found.table


def _by_split(table: pa.Table) -> dict[Where, Int[np.ndarray, " row"]]:
    """Of each split the places of its rows, ascending."""
    codes, names = [], []
    for column in ("task", "split"):
        array = table.column(column).combine_chunks()
        coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        codes.append(np.asarray(coded.indices, dtype=np.int64))
        names.append(coded.dictionary.to_pylist())
    both = codes[0] * max(len(names[1]), 1) + codes[1]
    order = np.argsort(both, kind="stable")
    known, starts = np.unique(both[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(known) else []
    return {
        (names[0][one // len(names[1])], names[1][one % len(names[1])]): rows
        for one, rows in zip(known.tolist(), parts, strict=True)
    }


def _taken(table: pa.Table, rows: Int[np.ndarray, " row"] | None) -> pa.Table:
    if rows is None:
        return table.slice(0, 0)
    if len(rows) == int(rows[-1] - rows[0]) + 1:  # they stand together
        return table.slice(int(rows[0]), len(rows))
    return table.take(pa.array(rows))
