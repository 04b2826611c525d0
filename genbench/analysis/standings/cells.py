"""The cells that stand: the newest of each submission, split, seed and profile."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from genbench.analysis.newest import NAMED, WALLS, current_data, newest, runs, wall
from genbench.analysis.standings.editions import DECIDING, editions_of
from genbench.cards.addresses import card_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    import pyarrow as pa

    from genbench.analysis.standings.editions import Edition
    from genbench.analysis.standings.headlines import Headline

# The columns of CELLS that standings ask for.
NEEDED: Final = tuple(dict.fromkeys([*NAMED, "cell", "status", "started", "fit_seconds", "sealing", *DECIDING]))
# What a submission is called where rows of its name, on the same split, were run behind the wall and without it.
APART: Final = {"walled": "", "network": " (had the network or variables)", "none": " (without the wall)"}


@dataclass(frozen=True, slots=True)
class Cell:
    """The newest cell of a submission, split, seed and profile, and how many older ones it put aside.

    `base` is the submission as the row has it; `submission` says also how it was walled off, where the same name has
    rows of two kinds: these never stand together. `editions` are what the cell is an outcome of, each of the names that
    it was shown to deserve.
    """

    cell: str
    task: str
    split: str
    submission: str
    profile: str
    seed: int
    status: str
    fit_seconds: float | None
    sealing: str
    data: str
    editions: frozenset[Edition]
    versions: tuple[tuple[str, str], ...]
    started: datetime
    superseded: int
    base: str


def newest_cells(cells: pa.Table, headlines: Mapping[str, Headline] | None = None) -> list[Cell]:
    """The cells that stand, sorted by what names them.

    Of a cell that was run again on other data, those on the data of today stand before any other, so that a stale
    checkout puts nothing aside.
    """
    # The log may be long and is not looked at.
    together = runs(cells, ["fit_seconds", "sealing", *DECIDING])
    current = today(together, headlines or {})
    neutral = next((one.neutral for one in (headlines or {}).values()), {})
    kept = []
    for every in together:
        walls = {wall(row["sealing"]) for row in every}
        for one in walls:
            same = [row for row in every if wall(row["sealing"]) == one]
            data = current[same[0]["task"], same[0]["split"], same[0]["profile"]]
            row = newest([each for each in same if each["data_fingerprint"] == data] or same)
            kept.append(
                Cell(
                    **{name: row[name] for name in (*NAMED, "cell", "status", "fit_seconds", "sealing", "started")},
                    base=row["submission"],
                    data=row["data_fingerprint"],
                    editions=editions_of(row, neutral.get(card_name(row["submission"]), {})),
                    versions=_versions(row["versions"]),
                    # The same cell read from two folders is one cell.
                    superseded=len({each["cell"] for each in same}) - 1,
                )
            )
    kept = _apart(kept)
    return sorted(kept, key=lambda cell: (cell.task, cell.split, cell.submission, cell.profile, cell.seed))


def today(
    together: Iterable[Iterable[Mapping[str, object]]], headlines: Mapping[str, Headline]
) -> dict[tuple[str, str, str], str]:
    """The fingerprint of the data of each task, split and profile: the card's, else that of most cells."""
    current = current_data(
        ((str(row["task"]), str(row["split"]), str(row["profile"])), row["started"], str(row["data_fingerprint"]))  # type: ignore[misc]
        for same in together
        for row in same
    )
    for task, split, profile in current:
        known = headlines.get(f"{task}/{split}")
        if known is not None and known.data:
            current[task, split, profile] = known.data
    return current


def _apart(cells: list[Cell]) -> list[Cell]:
    """Cells with names that tell those behind the wall from the others, where a name has both."""
    walls: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for cell in cells:
        walls[cell.task, cell.split, cell.base, cell.profile].add(wall(cell.sealing))

    def named(cell: Cell) -> Cell:
        there = walls[cell.task, cell.split, cell.base, cell.profile]
        best = min(there, key=WALLS.index)
        own = wall(cell.sealing)
        return cell if own == best else replace(cell, submission=cell.base + APART[own])

    return [named(cell) for cell in cells]


def _versions(text: str) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple((str(name), str(version)) for name, version in found.items()) if isinstance(found, dict) else ()


def by_submission(cells: Iterable[Cell]) -> dict[tuple[str, str], list[Cell]]:
    """Of the cells of one split, those of each submission and profile: its seeds."""
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.submission, cell.profile].append(cell)
    return groups
