"""Results on disk: one small Parquet file a cell and table, written whole or not at all, at a path or any fsspec URL.

    RESULTS/cells/task=scan/submission=mlp/KEY.parquet
    RESULTS/scores/...  predictions/...  marks/...  curves/...  timings/...
    RESULTS/questions/task=scan/NAME.parquet    what a split asked, once for all cells
    RESULTS/compact/...                         many cells in one file a table, from `genbench compact`

A cell's `cells` file is written last, so it says that the others are there. Small files count in place of rows of the
same cell that were compacted, whatever the clocks say: they are what was written since.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import pyarrow as pa

from genbench.errors import StoreFault
from genbench.rows import files
from genbench.rows.asked import InBlocks, parted
from genbench.rows.folder import Folder
from genbench.rows.pieces import in_order
from genbench.rows.reading import Reading
from genbench.rows.schema import KEPT_PREDICTIONS, QUESTIONS, TABLES, TableName, to_table
from genbench.rows.segments import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

# Of each table what a cell is made of; timings are measured apart from it, by another verb.
OF_CELL: Final[tuple[TableName, ...]] = tuple(name for name in TABLES if name != "timings")


@dataclass(frozen=True, slots=True)
class Found:
    """A table read from results, and one line for each file that was skipped, naming it."""

    table: Any
    skipped: tuple[str, ...]


class Store:
    """One results folder, local or at a URL."""

    def __init__(self, place: str) -> None:
        self.folder = Folder(place)
        self.place = self.folder.place
        self.shelf = Shelf(self.folder)
        self.reading = Reading(self.folder, self.shelf)

    @property
    def root(self) -> str:
        """The place in full, as its file system spells it: two spellings of one folder are one root."""
        return str(self.folder.root)

    def prepare(self) -> None:
        """Make the folder and write to it once, so that an unwritable place is known before anything runs."""
        self.folder.prepare()

    def exists(self) -> bool:
        """Whether there is a folder at this place."""
        return self.folder.exists()

    def path(self, table: TableName, task: str, submission: str, key: str) -> str:
        """Where a cell's small file of one table lies. `submission` is the card's name, without variant."""
        return f"{self.folder.root}/{table}/task={task}/submission={submission}/{key}.parquet"

    def append(
        self, task: str, submission: str, key: str, rows: Mapping[TableName, Iterable[Mapping[str, object]] | Any]
    ) -> None:
        """Write one cell's tables, `cells` last. Rows are mappings, or an Arrow table of the schema.

        PREDICTIONS are given beside their targets, which are kept once a split; very many may be `InBlocks`. A table
        left out of `rows` loses what an earlier run of the same cell wrote. Raises `StoreFault`; what was written
        before stays whole.
        """
        ready: dict[TableName, Any] = {
            name: own if isinstance(own, pa.Table | InBlocks) else to_table(own, TABLES[name])
            for name, own in rows.items()
        }
        try:
            if "predictions" in ready:
                who = ready["cells"].to_pylist() if "cells" in ready else []
                ready["predictions"] = self.answers(ready["predictions"], *who)
            staged = self.folder.staged({self.path(name, task, submission, key): ready[name] for name in ready})
            # While the cell is rewritten it must not look finished.
            left_out = [name for name in OF_CELL if name not in ready and name != "cells"]
            for name in (*OF_CELL[:1], *left_out):
                self.folder.remove(self.path(name, task, submission, key))
            cells = self.path("cells", task, submission, key)
            for path in sorted(staged, key=lambda path: path == cells):
                self.folder.move(staged[path], path)
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: cell {key} could not be written: {files.said(fault)}") from fault

    def answers(self, predictions: Any, cell: Mapping[str, Any] | None = None) -> Any:
        """PREDICTIONS as a cell keeps them, or what writes them; what they answer is written, unless it is there.

        Of no cell it is not known which split and data they answer, so they stay whole, as in files of version 1.
        """
        if cell is None:
            return predictions.replace_schema_metadata({b"genbench": b"predictions", b"genbench-schema": b"1"})
        if isinstance(predictions, InBlocks):
            who = (cell["task"], cell["split"], cell["data_fingerprint"])
            name, asked = predictions.asked.name(*who), predictions.asked
            path = self.reading.questions_path(cell["task"], name)
            if not self.folder.holds(path) or not files.whole(self.folder.fs, path):
                self.folder.write(path, lambda sink: files.write_groups(asked.questions(*who), QUESTIONS, sink))
            return lambda sink: files.write_groups(predictions.kept(name), KEPT_PREDICTIONS, sink)
        apart = parted(predictions, cell["task"], cell["split"], cell["data_fingerprint"])
        path = self.reading.questions_path(cell["task"], apart.name)
        if not self.folder.holds(path) or not files.whole(self.folder.fs, path):
            self.folder.write(path, apart.questions)
        return apart.answers

    def replace(self, table: TableName, task: str, submission: str, key: str, content: Any) -> None:
        """Replace one table of one cell, atomically; of a compacted cell all tables are written anew, with this one."""
        if table != "timings" and not self.folder.holds(self.path("cells", task, submission, key)):
            tables = {name: self.read_cell(name, task, submission, key) for name in OF_CELL}
            if isinstance(tables["cells"], str):
                raise StoreFault(f"results {self.place!r}: there is no cell {key}, so its {table} cannot be replaced")
            if refused := [one for one in tables.values() if isinstance(one, str)]:
                raise StoreFault(refused[0])
            whole = {name: one.cast(TABLES[name]) for name, one in tables.items() if one is not None}
            self.append(task, submission, key, {**whole, table: content})
            return
        try:
            if table == "predictions":
                cell = self.reading.small("cells", self.path("cells", task, submission, key), None)
                if isinstance(cell, str):
                    raise StoreFault(cell)
                content = self.answers(content, cell.to_pylist()[0])
            self.folder.write(self.path(table, task, submission, key), content)
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: cell {key} could not be written: {files.said(fault)}") from fault

    def remove(self, task: str, submission: str, key: str) -> None:
        """Remove a cell, `cells` first, so that one that is partly gone does not look finished."""
        try:
            for segment in self.shelf.look().found:
                if key in segment.places and key not in segment.gone:
                    self.folder.empty(segment.gone_path(key))
            for name in TABLES:
                self.folder.remove(self.path(name, task, submission, key))
            self.shelf.look()
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: cell {key} could not be removed: {files.said(fault)}") from fault

    def keep_log(self, name: str, text: str) -> str:
        """Keep a text under `logs/` and return its path."""
        path = f"{self.folder.root}/logs/{name}.txt"
        try:
            self.folder.write(path, text.encode(errors="backslashreplace"))
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: {path} could not be written: {files.said(fault)}") from fault
        return path

    def finished(self, task: str, submission: str, key: str) -> bool:
        """Whether this very cell is there, ended well, and its rows can still be read, by the reader of leaderboards.

        So what a leaderboard has to leave out is run again: a byte that changed, another version, a file rewritten by
        another program.
        """
        if self.folder.holds(self.path("cells", task, submission, key)):
            if self.status(task, submission, key) != "ok":
                return False
            there = {name: self.path(name, task, submission, key) for name in OF_CELL}
            there = {name: path for name, path in there.items() if self.folder.holds(path)}
            parts = [self.reading.small(name, path, None) for name, path in there.items()]
            return {"scores", "predictions"} <= there.keys() and all(
                not isinstance(part, str) and len(part) for part in parts
            )
        segment = self.shelf.known().holders.get(key) or self.shelf.look().holders.get(key)
        return segment is not None and segment.said(key)["status"] == "ok" and self.reading.intact(segment)

    def status(self, task: str, submission: str, key: str) -> str | None:
        """The status of a cell that is there, else None; a file that cannot be read counts as not there."""
        path = self.path("cells", task, submission, key)
        if self.folder.holds(path):
            table = self.reading.small("cells", path, ["cell", "status"])
            rows = [] if isinstance(table, str) else table.to_pylist()
            return cast("str", rows[0]["status"]) if len(rows) == 1 and rows[0]["cell"] == key else None
        segment = self.shelf.known().holders.get(key) or self.shelf.look().holders.get(key)
        return None if segment is None else cast("str", segment.said(key)["status"])

    def read(
        self,
        table: TableName,
        columns: Sequence[str] | None = None,
        cells: Collection[str] | None = None,
        within: Callable[[str, str], bool] = lambda _task, _submission: True,
        split: tuple[str, str] = ("", ""),
    ) -> Found:
        """Every row of one table, or of some cells; `within` chooses by task and card's name, without opening a file.

        Of a `split`, (task, name on the card), what is compacted of others is not looked at. Cells come in the order of
        their paths, compacted or not. A truncated file, or one of another schema, is skipped and named.
        """
        found = self._read(table, columns, cells, within, split)
        if any(line.endswith(files.MISSING) for line in found.skipped):  # compacted by another process meanwhile
            found = self._read(table, columns, cells, within, split)
        return found

    def _read(
        self,
        table: TableName,
        columns: Sequence[str] | None,
        cells: Collection[str] | None,
        within: Callable[[str, str], bool],
        split: tuple[str, str],
    ) -> Found:
        schema = TABLES[table]
        wanted = pa.schema([schema.field(name) for name in columns or schema.names])
        jobs, skipped = self.reading.jobs(table, wanted.names, cells, within, *split)
        if len(jobs) > 1:
            with ThreadPoolExecutor(self.reading.readers) as readers:
                parts = [part for done in readers.map(lambda job: job(), jobs) for part in done]
        else:
            parts = [part for job in jobs for part in job()]
        good = [part for part in parts if not isinstance(part, str)]
        lines = [*skipped, *(part for part in parts if isinstance(part, str))]
        return Found(in_order(good) if good else wanted.empty_table(), tuple(lines))

    def read_cell(self, table: TableName, task: str, submission: str, key: str) -> Any:
        """One cell's rows of a table; None where it has no such table, or one line that says why they cannot be read.

        A cell that is not there has a line that says so.
        """
        return self.reading.cell(
            table, key, self.path("cells", task, submission, key), self.path(table, task, submission, key)
        )

    def files(self, table: TableName) -> list[str]:
        """Paths of a table's small files, sorted; the partial files of a write under way are left out."""
        return self.folder.find(table)

    def names(self) -> set[str]:
        """The cells of which there is anything, be it one table that an interruption left."""
        small = {path.rpartition("/")[2].removesuffix(".parquet") for name in TABLES for path in self.files(name)}
        return small | set(self.shelf.look().holders)

    def places(self) -> dict[str, str]:
        """Cell -> the file that its row of CELLS is read from, as a path below the folder."""
        root = f"{self.folder.root}/"
        found = {cell: one.path("cells") for cell, one in self.shelf.look().holders.items()}
        found |= {path.rpartition("/")[2].removesuffix(".parquet"): path for path in self.files("cells")}
        return {cell: path.removeprefix(root) for cell, path in found.items()}

    def index(self, task: str, split: str = "") -> list[dict[str, Any]]:
        """Who the cells of a task are, or of one split by its label: cell, split, submission, data_fingerprint."""
        return self.reading.index(task, split)

    def splits(self) -> set[tuple[str, str]]:
        """The splits that have cells, by task and label."""
        tasks = {path.rpartition("/task=")[2].partition("/")[0] for path in self.files("cells")}
        small = {(task, row["split"]) for task in tasks for row in self.reading.small_index(task)}
        looked = self.shelf.look()
        return small | {
            (one.task, split)
            for one in looked.found
            for split, held in zip(one.columns["split"], looked.holds(one), strict=True)
            if held
        }

    def keys(self, task: str, split: str) -> set[str]:
        """The cells of a split, by its label."""
        return {row["cell"] for row in self.index(task, split)}

    def questions(self, task: str, split: str, data_fingerprint: str) -> Any:
        """The questions of a split on one state of its data: question_set, question_id, target, slices; or None."""
        asked = ("question_set", "question_id", "target", "slices")
        cells = [row["cell"] for row in self.index(task, split) if row["data_fingerprint"] == data_fingerprint]
        for cell in self.reading.answered(task, split, cells):
            found = self.read("predictions", asked, {cell}, split=(task, split.partition(":")[0])).table
            if len(found):
                return found
        return None
