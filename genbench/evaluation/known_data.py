"""Fingerprints of data that were built before, so that an evaluation of which all cells are kept builds nothing.

They are remembered by the content that the data are made of: the task's files, genbench's own, the split's parameters
and seed, the interpreter and the packages that are installed. What changes one of these is built and measured again.
Official files are not read for it: whoever builds from them checks them against the sums that the task's folder pins.
Data from elsewhere, by a parameter that names a file or under a card that says `unseen`, are never remembered, nor are
those of a task that is not bundled: its modules may import others, of which nothing is known here. Data drawn from a
secret leave nothing in the cache either.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.cards.task import UNSEEN
from genbench.data.sources import cache_folder
from genbench.registry.folders import FOLDERS, home
from genbench.rows.fingerprints import files_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genbench.registry import ChosenSplit

MOST: Final = 100_000  # lines that are read, the latest; a line has 90 bytes
_LINE: Final = 32 + 1 + len("sha256:") + 64 + 1


class KnownData:
    """The fingerprints that are remembered, in a file of the cache to which each evaluation adds its own."""

    def __init__(self, kept: Path | None = None) -> None:
        self.kept = kept or cache_folder() / "fingerprints.txt"
        self.found = _read(self.kept)
        self.folders: dict[Path, str] = {}  # of tasks, read once an evaluation

    def of(self, chosen: ChosenSplit) -> str | None:
        """The fingerprint of a split's data; None where they have to be built."""
        content = self._content(chosen)
        return None if content is None else self.found.get(content)

    def keep(self, chosen: ChosenSplit, fingerprint: str) -> None:
        """Remember what was measured; where that cannot be written it is measured the next time."""
        content = self._content(chosen)
        if content is None or self.found.get(content) == fingerprint:
            return
        self.found[content] = fingerprint
        with contextlib.suppress(OSError):
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            with self.kept.open("a", encoding="ascii") as file:  # one short write, which no other falls into
                file.write(f"{content} {fingerprint}\n")

    def _content(self, chosen: ChosenSplit) -> str | None:
        """A digest of all that a split's data are made of; None where that is not known."""
        task, split = chosen.task, chosen.split
        texts = [value for value in chosen.params.values() if isinstance(value, str)]
        if chosen.salted or task.folder.parent != home() / FOLDERS["task"] or split.fingerprint == UNSEEN:
            return None
        if any(text and os.path.lexists(text) for text in texts):
            return None
        if task.folder not in self.folders:
            self.folders[task.folder] = _digest(task.folder, files_of(task.folder))
        made_of = [self.folders[task.folder], _surroundings(), split.name, dict(chosen.params), task.data_seed]
        return hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _read(kept: Path) -> dict[str, str]:
    """What was remembered, the latest of each; lines that are not as they are written are left out."""
    with contextlib.suppress(OSError, ValueError), kept.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - MOST * _LINE))
        lines = [line.split() for line in file.read().decode("ascii").splitlines()]
        return {words[0]: words[1] for words in lines if len(words) == 2 and len(words[0]) == 32}
    return {}


@functools.cache
def _surroundings() -> str:
    """A digest of genbench's modules, the interpreter, and the packages that are installed, by names and versions."""
    own = Path(__file__).parents[1]
    places = sorted({place for place in sys.path if os.path.isdir(place)})  # noqa: PTH112  texts, as Python has them
    packages = [name for place in places for name in sorted(os.listdir(place)) if name.endswith(".dist-info")]  # noqa: PTH208
    told = [_digest(own, own.rglob("*.py")), platform.python_version(), platform.machine(), *packages]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """A digest of the names and bytes of files of a folder."""
    whole = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        whole.update(f"{file.relative_to(folder).as_posix()}:{len(content)}:".encode())
        whole.update(content)
    return whole.hexdigest()
