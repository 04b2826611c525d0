"""The rows of some results folders, as the verbs and `genbench.results` read them.

Of the cells that are wanted, and of no others, files are opened. What cannot be read is skipped and told of: to Python
by a warning, on the command line by a line on stderr.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from genbench.cards.addresses import card_name
from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from genbench.analysis.standings import Evidence
    from genbench.cards import TaskCard
    from genbench.report.wanted import Wanted
    from genbench.rows.schema import TableName
    from genbench.rows.store import Found, Store

LABELS: Final = ("task", "split", "submission", "profile", "seed")
SHOWN: Final = 3  # of the files that were skipped, those that a warning names


def warned(lines: Sequence[str]) -> None:
    """Tell Python what was skipped, by one warning."""
    more = f"\n  and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    files = "file was" if len(lines) == 1 else "files were"
    listed = "\n  ".join(lines[:SHOWN])
    warnings.warn(f"{len(lines)} {files} skipped:\n  {listed}{more}", stacklevel=7)


MAKES: Final = "`genbench evaluate --out {place}` makes some"


def store_at(place: str, makes: str = MAKES) -> Store:
    """The results at a place; `makes` says what would put some there. Raises `StoreFault` where there are none."""
    from genbench.rows.store import Store

    store = Store(place)
    if not store.exists():
        raise StoreFault(f"there are no results at {place!r}; {makes.format(place=place)}")
    return store


@dataclass
class Rows:
    """Rows of the cells that meet all of `wanted`, in `places`; each table is read when it is asked for."""

    places: tuple[str, ...]
    wanted: tuple[Wanted, ...] = ()
    tell: Callable[[Sequence[str]], object] = warned
    makes: str = "genbench.evaluate(..., out=...) makes some"  # said where a folder has none
    told: set[str] = field(default_factory=set)  # of the files that were skipped, those that were said already

    @cached_property
    def stores(self) -> list[Store]:
        """The folders. Raises `StoreFault` where there is none."""
        return [store_at(place, self.makes) for place in self.places]

    @cached_property
    def cells(self) -> Any:
        """CELLS as an Arrow table, with `place`, the position of the folder, behind its columns."""
        import pyarrow as pa

        from genbench.rows.schema import CELLS

        parts = [CELLS.empty_table().replace_schema_metadata(None).append_column("place", pa.array([], pa.int64()))]
        for place, store in enumerate(self.stores):
            table = self._chosen(self._told(store.read("cells", within=self._may_hold)))
            parts.append(table.append_column("place", pa.array([place] * table.num_rows, pa.int64())))
        return pa.concat_tables(parts)

    def tables(self, names: Sequence[TableName]) -> list[Any]:
        """Some tables, each of all folders as one; of CELLS without logs, which are much of their bytes."""
        return [self.table(name, without=("log",)) for name in names]

    def table(self, name: TableName, without: Sequence[str] = ()) -> Any:
        """Another table of the same cells. A cell whose file is not there has no rows of it."""
        import pyarrow as pa

        from genbench.rows.schema import TABLES

        columns = [one for one in TABLES[name].names if one not in without]
        keys: dict[int, set[str]] = defaultdict(set)
        if self.wanted:
            cells = self.cells
            for place, key in zip(cells.column("place").to_pylist(), cells.column("cell").to_pylist(), strict=True):
                keys[place].add(key)
        parts = [TABLES[name].empty_table().select(columns).replace_schema_metadata(None)]
        for place, store in enumerate(self.stores):
            parts.append(self._told(store.read(name, columns, cells=keys[place] if self.wanted else None)))
        return pa.concat_tables(parts)

    def evidence(self, known: Mapping[str, TaskCard]) -> Evidence:
        """What is kept of single questions there, read when a split's standings ask for it."""
        from genbench.analysis.standings import Evidence

        return Evidence(self.stores, known, lambda line: self._tell([line]))

    def newest(self) -> list[dict[str, Any]]:
        """The cells that count: the newest of each submission on a split with a seed and profile, sorted by these."""
        from genbench.analysis.newest import NAMED, newest_rows

        columns = ("detail", "data_fingerprint", "place")
        found = newest_rows(self.cells, columns, lambda _split, _submission: True)
        return sorted(found, key=lambda row: tuple(row[name] for name in NAMED))

    def predictions(self, cells: Iterable[Mapping[str, Any]]) -> Any:
        """PREDICTIONS of these cells of `newest`, in their order: only their rows are read."""
        import pyarrow as pa

        from genbench.rows.schema import PREDICTIONS

        parts, skipped = [PREDICTIONS.empty_table().replace_schema_metadata(None)], []
        for row in cells:
            base = card_name(row["submission"])
            found = self.stores[row["place"]].read_cell("predictions", row["task"], base, row["cell"])
            if isinstance(found, str):
                skipped.append(found)
            elif found is not None:
                parts.append(found)
        self._tell(skipped)
        return pa.concat_tables(parts)

    def _may_hold(self, task: str, submission: str) -> bool:
        """Whether wanted rows may be among those of a task and a submission's card."""
        return all(one.in_folder(task, submission) for one in self.wanted)

    def _chosen(self, table: Any) -> Any:
        import pyarrow as pa

        if not self.wanted:
            return table
        mask = [all(one.row(row) for one in self.wanted) for row in table.select(list(LABELS)).to_pylist()]
        return table.filter(pa.array(mask, pa.bool_()))

    def _told(self, read: Found) -> Any:
        """The rows that were read. What was skipped is told."""
        self._tell(read.skipped)
        return read.table

    def _tell(self, skipped: Iterable[str]) -> None:
        """Tell what was skipped, each file once."""
        fresh = [line for line in skipped if line not in self.told]
        self.told.update(fresh)
        if fresh:
            self.tell(fresh)
