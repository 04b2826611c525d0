"""Many small files into one a split and table, without a number that changes or a moment at which one is not there.

The order is what makes it safe. The new segment is written beside all that is there, read back and compared with it
cell by cell; then its manifest is written, from when on it counts; only then the older segments and the small files go.
An interruption anywhere leaves rows that are read as before, and the next compaction goes on from there.
"""

from __future__ import annotations

import contextlib
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from genbench.cards.addresses import card_name
from genbench.errors import StoreFault
from genbench.rows.files import write_groups
from genbench.rows.gathering import Sources, same, scores_digest
from genbench.rows.reading import LOGS
from genbench.rows.schema import CELLS, KEPT, to_table
from genbench.rows.segments import GONE, MANIFEST, SAID, folder_of, manifest
from genbench.rows.store import OF_CELL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from genbench.rows.segments import Segment, Segments
    from genbench.rows.store import Store

    # Of a row of CELLS, its PREDICTIONS and SCORES: rows of MARKS. Raises ValueError where there can be none.
    MarksOf = Callable[[Mapping[str, Any], pa.Table, pa.Table], list[dict[str, object]]]

Status = Literal["compacted", "as it was", "left"]
_WHO: Final = ("cell", "task", "split", "submission")


@dataclass(frozen=True, slots=True)
class Compacted:
    """What became of a split with all its parameters.

    Its cells in the segment, its files and their bytes before and after, and what there is to say. `marked` are older
    cells that were given marks, `again` those that were run again since the last time.
    """

    task: str
    split: str
    status: Status
    cells: int = 0
    marked: int = 0
    again: int = 0
    files: tuple[int, int] = (0, 0)
    bytes: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()


def compact(store: Store, marks_of: MarksOf) -> Iterator[Compacted]:
    """Compact the results in a store, split by split.

    A cell that cannot be read whole stays in its small files and is named; so does a split of which two segments hold a
    cell with other scores. Raises `StoreFault` where results cannot be written, or were compacted by a newer genbench.
    """
    segments = store.shelf.look()
    paths = {path.rpartition("/")[2].removesuffix(".parquet"): path for path in store.files("cells")}
    stamps = {key: store.folder.stamp(path) for key, path in paths.items()}
    read = store.read("cells", _WHO, cells=set(paths))
    small: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)  # split, by its name alone -> cell -> card's name
    for row in read.table.to_pylist():
        if row["cell"] in paths:
            small[row["task"], row["split"].partition(":")[0]][row["cell"]] = card_name(row["submission"])
    if lines := [*segments.unreadable, *(line for line in read.skipped if line not in segments.unreadable)]:
        yield Compacted("", "", "left", notes=tuple(lines))
    splits = {(one.task, one.split) for one in (*segments.found, *segments.replaced)}
    for task, split in sorted(splits | set(small)):
        own = small.get((task, split), {})
        try:
            yield _Split(store, segments, task, split, own, {key: stamps[key] for key in own}).compacted(marks_of)
        except OSError as fault:
            raise StoreFault(f"results {store.place!r}: {task}/{split} could not be compacted: {fault}") from fault


