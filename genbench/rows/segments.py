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
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from genbench.cards.addresses import card_name
from genbench.errors import StoreFault
from genbench.rows import clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.rows.folder import Folder

FOLDER: Final = "compact"
MANIFEST: Final = "manifest.json"
GONE: Final = "gone"
FORMAT: Final = 1  # of manifests and what lies beside them; raised when an older reader would misread it
# Of a cell, what its manifest says: enough to choose cells and to tell finished ones without opening a table.
SAID: Final = ("cell", "split", "submission", "profile", "seed", "status", "data_fingerprint")
TOLD: Final = (*SAID[1:], "scores", "started")  # beside its name and rows; `scores` is a digest


class Span(NamedTuple):
    """Where the rows of a cell lie in a file: the first, how many, and in which row group where each cell has one."""

    start: int
    rows: int
    group: int


@dataclass(frozen=True, eq=False)
class Segment:
    """One segment. `split` is the name on the card, without parameters; `files` gives a table's bytes.

    `cells` are in the order of their rows in every file. What the manifest says of them is kept by columns, and equal
    values once: a folder may hold a million cells.
    """

    folder: str
    task: str
    split: str
    replaces: frozenset[str]
    cells: tuple[str, ...]
    columns: Mapping[str, tuple[Any, ...]]  # TOLD -> of each cell
    rows: tuple[Mapping[str, int], ...]  # of each cell: table -> rows
    files: Mapping[str, int]
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

    @cached_property
    def places(self) -> dict[str, int]:
        """Which of its cells each is."""
        return {cell: place for place, cell in enumerate(self.cells)}

    def said(self, cell: str) -> dict[str, Any]:
        """What the manifest says of a cell that it holds: SAID."""
        place = self.places[cell]
        return {"cell": cell, **{name: self.columns[name][place] for name in SAID[1:]}}

    def spans(self, table: str) -> dict[str, Span]:
        """Cell -> where its rows of a table lie; cells without rows are left out."""
        found: dict[str, Span] = {}
        end = 0
        for cell, rows in zip(self.cells, self.rows, strict=True):
            if table in rows:
                found[cell] = Span(end, rows[table], len(found))
                end += rows[table]
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


@dataclass(frozen=True, eq=False)
class Segments:
    """The segments of a results folder that count, and a line for each manifest that cannot be read."""

    found: tuple[Segment, ...] = ()
    unreadable: tuple[str, ...] = ()
    replaced: tuple[Segment, ...] = ()
    shared: Mapping[str, Mapping[str, Segment]] = field(
        default_factory=dict
    )  # folder of several -> cell -> whose count
    twice: Mapping[str, tuple[Segment, ...]] = field(default_factory=dict)  # cells that several hold, with other scores

    def holds(self, segment: Segment) -> list[bool]:
        """Of each of its cells, whether the rows in this segment count."""
        own = self.shared.get(_above(segment))
        if own is None:
            return [cell not in segment.gone for cell in segment.cells]
        return [own.get(cell) is segment for cell in segment.cells]

    def held_by(self, segment: Segment) -> list[str]:
        """The cells whose rows in this segment count, in their order there."""
        return [cell for cell, held in zip(segment.cells, self.holds(segment), strict=True) if held]

    @cached_property
    def holders(self) -> dict[str, Segment]:
        """Cell -> the segment whose rows of it count."""
        return {cell: one for one in self.found for cell in self.held_by(one)}


class Shelf:
    """The segments of one results folder; a manifest is read once, for it never changes."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._read: dict[str, Segment] = {}
        self._last: Segments | None = None
        self._counted: dict[tuple[str, str], tuple[object, Segments]] = {}  # what was there, and what counts of it

    def known(self) -> Segments:
        """As they were when they were last looked for."""
        return self._last or self.look()

    def look(self, task: str = "", split: str = "") -> Segments:
        """Look for them now, all or those of one task, or of a split of it by the name on the card.

        Raises `StoreFault` for one that a newer genbench wrote.
        """
        paths = self.folder.find(folder_of(task, split).rstrip("/") if task else FOLDER)
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
        asked = task, split
        if asked not in self._counted or self._counted[asked][0] != there:
            self._counted[asked] = there, _counting(every, tuple(unreadable))
        found = self._counted[asked][1]
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
        cells = found["cells"]
        for cell in cells:
            _check(cell)
        known: dict[Any, Any] = {}  # of equal values, the one that is kept
        return Segment(
            folder,
            str(found["task"]),
            str(found["split"]),
            frozenset(found["replaces"]),
            tuple(cell["cell"] for cell in cells),
            {name: tuple(known.setdefault(cell[name], cell[name]) for cell in cells) for name in TOLD},
            tuple(known.setdefault(tuple(cell["rows"].items()), cell["rows"]) for cell in cells),
            {str(name): int(size) for name, size in found["files"].items()},
        )


def _check(cell: Mapping[str, Any]) -> None:
    if not isinstance(cell["rows"], dict) or not {"cell", *TOLD} <= cell.keys():
        raise KeyError(f"a cell lacks what a manifest says of each: {sorted(cell)}")
    if not all(isinstance(cell[name], str) for name in ("cell", *TOLD) if name != "seed"):
        raise TypeError(f"what a manifest says of a cell is text: {cell['cell']!r}")
    if not all(isinstance(rows, int) and rows >= 0 for rows in cell["rows"].values()):
        raise TypeError(f"rows of a cell are counted: {cell['rows']!r}")


def _without(one: Segment, removed: frozenset[str]) -> Segment:
    return replace(one, gone=removed)


def _above(one: Segment) -> str:
    return one.folder.rpartition("/")[0]


def _when(started: str) -> dt.datetime:
    """When a run started, as a manifest says it; before all others where it says no moment, or one to come."""
    try:
        said = dt.datetime.fromisoformat(started)
    except ValueError:
        return clocks.NEVER
    return clocks.when(said if said.tzinfo else said.replace(tzinfo=dt.UTC))


def _counting(every: list[Segment], unreadable: tuple[str, ...]) -> Segments:
    """Which segment's rows of each cell count: none that is replaced; of several the later run, then by their scores.

    A cell is of one split, so only segments of the same folder can hold the same one. A start that is still to come
    says nothing of which is later.
    """
    gone = {(_above(one), name) for one in every for name in one.replaces}
    found = [one for one in every if (_above(one), one.name) not in gone]
    together: dict[str, list[Segment]] = {}
    for one in found:
        together.setdefault(_above(one), []).append(one)
    shared: dict[str, dict[str, Segment]] = {}
    twice: dict[str, tuple[Segment, ...]] = {}
    for folder, own in together.items():
        if len(own) > 1:
            several: dict[str, list[tuple[dt.datetime, str, str, Segment]]] = {}
            for one in own:
                for cell, started, scores in zip(one.cells, one.columns["started"], one.columns["scores"], strict=True):
                    if cell not in one.gone:
                        several.setdefault(cell, []).append((_when(started), scores, one.name, one))
            shared[folder] = {cell: max(said, key=lambda one: one[:3])[3] for cell, said in several.items()}
            twice |= {
                cell: tuple(one[3] for one in said)
                for cell, said in several.items()
                if len({one[1] for one in said}) > 1
            }
    return Segments(tuple(found), unreadable, tuple(one for one in every if one not in found), shared, twice)


def base_of(cell: Mapping[str, Any]) -> str:
    """The name on the card of a cell's submission, by which its small files are filed."""
    return card_name(cell["submission"])
