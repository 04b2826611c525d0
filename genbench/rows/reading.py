"""Where the rows of a table are read from: small files, segments and QUESTIONS, put together in the order of cells."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from genbench.cards.addresses import card_name
from genbench.errors import StoreFault
from genbench.rows import files
from genbench.rows.asked import ASKED, joined, name_in
from genbench.rows.pieces import Piece
from genbench.rows.schema import CELLS, PREDICTIONS, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from genbench.rows.folder import Folder
    from genbench.rows.schema import TableName
    from genbench.rows.segments import Segment, Segments, Shelf, Span

    Part = Piece | str  # or why rows were skipped

_WHO: Final = ("cell", "split", "submission", "data_fingerprint")
READERS: Final = 8  # threads that read small files from elsewhere, where they wait; on this disk one a core decodes
TOGETHER: Final = 16  # small files of one job: handed over one by one they take nearly a tenth longer
_REMEMBERED: Final = 8  # states of what was asked, the latest; of a million questions one is some 100 MB
_HELD: Final = 4
LOGS: Final = "logs"  # beside the tables of a segment: what CELLS have in `log`


class Reading:
    """The tables of one results folder."""

    def __init__(self, folder: Folder, shelf: Shelf) -> None:
        self.folder, self.shelf = folder, shelf
        self._asked: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._held: dict[tuple[str, tuple[str, ...]], Any] = {}  # files of segments, the latest; they never change
        self._lie: dict[tuple[str, str], Mapping[str, Span]] = {}
        self._known: dict[str, dict[str, Any]] = {}  # path of a cell's file -> who it is; it comes to be no other

    @property
    def readers(self) -> int:
        """How many threads read best."""
        return min(READERS, os.cpu_count() or 1) if files.on_this_disk(self.folder.fs) else READERS

    def jobs(
        self,
        table: TableName,
        columns: Sequence[str],
        cells: Collection[str] | None,
        within: Callable[[str, str], bool],
        task: str = "",
        split: str = "",
    ) -> tuple[list[Callable[[], list[Part]]], list[str]]:
        """What there is to read, each a call that gives its parts, and a line for each manifest that is not whole.

        Of one `task`, or of one `split` of it by the name on the card, no other folder is looked into.
        """
        segments = self.shelf.look(task, split)
        under = f"/task={task}" if task else ""
        paths = self.folder.find(f"{table}{under}")
        compacted = any(segments.held_by(one) for one in segments.found) and table != "cells"
        rewritten = _keys(self.folder.find(f"cells{under}")) if compacted else _keys(paths)
        # What an interruption left of a cell whose `cells` file is gone is not its rows.
        left = segments.holders.keys() - rewritten if paths and compacted and table != "timings" else ()
        wanted = None if cells is None else frozenset(cells)
        small = [
            path
            for path, key in ((path, key_of(path)) for path in paths)
            if key not in left and (wanted is None or key in wanted) and _may_hold(path, within)
        ]
        found: list[Callable[[], list[Part]]] = [
            lambda some=small[start : start + TOGETHER]: [self._small_part(table, path, columns) for path in some]  # type: ignore[misc]
            for start in range(0, len(small), TOGETHER)
        ]
        for segment in segments.found if table != "timings" else ():
            labels = segment.columns["submission"]
            may = {one: within(segment.task, card_name(one)) for one in set(labels)}
            own = [
                cell
                for cell, held, label in zip(segment.cells, segments.holds(segment), labels, strict=True)
                if held and cell not in rewritten and (wanted is None or cell in wanted) and may[label]
            ]
            if own:
                found.append(lambda one=segment, own=own: self._of_segment(one, own, table, columns))  # type: ignore[misc]
        return found, [*segments.unreadable, *_told_twice(segments, rewritten)]

    def _small_part(self, table: TableName, path: str, columns: Sequence[str]) -> Part:
        part = self.small(table, path, columns)
        if isinstance(part, str):
            return part
        return Piece((path.removeprefix(f"{self.folder.root}/{table}/"),), (len(part),), part)

    def small(self, table: TableName, path: str, columns: Sequence[str] | None) -> Any:
        """The rows of one small file, or one line that says why it cannot be read."""
        return self._beside_asked(path, files.read(self.folder.fs, path, table, _kept(table, columns)), table, columns)

    def _beside_asked(self, path: str, part: Any, table: TableName, columns: Sequence[str] | None) -> Any:
        """PREDICTIONS beside their targets, where these are kept apart and asked for."""
        if table != "predictions" or isinstance(part, str):
            return part
        names = list(columns or PREDICTIONS.names)
        if set(names) <= set(part.column_names):
            return part.select(names)
        try:
            if not len(part):
                return pa.schema([PREDICTIONS.field(name) for name in names]).empty_table()
            task = path.partition("/task=")[2].partition("/")[0]
            return joined(part, self.asked(task, name_in(part)), names)
        except StoreFault as fault:
            return f"{path}: {fault}"

    def questions_path(self, task: str, name: str) -> str:
        """Where QUESTIONS of that name lie."""
        return f"{self.folder.root}/questions/task={task}/{name}.parquet"

    def asked(self, task: str, name: str) -> Any:
        """QUESTIONS of that name. Raises `StoreFault` where they cannot be read."""
        with self._lock:
            if name in self._asked:
                self._asked.move_to_end(name)
                return self._asked[name]
            path = self.questions_path(task, name)
            try:
                with files.opened(self.folder.fs, path) as file:
                    if (file.schema_arrow.metadata or {}).get(b"genbench-schema") != b"1":
                        raise StoreFault(f"what it was asked, {path}, is not of this version of genbench")
                    found = file.read(columns=["question_set", "question_id", *ASKED], use_threads=False)
            except (OSError, pa.ArrowException, ValueError) as fault:
                raise StoreFault(f"what it was asked cannot be read: {path}: {files.said(fault)}") from fault
            wanted = pa.schema([QUESTIONS.field(one) for one in found.column_names])
            self._asked[name] = found.cast(wanted).combine_chunks()
            while len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
            return self._asked[name]

    def _of_segment(
        self, segment: Segment, cells: Sequence[str], table: TableName, columns: Sequence[str]
    ) -> list[Part]:
        """The rows of some cells of a segment: at once, but for answers, which are put beside what was asked."""
        try:
            if table == "predictions":
                answers = self.in_segment(segment, cells, table, columns)
                return [Piece((_place(segment, cell),), (len(part),), part) for cell, part in answers]
            spans = self._spans(segment, table)
            own = [cell for cell in cells if cell in spans]
            if not own:
                return []
            part = self._of_cells(segment, table, columns)
            if len(own) < len(spans):
                taken = [np.arange(spans[cell].start, spans[cell].start + spans[cell].rows) for cell in own]
                part = part.take(pa.array(np.concatenate(taken)))
            bases = dict(zip(segment.cells, map(card_name, segment.columns["submission"]), strict=True))
            places = [f"task={segment.task}/submission={bases[cell]}/{cell}.parquet" for cell in own]
            return [Piece(places, [spans[cell].rows for cell in own], part)]
        except StoreFault as fault:
            return [str(fault)]

    def _spans(self, segment: Segment, table: TableName) -> Mapping[str, Span]:
        """Where the rows of its cells lie; the latest are held, for one cell after another is asked for."""
        known = (segment.folder, table)
        found = self._lie.get(known)
        if found is None:
            found = segment.spans(table)
            self._lie = {**dict(list(self._lie.items())[1 - _HELD :]), known: found}
        return found

    def _of_cells(self, segment: Segment, table: TableName, columns: Sequence[str] | None) -> Any:
        """A table of all cells of a segment, but for answers: CELLS beside their logs, where these are asked for."""
        names = _kept(table, columns)
        if table != "cells":
            return self._whole(segment, segment.path(table), table, names, ())
        wanted = list(columns or CELLS.names)
        part = self._whole(
            segment, segment.path(table), table, [name for name in wanted if name != "log"] or ["cell"], ()
        )
        if "log" not in wanted:
            return part
        logs = self._whole(segment, segment.path(LOGS), "cells", ["log"], ())
        return part.append_column(CELLS.field("log"), logs.column("log")).select(wanted).replace_schema_metadata(None)

    def in_segment(
        self, segment: Segment, cells: Sequence[str], table: TableName, columns: Sequence[str] | None
    ) -> Iterator[tuple[str, Any]]:
        """The rows of some cells of a segment, cell by cell. Raises `StoreFault`, which names the file."""
        spans = self._spans(segment, table)
        own = [cell for cell in cells if cell in spans]
        if not own:
            return
        path = segment.path(table)
        few = table == "predictions" and len(own) < len(spans)
        if table == "predictions":
            groups = [spans[cell].group for cell in own] if few else []
            part = self._whole(segment, path, table, _kept(table, columns), groups)
        else:
            part = self._of_cells(segment, table, columns)
        start = 0
        for cell in own:
            rows = spans[cell].rows
            piece = part.slice(start if few else spans[cell].start, rows)
            start += rows
            piece = self._beside_asked(path, piece, table, columns)
            if isinstance(piece, str):
                raise StoreFault(piece)
            yield cell, piece

    def _whole(
        self, segment: Segment, path: str, table: TableName, columns: Sequence[str] | None, groups: Sequence[int]
    ) -> Any:
        """A file of a segment, or some of its row groups. Raises `StoreFault` where it is not as the manifest says."""
        name = path.rpartition("/")[2].removesuffix(".parquet")
        known = (path, tuple(columns or ()))
        if not groups and known in self._held:  # one cell after another is asked for, by what compares them
            return self._held[known]
        part = files.read(self.folder.fs, path, table, columns, groups, of_segment=name)
        if isinstance(part, str):
            size = self.folder.size(path)
            short = "" if size in {-1, segment.files.get(name)} else f"; {size} of {segment.files.get(name)} bytes"
            raise StoreFault(f"{part}{short}; it holds {len(segment.cells)} cells of {segment.task}/{segment.split}")
        said = sum(rows.get(name, 0) for rows in segment.rows)
        if not groups and len(part) != said:
            raise StoreFault(f"{path}: {len(part)} rows; its manifest says {said}")
        if not groups and table != "predictions":
            self._held = {**dict(list(self._held.items())[1 - _HELD :]), known: part}
        return part

    def intact(self, segment: Segment) -> bool:
        """Whether the files of a segment have the sizes that its manifest says."""
        return all(self.folder.size(segment.path(name)) == size for name, size in segment.files.items())

    def cell(self, table: TableName, key: str, cells_path: str, path: str) -> Any:
        """One cell's rows of a table; None where it has none, or one line that says why they cannot be read.

        The paths are those of its small files, of CELLS and of the table.
        """
        small = table == "timings" or self.folder.holds(cells_path)
        for look in () if small else (self.shelf.known, self.shelf.look):  # it may have been compacted meanwhile
            if (segment := look().holders.get(key)) is not None:
                try:
                    return next((part for _, part in self.in_segment(segment, [key], table, None)), None)
                except StoreFault as fault:
                    if look == self.shelf.look or not str(fault).partition(";")[0].endswith(files.MISSING):
                        return str(fault)
        if table != "cells" and small and not self.folder.holds(path):
            return None
        return self.small(table, path, None)

    def index(self, task: str, split: str = "") -> list[dict[str, Any]]:
        """Who the cells of a task are, or of one split by its label: cell, split, submission, data_fingerprint.

        A file is read once.
        """
        small = self.small_index(task)
        there = {row["cell"] for row in small}
        segments = self.shelf.look(task, split.partition(":")[0])
        compact = [
            dict(zip(_WHO, (cell, *said), strict=True))
            for segment in segments.found
            for cell, held, *said in zip(
                segment.cells, segments.holds(segment), *map(segment.columns.__getitem__, _WHO[1:]), strict=True
            )
            if held and cell not in there
        ]
        return [row for row in (*small, *compact) if not split or row["split"] == split]

    def answered(self, task: str, split: str, cells: Sequence[str]) -> list[str]:
        """Those of some cells of a split, by its label, that have answers, as paths and manifests say."""
        small = _keys(self.folder.find(f"predictions/task={task}"))
        compact = {
            cell
            for segment in self.shelf.look(task, split.partition(":")[0]).found
            for cell, rows in zip(segment.cells, segment.rows, strict=True)
            if rows.get("predictions")
        }
        return [cell for cell in cells if cell in small or cell in compact]

    def small_index(self, task: str) -> list[dict[str, Any]]:
        """Who the cells of a task are that lie in small files."""
        paths = self.folder.find(f"cells/task={task}")
        fresh = [path for path in paths if path not in self._known]
        if fresh:
            with ThreadPoolExecutor(self.readers) as readers:
                parts = readers.map(lambda path: self.small("cells", path, _WHO), fresh)
                for path, part in zip(fresh, parts, strict=True):
                    if not isinstance(part, str) and len(part):
                        self._known[path] = part.to_pylist()[0]
        return [self._known[path] for path in paths if path in self._known]


def _place(segment: Segment, cell: str) -> str:
    """Where a cell of a segment stands in the order of all: as the path of its small file would."""
    base = card_name(segment.columns["submission"][segment.places[cell]])
    return f"task={segment.task}/submission={base}/{cell}.parquet"


def key_of(path: str) -> str:
    """The cell that a small file is of."""
    return path.rpartition("/")[2].removesuffix(".parquet")


def _keys(paths: Sequence[str]) -> frozenset[str]:
    return frozenset(map(key_of, paths))


def _may_hold(path: str, within: Callable[[str, str], bool]) -> bool:
    """Whether wanted rows may be in a file, by its folders `task=.../submission=...`; in others anything may be."""
    folders = dict(part.split("=", 1) for part in path.split("/")[-3:-1] if "=" in part)
    return folders.keys() != {"task", "submission"} or within(folders["task"], folders["submission"])


def _kept(table: TableName, columns: Sequence[str] | None) -> list[str] | None:
    """The columns to read of a file: of PREDICTIONS also what joins them to what was asked, where that is wanted."""
    if table != "predictions":
        return None if columns is None else list(columns)
    names = list(columns or PREDICTIONS.names)
    if not set(names) & set(ASKED):
        return names
    return list(dict.fromkeys([*names, "question_id", "questions"]))


def _told_twice(segments: Segments, rewritten: Collection[str]) -> list[str]:
    return [
        f"cell {cell} is in {' and '.join(sorted(one.folder for one in own))} with other scores; the later run counts"
        for cell, own in sorted(segments.twice.items())
        if cell not in rewritten
    ]