class _Split:
    """One split under compaction."""

    def __init__(
        self,
        store: Store,
        segments: Segments,
        task: str,
        split: str,
        small: Mapping[str, str],
        stamps: Mapping[str, Any],
    ) -> None:
        self.store, self.segments, self.task, self.split, self.stamps = store, segments, task, split, stamps
        self.small = dict(small)  # cell -> card's name
        self.found = [one for one in segments.found if (one.task, one.split) == (task, split)]
        self.older = [*self.found, *(one for one in segments.replaced if (one.task, one.split) == (task, split))]
        self.notes: list[str] = []

    def compacted(self, marks_of: MarksOf) -> Compacted:
        again = sum(cell in self.segments.holders for cell in self.small)
        if not self.small and len(self.older) == 1 and not self.older[0].gone:
            self._tidy(set(self.older[0].cells))
            return Compacted(self.task, self.split, "as it was", len(self.older[0].cells))
        if twice := [cell for cell in self.segments.twice if cell not in self.small and self._holds(cell)]:
            lines = [
                f"cell {cell} is in two compact files with other scores, "
                f"{' and '.join(sorted(one.folder for one in self.segments.twice[cell]))}; run it again, or remove one"
                for cell in sorted(twice)
            ]
            return Compacted(self.task, self.split, "left", notes=tuple(lines))
        before = self._weighed(self._small_paths(self.small)), self._weighed(self._segment_paths(self.older))
        sources = Sources(self.store, self.found, self.segments, self.small, self.task)
        try:
            cells = sources.gathered(marks_of, self.notes)
        except StoreFault as fault:  # of a segment: what it holds has no other place
            return Compacted(self.task, self.split, "left", notes=(*self.notes, str(fault)))
        self.small = {cell: base for cell, base in self.small.items() if cell in sources.kept}
        if not cells:
            if not self.older:
                return Compacted(self.task, self.split, "left", notes=tuple(self.notes))
            self._remove_older()
            return Compacted(self.task, self.split, "compacted", notes=tuple(self.notes))
        folder = f"{self.store.folder.root}/{folder_of(self.task, self.split)}/{uuid.uuid4().hex[:12]}"
        files = self._write(folder, sources, cells)
        self._compare(folder, sources, cells, files)
        said = [self._said(row, sources) for row in cells]
        replaces = [one.name for one in self.older]
        self.store.folder.write(f"{folder}/{MANIFEST}", manifest(self.task, self.split, replaces, said, files))
        self._carry_removals(folder, {row["cell"] for row in cells})
        self._remove_older()
        self._remove_small()
        self._tidy({row["cell"] for row in cells})
        after = self._weighed([f"{folder}/{name}.parquet" for name in files] + [f"{folder}/{MANIFEST}"])
        return Compacted(
            self.task,
            self.split,
            "compacted",
            len(cells),
            len(sources.marked),
            again,
            (before[0][0] + before[1][0], after[0]),
            (before[0][1] + before[1][1], after[1]),
            tuple(self.notes),
        )

    def _holds(self, cell: str) -> bool:
        return any(one in self.found for one in self.segments.twice[cell])

    def _write(self, folder: str, sources: Sources, cells: list[dict[str, Any]]) -> dict[str, int]:
        """Write the files of the new segment, all but the manifest; their bytes, by table."""
        rows = to_table(cells, CELLS)
        contents: dict[str, Any] = {"cells": rows.drop_columns(["log"]), LOGS: rows.select(["log"])}
        contents |= {name: table for name in OF_CELL if (table := sources.whole(name)) is not None}
        paths = {f"{folder}/{name}.parquet": table for name, table in contents.items()}
        if sources.rows["predictions"]:
            paths[f"{folder}/predictions.parquet"] = lambda sink: write_groups(
                (answers for _, answers in sources.answers()), KEPT["predictions"], sink
            )
        for path, partial in self.store.folder.staged(paths).items():
            self.store.folder.move(partial, path)
        return {path.rpartition("/")[2].removesuffix(".parquet"): self.store.folder.size(path) for path in paths}

    def _compare(self, folder: str, sources: Sources, cells: list[dict[str, Any]], files: Mapping[str, int]) -> None:
        """Read the new segment back. Raises `StoreFault` where it differs from what is there, which then stays."""
        told = manifest(self.task, self.split, (), [self._said(row, sources) for row in cells], files)
        segment = self.store.shelf.parsed(folder, told)
        keys = [row["cell"] for row in cells]
        for name in OF_CELL:
            read = iter(self.store.reading.in_segment(segment, keys, name, None))
            for cell, expected in sources.expected(name, cells):
                found = next(read, ("", None))
                if found[0] != cell or not same(found[1], expected):
                    raise StoreFault(
                        f"{folder}: {name} of cell {cell} is read back otherwise than it was; nothing was removed"
                    )

    def _said(self, row: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
        """What the manifest says of a cell."""
        cell = row["cell"]
        counts = {name: sources.rows[name][cell] for name in OF_CELL if cell in sources.rows[name]}
        return {
            **{name: row[name] for name in SAID},
            "started": row["started"],
            "scores": scores_digest(sources.tables["scores"].get(cell)),
            "rows": {"cells": 1, LOGS: 1, **counts},
        }

    def _carry_removals(self, folder: str, cells: set[str]) -> None:
        """Cells that were removed from the older segments while the new one was written are removed from it too."""
        seen = {(one.folder, cell) for one in self.older for cell in one.gone}
        looked = self.store.shelf.look()
        for one in (*looked.found, *looked.replaced):
            for cell in one.gone & cells if one.folder in {older.folder for older in self.older} else ():
                if (one.folder, cell) not in seen and cell not in self.small:
                    self.store.folder.empty(f"{folder}/{GONE}/{cell}")

    def _remove_older(self) -> None:
        for one in self.older:
            for path in self._segment_paths([one]):
                self.store.folder.remove(path)
            for folder in (f"{one.folder}/{GONE}", one.folder):
                with contextlib.suppress(OSError, NotImplementedError):
                    self.store.folder.fs.rmdir(folder)

    def _remove_small(self) -> None:
        """Remove the small files of compacted cells, but for a cell that was run again meanwhile."""
        for cell, base in self.small.items():
            if self.store.folder.stamp(self.store.path("cells", self.task, base, cell)) == self.stamps[cell]:
                for path in self._small_paths({cell: base}):
                    self.store.folder.remove(path)

    def _tidy(self, cells: set[str]) -> None:
        """Remove what an interruption left of small files: those of compacted cells without a `cells` file."""
        there = {path.rpartition("/")[2] for path in self.store.folder.find(f"cells/task={self.task}")}
        for name in OF_CELL[1:]:
            for path in self.store.folder.find(f"{name}/task={self.task}"):
                file = path.rpartition("/")[2]
                if file.removesuffix(".parquet") in cells and file not in there:
                    self.store.folder.remove(path)

    def _small_paths(self, cells: Mapping[str, str]) -> list[str]:
        """Files of cells, that of `cells` first, so that one that is partly gone counts as compacted."""
        return [self.store.path(name, self.task, base, cell) for cell, base in cells.items() for name in OF_CELL]

    def _segment_paths(self, segments: list[Segment]) -> list[str]:
        """Files of segments, the manifests first: a segment without one is none."""
        return [
            path
            for one in segments
            for path in (
                f"{one.folder}/{MANIFEST}",
                *(one.path(name) for name in one.files),
                *(one.gone_path(cell) for cell in sorted(one.gone)),
            )
        ]

    def _weighed(self, paths: list[str]) -> tuple[int, int]:
        """How many of some files there are, and their bytes."""
        sizes = [size for size in map(self.store.folder.size, paths) if size >= 0]
        return len(sizes), sum(sizes)
