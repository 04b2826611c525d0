"""Many cells of a split in one file a table, with a manifest that says which cells these are and where each lies.

    RESULTS/compact/task=scan/length/NAME/manifest.json
                                          cells.parquet  logs.parquet  scores.parquet  predictions.parquet  ...
                                          gone/CELL

The manifest is written last, so a segment without one is none. A segment never changes: a cell that is run again is
written as small files, which count in its place, and one that is removed has an empty file in `gone`. Compaction writes
a new segment that says which ones it `replaces`; where both are there, as after an interruption, only the new one is
read. So nothing has to be locked: two that compact at once leave the same cells twice, and they count once.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from genbench.cards.addresses import card_name
from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.rows.folder import Folder

FOLDER: Final = "compact"
MANIFEST: Final = "manifest.json"
GONE: Final = "gone"
FORMAT: Final = 1  # of manifests and what lies beside them; raised when an older reader would misread it
# Of a cell, what its manifest says: enough to choose cells and to tell finished ones without opening a table.
SAID: Final = ("cell", "split", "submission", "profile", "seed", "status", "data_fingerprint")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `split` is the name on the card, without parameters; `files` gives a table's bytes.

    `cells` are in the order of their rows in every file.
    """

    folder: str
    task: str
    split: str
    replaces: frozenset[str]
    cells: tuple[Mapping[str, Any], ...]  # SAID, `scores` (a digest), `started`, `rows` (table -> rows)
    files: Mapping[str, int]
    by_cell: Mapping[str, Mapping[str, Any]]
    spans: Mapping[str, Mapping[str, Span]]  # table -> cell -> where its rows lie
    gone: frozenset[str] = field(default=frozenset())

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.rpartition("/")[2]

    def path(self, table: str) -> str:
        """Where its rows of a table lie."""
        return f"{self.folder}/{table}.parquet"

    def gone_path(self, cell: str) -> str:
        """The file that says that a cell was removed."""
        return f"{self.folder}/{GONE}/{cell}"

    def said(self, cell: str) -> Mapping[str, Any]:
        """What the manifest says of a cell that it holds."""
        return self.by_cell[cell]


class Span(NamedTuple):
    """Where the rows of a cell lie in a file: the first, how many, and in which row group where each cell has one."""

    start: int
    rows: int
    group: int


def _spans(cells: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Span]]:
    """Table -> cell -> where its rows lie; cells without rows are left out."""
    found: dict[str, dict[str, Span]] = {}
    ends: dict[str, int] = {}
    for cell in cells:
        for table, rows in cell["rows"].items():
            own = found.setdefault(table, {})
            start = ends.get(table, 0)
            own[cell["cell"]] = Span(start, rows, len(own))
            ends[table] = start + rows
    return found


def folder_of(task: str, split: str) -> str:
    """Where the segments of a split lie, by its name on the card: cells of all its parameters lie together."""
    return f"{FOLDER}/task={task}/{split}"


def manifest(
    task: str, split: str, replaces: Iterable[str], cells: Iterable[Mapping[str, Any]], files: Mapping[str, int]
) -> bytes:
    """The manifest of a segment, a line a cell."""
    head = {"genbench": FOLDER, "format": FORMAT, "task": task, "split": split}
    head |= {"replaces": sorted(replaces), "files": dict(files)}
    lines = ",\n".join(json.dumps(cell, sort_keys=True, default=_moment) for cell in cells)
    return f'{json.dumps(head)[:-1]}, "cells": [\n{lines}\n]}}\n'.encode()


