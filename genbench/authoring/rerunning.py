"""Cells run again and held against what is stored of them: whether the answers are those of the code."""

from __future__ import annotations

import contextlib
import json
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench import seeds
from genbench.authoring.contests import LOOKED_AT, Contest, today_of
from genbench.authoring.likeness import likeness
from genbench.data import sources
from genbench.errors import GenbenchError
from genbench.evaluation.executors.process import Process
from genbench.evaluation.plan import Cell, Plan
from genbench.evaluation.run import Done, run
from genbench.evaluation.salt import drawn
from genbench.rows import provenance
from genbench.rows.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from genbench.evaluation.salt import Salt
    from genbench.registry import Catalogue

    Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rerun:
    """A cell that was run again: `differs` is None where nothing can be said, and `told` says why, or how it went."""

    row: Row
    differs: bool | None
    told: str


def rerun(
    store: Store,
    found: Catalogue,
    count: int,
    takes: Callable[[Row], bool] = lambda _: True,
    *,
    salt: Salt | None = None,
) -> Iterator[Rerun]:
    """Run `count` stored cells again, drawn by their names among those of today's code, and compare every answer.

    The draw is the same for the same rows, and another where rows are added. A cell that was run on another processor
    may differ where its arithmetic is floating point; that is said beside it. One that was asked its questions in a
    secret order is run where `salt` is that secret. Raises `StoreFault` likewise.
    """
    rows = [row for row in store.read("cells", LOOKED_AT).table.to_pylist() if row["status"] == "ok" and takes(row)]
    folders: dict[Any, str] = {}
    lot = seeds.derive("rerun", *sorted(row["cell"] for row in rows))
    left = count
    for row in sorted(rows, key=lambda row: seeds.derive("rerun", lot, row["cell"])):
        if not left:
            return
        contest = Contest(row["task"], row["split"], row["submission"], row["profile"])
        with contextlib.suppress(GenbenchError):  # not known here: another is drawn in its place
            today = today_of(contest, found, folders)
            if row["cell"] == today.key(row["seed"], row["data_fingerprint"], row["salt"]):
                salted = row["salt"] or ""
                split = drawn(today.split, salt)
                cell = Cell(split, today.submission, row["seed"], today.profile, today.settings, salt=salted)
                left -= 1
                yield _compared(store, row, cell, salt)


def _compared(store: Store, row: Row, cell: Cell, salt: Salt | None) -> Rerun:
    if cell.salt and (salt is None or salt.digest != cell.salt):
        return Rerun(row, None, "its questions came in an order of a secret; --salt names the file that holds it")
    with tempfile.TemporaryDirectory(prefix="genbench-rerun-") as place, sources.offline():
        fresh = Store(place)
        for event in run(Plan((cell,), ()), Process(1), fresh, fresh=True, salt=salt if cell.salt else None):
            if not isinstance(event, Done):
                return Rerun(row, None, event.message.splitlines()[0])
            if event.status != "ok":
                return Rerun(row, None, f"it ended with {event.status}: {event.detail}")
            (again,) = fresh.read("cells", LOOKED_AT).table.to_pylist()
            seen = likeness((store, row), (fresh, again))
            told = seen.told.replace(" in the proof", " now")
            here, there = provenance.machine().get("processor"), json.loads(row["machine"]).get("processor")
            if not seen.equal and here != there:
                return Rerun(row, None, f"{told}; it was run on another processor, {there}")
            return Rerun(row, not seen.equal, told)
    return Rerun(row, None, "nothing was run")
