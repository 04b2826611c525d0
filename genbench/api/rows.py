"""The rows of some results folders: of those that are wanted, and of no others, files are opened."""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.api.filters import Wanted
    from genbench.rows.schema import TableName
    from genbench.rows.store import Found, Store

LABELS: Final = ("task", "split", "submission", "profile", "seed")
SHOWN: Final = 3  # of the files that were skipped, those that a warning names


@dataclass
class Rows:
    """Rows of the cells that meet all of `wanted`, in `places`; each table is read when it is asked for."""

    places: tuple[str, ...]
    wanted: tuple[Wanted, ...] = ()
    told: set[str] = field(default_factory=set)  # of the files that were skipped, those that were said already

    @cached_property
    def stores(self) -> list[Store]:
        """The folders. Raises `StoreFault` where there is none."""
        from genbench.rows.store import Store

        found = [Store(place) for place in self.places]
        for store in found:
            if not store.exists():
                raise StoreFault(f"there are no results at {store.place!r}; genbench.evaluate(..., out=...) makes some")
        return found

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

    def table(self, name: TableName) -> Any:
        """Another table of the same cells. A cell whose file is not there has no rows of it."""
        import pyarrow as pa

        from genbench.rows.schema import TABLES

        keys: dict[int, set[str]] = defaultdict(set)
        if self.wanted:
            cells = self.cells
            for place, key in zip(cells.column("place").to_pylist(), cells.column("cell").to_pylist(), strict=True):
                keys[place].add(key)
        parts = [TABLES[name].empty_table().replace_schema_metadata(None)]
        for place, store in enumerate(self.stores):
            parts.append(self._told(store.read(name, cells=keys[place] if self.wanted else None)))
        return pa.concat_tables(parts)

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
            base = row["submission"].partition(":")[0].partition("@")[0]
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
        """Tell what was skipped by one warning, each file once."""
        fresh = [line for line in skipped if line not in self.told]
        self.told.update(fresh)
        if fresh:
            more = f"\n  and {len(fresh) - SHOWN} more" if len(fresh) > SHOWN else ""
            files = "file was" if len(fresh) == 1 else "files were"
            listed = "\n  ".join(fresh[:SHOWN])
            warnings.warn(f"{len(fresh)} {files} skipped:\n  {listed}{more}", stacklevel=6)
