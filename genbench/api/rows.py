"""The rows of some results folders: of those that are wanted, and of no others, files are opened."""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.api.filters import Wanted
    from genbench.rows.schema import TableName
    from genbench.rows.store import Store

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
            paths = [path for path in store.files("cells") if self._may_hold(path)]
            table = self._chosen(self._read(store, "cells", paths))
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
            paths = store.files(name)
            if self.wanted:
                paths = [path for path in paths if _key(path) in keys[place]]
            parts.append(self._read(store, name, paths))
        return pa.concat_tables(parts)

    def newest(self) -> list[dict[str, Any]]:
        """The cells that count: the newest of each submission on a split with a seed and profile, sorted by these."""
        from genbench.analysis.newest import NAMED, newest_rows

        columns = ("detail", "data_fingerprint", "place")
        found = newest_rows(self.cells, columns, lambda _split, _submission: True)
        return sorted(found, key=lambda row: tuple(row[name] for name in NAMED))

    def predictions(self, cells: Iterable[Mapping[str, Any]]) -> Any:
        """PREDICTIONS of these cells of `newest`, in their order: one file is opened for each."""
        import pyarrow as pa

        from genbench.rows.schema import PREDICTIONS

        paths: dict[int, list[str]] = defaultdict(list)
        for row in cells:
            base = row["submission"].partition(":")[0].partition("@")[0]
            store = self.stores[row["place"]]
            paths[row["place"]].append(store.path("predictions", row["task"], base, row["cell"]))
        parts = [self._read(self.stores[place], "predictions", own) for place, own in paths.items()]
        return pa.concat_tables([PREDICTIONS.empty_table().replace_schema_metadata(None), *parts])

    def _may_hold(self, path: str) -> bool:
        """Whether wanted rows may be in a file, by its folders `task=.../submission=...`; in others anything may be."""
        folders = dict(part.split("=", 1) for part in path.split("/")[-3:-1] if "=" in part)
        if folders.keys() != {"task", "submission"}:
            return True
        return all(one.in_folder(folders["task"], folders["submission"]) for one in self.wanted)

    def _chosen(self, table: Any) -> Any:
        import pyarrow as pa

        if not self.wanted:
            return table
        mask = [all(one.row(row) for one in self.wanted) for row in table.select(list(LABELS)).to_pylist()]
        return table.filter(pa.array(mask, pa.bool_()))

    def _read(self, store: Store, name: TableName, paths: Sequence[str]) -> Any:
        """The rows of some files. What was skipped is told by one warning, each file once."""
        read = store.read(name, paths=paths)
        fresh = [line for line in read.skipped if line not in self.told]
        self.told.update(fresh)
        if fresh:
            more = f"\n  and {len(fresh) - SHOWN} more" if len(fresh) > SHOWN else ""
            files = "file was" if len(fresh) == 1 else "files were"
            listed = "\n  ".join(fresh[:SHOWN])
            warnings.warn(f"{len(fresh)} {files} skipped:\n  {listed}{more}", stacklevel=5)
        return read.table


def _key(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".parquet")
