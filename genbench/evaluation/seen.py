"""Cells that were found whole before, so that an evaluation that goes on need not read all of their files again.

Whether a cell is there is asked of its rows, all of which are read (`Store.finished`): some 4 ms a cell, forty seconds
of a sweep of 10,000. So what was written, or read and found whole, is remembered in the cache, by the size, the time of
the last change and the number on the disk of each of its files, and of the one that holds what it was asked. A file
that was written to, replaced, removed or added since is read again; one that decayed on the disk without being written
to is found by who reads it next, a leaderboard or `genbench verify`. Results at a URL and compacted ones are asked each
time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import deque
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

from genbench.data.sources import cache_folder
from genbench.rows import places
from genbench.rows.schema import VERSIONS
from genbench.rows.store import OF_CELL

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.rows.store import Store

FOLDER: Final = "whole"
MOST: Final = 200_000  # lines that are read, the latest
SETTLED: Final = 0.1  # seconds after which a change of a file has another time than its writing, on a coarse disk too
_LINE: Final = 130  # bytes, about


class Seen:
    """What is remembered of one results folder, in a file of the cache (`kept`), to which each evaluation adds."""

    def __init__(self, store: Store, kept: Path | None = None) -> None:
        self.store = store
        root = places.local(store.place)
        self.root = None if root is None else os.path.abspath(root)  # noqa: PTH100  many paths are made of it
        name = hashlib.sha256(os.fsencode(self.root or "")).hexdigest()[:24]
        self.kept = (kept or cache_folder() / FOLDER) / f"{name}.txt"
        self.found = {} if self.root is None else _read(self.kept)
        self.new: deque[tuple[float, tuple[str, str, str], tuple[str, str]]] = deque()  # written: when, what, its looks

    def finished(self, task: str, submission: str, key: str) -> bool:
        """Whether this very cell is there, ended well, and could be read whole, now or when it was as it is now."""
        if self.root is None:
            return self.store.finished(task, submission, key)
        asked, looked = self.found.get(key, ("", ""))
        if looked and looked == self._looks(task, submission, key, asked):
            return True
        there = self.store.finished(task, submission, key)
        if there and (seen := self._seen(task, submission, key)):
            self._remember(key, seen)
        return there

    def written(self, task: str, submission: str, key: str) -> None:
        """A cell that ended well was written; it is remembered once another is that long after it, if unchanged."""
        now = time.monotonic()
        while self.new and self.new[0][0] < now - SETTLED:
            _, cell, then = self.new.popleft()
            if self._looks(*cell, then[0]) == then[1]:
                self._remember(cell[2], then)
        if seen := self._seen(task, submission, key):
            self.new.append((now, (task, submission, key), seen))

    def _seen(self, task: str, submission: str, key: str) -> tuple[str, str] | None:
        """What its answers answer and how its files look; None where there is nothing to know it by."""
        if self.root is None or not (asked := self._asked(task, submission, key)):
            return None
        return asked, self._looks(task, submission, key, asked)

    def _remember(self, key: str, seen: tuple[str, str]) -> None:
        """Remember how a cell looks whose rows are whole."""
        self.found[key] = seen
        with contextlib.suppress(OSError):  # then it is read again the next time
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            with self.kept.open("a", encoding="ascii") as file:  # one short write, which no other falls into
                file.write(f"{key} {seen[0]} {seen[1]}\n")

    def _asked(self, task: str, submission: str, key: str) -> str:
        """The name of what its answers answer; empty where they do not say, and of a cell in no files of its own."""
        path = f"{self.root}/predictions/task={task}/submission={submission}/{key}.parquet"
        try:
            names = pq.read_table(path, columns=["questions"], partitioning=None).column("questions").unique()
        except (OSError, ValueError, KeyError):
            return ""
        named = [str(one) for one in names.to_pylist()]
        return named[0] if len(named) == 1 and named[0].isalnum() else ""

    def _looks(self, task: str, submission: str, key: str, asked: str) -> str:
        """A digest of how its files look from outside, to a reader of these versions of the tables."""
        own = [f"{self.root}/{name}/task={task}/submission={submission}/{key}.parquet" for name in OF_CELL]
        looks: list[tuple[int, ...]] = []
        for path in (*own, f"{self.root}/questions/task={task}/{asked}.parquet"):
            try:
                found = os.stat(path)  # noqa: PTH116  five files of each cell
            except OSError:
                looks.append(())
            else:
                looks.append((found.st_size, found.st_mtime_ns, found.st_ino))
        return hashlib.sha256(repr((sorted(VERSIONS.items()), looks)).encode()).hexdigest()[:32]


def _read(kept: Path) -> dict[str, tuple[str, str]]:
    """What was remembered, the latest of each; lines that are not as they are written are left out."""
    with contextlib.suppress(OSError, ValueError), kept.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - MOST * _LINE))
        lines = [line.split() for line in file.read().decode("ascii").splitlines()]
        return {words[0]: (words[1], words[2]) for words in lines if len(words) == 3 and len(words[2]) == 32}
    return {}
