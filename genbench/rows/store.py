"""Results on disk: one small Parquet file a cell and table, written whole or not at all, at a path or any fsspec URL.

    RESULTS/cells/task=scan/submission=mlp/KEY.parquet
    RESULTS/scores/...  predictions/...  curves/...  timings/...

A cell's `cells` file is written last, so it says that the others are there. `pyarrow.dataset` and DuckDB read a table
with `hive` partitioning; no database has to be kept.
"""

from __future__ import annotations

import contextlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from genbench.errors import StoreFault
from genbench.rows.schema import OLDER, TABLES, VERSIONS, TableName, to_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_WHO: Final = ("cell", "split", "submission", "data_fingerprint")
_READERS: Final = 8  # threads that read small files; more does not help


@dataclass(frozen=True, slots=True)
class Found:
    """A table read from results, and one line for each file that was skipped, naming it."""

    table: Any
    skipped: tuple[str, ...]


class Store:
    """One results folder, local or at a URL."""

    def __init__(self, place: str) -> None:
        import fsspec

        if not place:
            raise StoreFault("results have no place: the name of the folder is empty")
        self.place = place.rstrip("/") or place
        self._known: dict[
            str, dict[str, Any]
        ] = {}  # path of a cell's file -> who it is; a name never comes to mean another
        try:
            self._fs, self._root = fsspec.core.url_to_fs(self.place)
        except (ValueError, ImportError) as fault:
            raise StoreFault(f"results {place!r}: {fault}") from fault

    @property
    def root(self) -> str:
        """The place in full, as its file system spells it: two spellings of one folder are one root."""
        return str(self._root)

    def prepare(self) -> None:
        """Make the folder and write to it once, so that an unwritable place is known before anything runs."""
        probe = f"{self._root}/.write-{uuid.uuid4().hex}"
        try:
            self._fs.makedirs(self._root, exist_ok=True)
            with self._fs.open(probe, "wb") as sink:
                sink.write(b"genbench")
            self._fs.rm_file(probe)
        except (OSError, NotImplementedError) as fault:
            raise StoreFault(f"results {self.place!r} cannot be written: {_said(fault)}") from fault

    def path(self, table: TableName, task: str, submission: str, key: str) -> str:
        """Where a cell's rows of one table lie. `submission` is the card's name, without variant and parameters."""
        return f"{self._root}/{table}/task={task}/submission={submission}/{key}.parquet"

    def append(
        self, task: str, submission: str, key: str, rows: Mapping[TableName, Iterable[Mapping[str, object]] | Any]
    ) -> None:
        """Write one cell's tables, `cells` last. Rows are mappings, or an Arrow table of the schema.

        A table left out of `rows` loses what an earlier run of the same cell wrote. Raises `StoreFault`; what was
        written before stays whole.
        """
        ready = {
            name: given if isinstance(given, pa.Table) else to_table(given, TABLES[name])
            for name, given in rows.items()
        }
        try:
            staged = self._staged({self.path(name, task, submission, key): ready[name] for name in ready})
            # While the cell is rewritten it must not look finished.
            for name in ("cells", *(name for name in TABLES if name not in {"cells", "timings"} and name not in ready)):
                with contextlib.suppress(FileNotFoundError):
                    self._fs.rm_file(self.path(name, task, submission, key))
            cells = self.path("cells", task, submission, key)
            for path in sorted(staged, key=lambda path: path == cells):
                self._fs.mv(staged[path], path)
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: cell {key} could not be written: {_said(fault)}") from fault

    def replace(self, table: TableName, task: str, submission: str, key: str, content: Any) -> None:
        """Replace one table of one cell, atomically."""
        try:
            for path, partial in self._staged({self.path(table, task, submission, key): content}).items():
                self._fs.mv(partial, path)
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: cell {key} could not be written: {_said(fault)}") from fault

    def holds(self, table: TableName, task: str, submission: str, key: str) -> bool:
        """Whether there is a file of that table for the cell, whatever is in it."""
        return bool(self._fs.exists(self.path(table, task, submission, key)))

    def remove(self, task: str, submission: str, key: str) -> None:
        """Remove all files of one cell, `cells` first, so that a cell that is partly gone does not look finished."""
        try:
            for name in TABLES:
                with contextlib.suppress(FileNotFoundError):
                    self._fs.rm_file(self.path(name, task, submission, key))
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: cell {key} could not be removed: {_said(fault)}") from fault

    def _staged(self, tables: Mapping[str, Any]) -> dict[str, str]:
        """Write each table beside its path, under a name that readers skip: path -> that name.

        All or none: a full disk is met here, before anything that was there is touched.
        """
        staged: dict[str, str] = {}
        try:
            for path, table in tables.items():
                folder, _, name = path.rpartition("/")
                self._fs.makedirs(folder, exist_ok=True)
                staged[path] = f"{folder}/.{name}.{uuid.uuid4().hex[:8]}.partial"
                with self._fs.open(staged[path], "wb") as sink:
                    pq.write_table(table, sink, compression="zstd", write_page_checksum=True, **_layout(table))
        except BaseException:
            for partial in staged.values():
                with contextlib.suppress(OSError):
                    self._fs.rm_file(partial)
            raise
        return staged

    def keep_log(self, name: str, text: str) -> str:
        """Keep a text under `logs/` and return its path."""
        path = f"{self._root}/logs/{name}.txt"
        try:
            self._fs.makedirs(f"{self._root}/logs", exist_ok=True)
            with self._fs.open(path, "wb") as sink:
                sink.write(text.encode(errors="backslashreplace"))
        except OSError as fault:
            raise StoreFault(f"results {self.place!r}: {path} could not be written: {_said(fault)}") from fault
        return path

    def finished(self, task: str, submission: str, key: str) -> bool:
        """Whether this very cell is there, ended well, and its scores and predictions can still be read."""
        return self.status(task, submission, key) == "ok" and all(
            self._whole(self.path(name, task, submission, key)) for name in ("scores", "predictions")
        )

    def _whole(self, path: str) -> bool:
        """Whether a file's footer, which is written last, is there."""
        try:
            with self._fs.open(path, "rb") as source:
                return int(pq.ParquetFile(source).metadata.num_rows) > 0
        except (OSError, pa.ArrowException, ValueError):
            return False

    def status(self, task: str, submission: str, key: str) -> str | None:
        """The status of a cell that is there, else None; a file that cannot be read counts as not there."""
        path = self.path("cells", task, submission, key)
        try:
            with self._fs.open(path, "rb") as source:
                table = pq.read_table(source, columns=["cell", "status"], page_checksum_verification=True)
        except (OSError, pa.ArrowException, ValueError, KeyError):
            return None
        rows = table.to_pylist()
        return cast("str", rows[0]["status"]) if len(rows) == 1 and rows[0]["cell"] == key else None

    def read(self, table: TableName, columns: Sequence[str] | None = None, paths: Sequence[str] | None = None) -> Found:
        """Every row of one table, or of those of its files that are given.

        A truncated file, or one of another schema, is skipped and named.
        """
        schema = TABLES[table]
        wanted = pa.schema([schema.field(name) for name in columns]) if columns else schema
        paths = self.files(table) if paths is None else paths
        with ThreadPoolExecutor(_READERS) as readers:
            parts = list(readers.map(lambda path: self._read(path, table, columns), paths))
        good = [part for part in parts if not isinstance(part, str)]
        whole = pa.concat_tables(good) if good else wanted.empty_table()
        return Found(whole, tuple(part for part in parts if isinstance(part, str)))

    def index(self, task: str) -> list[dict[str, Any]]:
        """Who the cells of a task are: cell, split, submission, data_fingerprint. A file is read once by a store."""
        paths = [path for path in self.files("cells") if f"/task={task}/" in path]
        fresh = [path for path in paths if path not in self._known]
        with ThreadPoolExecutor(_READERS) as readers:
            parts = readers.map(lambda path: self._read(path, "cells", _WHO), fresh)
        self._known |= {
            path: part.to_pylist()[0] for path, part in zip(fresh, parts, strict=True) if not isinstance(part, str)
        }
        return [self._known[path] for path in paths if path in self._known]

    def keys(self, task: str, split: str) -> set[str]:
        """The cells of a split, by its label."""
        return {row["cell"] for row in self.index(task) if row["split"] == split}

    def cells_read(
        self, table: TableName, task: str, keys: Collection[str], columns: Sequence[str] | None = None
    ) -> Found:
        """The rows of one table of some cells of a task; of other cells no file is opened."""
        own = [path for path in self.files(table) if f"/task={task}/" in path and _key(path) in keys]
        return self.read(table, columns, own)

    def questions(self, task: str, split: str, data_fingerprint: str) -> Any:
        """The questions of a split on one state of its data: question_set, question_id, target, slices; or None."""
        asked = ("question_set", "question_id", "target", "slices")
        for row in self.index(task):
            if (row["split"], row["data_fingerprint"]) == (split, data_fingerprint):
                found = self.cells_read("predictions", task, {row["cell"]}, asked).table
                if len(found):
                    return found
        return None

    def read_one(self, table: TableName, path: str) -> Any:
        """The rows of one file, or one line that says why it cannot be read."""
        return self._read(path, table, None)

    def files(self, table: TableName) -> list[str]:
        """Paths of a table's files, sorted; the partial files of a write under way are left out."""
        try:
            found = self._fs.find(f"{self._root}/{table}")
        except FileNotFoundError:
            return []
        except OSError as fault:
            raise StoreFault(f"results {self.place!r} cannot be read: {_said(fault)}") from fault
        return sorted(path for path in found if not path.rpartition("/")[2].startswith("."))

    def exists(self) -> bool:
        """Whether there is a folder at this place."""
        return bool(self._fs.isdir(self._root))

    def _read(self, path: str, table: TableName, columns: Sequence[str] | None) -> Any:
        """The rows of one file, or one line that says why it was skipped."""
        schema = TABLES[table]
        try:
            with self._fs.open(path, "rb") as source:
                file = pq.ParquetFile(source, page_checksum_verification=True)
                found = file.schema_arrow
                if (found.metadata or {}).get(b"genbench") != table.encode():
                    return f"{path}: not a {table} file of genbench"
                version = (found.metadata or {}).get(b"genbench-schema", b"")
                lacking = {} if version == VERSIONS[table] else OLDER.get((table, version))
                if lacking is None:
                    return f"{path}: written in another version of the {table} schema"
                if found.names != [name for name in schema.names if name not in lacking]:
                    return f"{path}: columns differ from the {table} schema"
                names = list(columns or schema.names)
                part = file.read(columns=[name for name in names if name not in lacking], use_threads=False)
                for name in (name for name in names if name in lacking):
                    part = part.append_column(name, pa.array([lacking[name]] * len(part), schema.field(name).type))
                wanted = pa.schema([schema.field(name) for name in names])
                return part.select(names).cast(wanted).replace_schema_metadata(None)
        except (OSError, pa.ArrowException, ValueError) as fault:
            return f"{path}: {_said(fault)}"


def _key(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".parquet")


def _layout(table: Any) -> dict[str, Any]:
    """How PREDICTIONS are encoded: a dictionary for texts that differ in each row costs time and saves no bytes."""
    if table.schema.metadata.get(b"genbench") != b"predictions":
        return {}
    few = ["cell", "question_set", "slices.key_value.key", "slices.key_value.value"]
    return {
        "use_dictionary": few,
        "column_encoding": {"question_id": "DELTA_BINARY_PACKED"},
        "write_statistics": ["cell", "question_set", "question_id"],
    }


def _said(fault: BaseException) -> str:
    """What an operating-system or Arrow error says, in one line."""
    strerror = getattr(fault, "strerror", None)
    if isinstance(strerror, str) and strerror:
        return strerror
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__