def _moment(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    raise TypeError(f"a manifest holds no {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of a results folder that count, and a line for each manifest that cannot be read."""

    found: tuple[Segment, ...] = ()
    unreadable: tuple[str, ...] = ()
    replaced: tuple[Segment, ...] = ()
    holders: Mapping[str, Segment] = field(default_factory=dict)  # cell -> the segment whose rows of it count
    twice: Mapping[str, tuple[Segment, ...]] = field(default_factory=dict)  # cells that several hold, with other scores

    def held_by(self, segment: Segment) -> list[str]:
        """The cells whose rows in this segment count, in their order there."""
        return [cell["cell"] for cell in segment.cells if self.holders.get(cell["cell"]) is segment]


class Shelf:
    """The segments of one results folder; a manifest is read once, for it never changes."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._read: dict[str, Segment] = {}
        self._last: Segments | None = None
        self._counted: dict[str, tuple[object, Segments]] = {}  # by task: what was there, and what counts of it

    def known(self) -> Segments:
        """As they were when they were last looked for."""
        return self._last or self.look()

    def look(self, task: str = "") -> Segments:
        """Look for them now, all or those of one task. Raises `StoreFault` for one that a newer genbench wrote."""
        paths = self.folder.find(f"{FOLDER}/task={task}" if task else FOLDER)
        gone: dict[str, set[str]] = {}
        for path in paths:
            above, _, cell = path.rpartition("/")
            if above.endswith(f"/{GONE}"):
                gone.setdefault(above.removesuffix(f"/{GONE}"), set()).add(cell)
        every, unreadable = [], []
        for path in (path for path in paths if path.endswith(f"/{MANIFEST}")):
            one = self._manifest(path)
            if isinstance(one, str):
                unreadable.append(one)
            else:
                removed = frozenset(gone.get(one.folder, ()))
                every.append(one if removed == one.gone else _without(one, removed))
        there = (tuple((one.folder, one.gone) for one in every), tuple(unreadable))
        if task not in self._counted or self._counted[task][0] != there:
            self._counted[task] = there, _counting(every, tuple(unreadable))
        found = self._counted[task][1]
        if not task:
            self._last = found
        return found

    def _manifest(self, path: str) -> Segment | str:
        if path in self._read:
            return self._read[path]
        try:
            one = self.parsed(path.rpartition("/")[0], self.folder.bytes_of(path))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            return f"{path}: no whole manifest ({type(fault).__name__}: {fault})"
        self._read[path] = one
        return one

    def parsed(self, folder: str, told: bytes) -> Segment:
        """The segment that a manifest tells of. Raises `StoreFault` for a newer format, for none what Python does."""
        found = json.loads(told)
        if found["genbench"] != FOLDER:
            raise ValueError(f"of {found['genbench']!r}, not of {FOLDER!r}")
        if found["format"] > FORMAT:
            raise StoreFault(
                f"results {self.folder.place!r} were compacted by a newer genbench: {folder}/{MANIFEST} is of format "
                f"{found['format']}, and this one reads {FORMAT}; update genbench to read them"
            )
        cells = tuple(found["cells"])
        for cell in cells:
            _check(cell)
        return Segment(
            folder,
            str(found["task"]),
            str(found["split"]),
            frozenset(found["replaces"]),
            cells,
            {str(name): int(size) for name, size in found["files"].items()},
            {cell["cell"]: cell for cell in cells},
            _spans(cells),
        )


def _check(cell: Mapping[str, Any]) -> None:
    if not isinstance(cell["rows"], dict) or not {*SAID, "scores", "started"} <= cell.keys():
        raise KeyError(f"a cell lacks what a manifest says of each: {sorted(cell)}")


def _without(one: Segment, removed: frozenset[str]) -> Segment:
    return replace(one, gone=removed)


def _counting(every: list[Segment], unreadable: tuple[str, ...]) -> Segments:
    """Which segment's rows of each cell count: none that is replaced; of several the later run, then by name."""
    gone = {(one.folder.rpartition("/")[0], name) for one in every for name in one.replaces}
    found = [one for one in every if (one.folder.rpartition("/")[0], one.name) not in gone]
    several: dict[str, list[tuple[str, str, str, Segment]]] = {}
    for one in found:
        for cell in one.cells:
            if cell["cell"] not in one.gone:
                said = (cell["started"], one.name, cell["scores"], one)
                several.setdefault(cell["cell"], []).append(said)
    holders = {cell: max(own, key=lambda one: one[:2])[3] for cell, own in several.items()}
    twice = {cell: tuple(one[3] for one in own) for cell, own in several.items() if len({one[2] for one in own}) > 1}
    return Segments(tuple(found), unreadable, tuple(one for one in every if one not in found), holders, twice)


def base_of(cell: Mapping[str, Any]) -> str:
    """The name on the card of a cell's submission, by which its small files are filed."""
    return card_name(cell["submission"])
