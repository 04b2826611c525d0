"""The cells that stand: the newest of each submission, split, seed and profile."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.analysis.newest import newest, runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Cell:
    """The newest cell of a submission, split, seed and profile, and how many older ones it put aside."""

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
    edition: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    started: datetime
    superseded: int


def newest_cells(cells: pa.Table) -> list[Cell]:
    """The cells that stand, sorted by what names them."""
    # The log may be long and is not looked at.
    deciding = ("data_fingerprint", "submission_fingerprint", "submission_params", "task_params")
    kept = []
    for same in runs(cells, ["fit_seconds", "sealing", "versions", *deciding]):
        row = newest(same)
        kept.append(
            Cell(
                **{name: row[name] for name in ("cell", "task", "split", "submission", "profile", "seed", "status")},
                fit_seconds=row["fit_seconds"],
                sealing=row["sealing"],
                data=row["data_fingerprint"],
                edition=tuple(row[name] for name in deciding),
                versions=_versions(row["versions"]),
                started=row["started"],
                # The same cell read from two folders is one cell.
                superseded=len({one["cell"] for one in same}) - 1,
            )
        )
    return sorted(kept, key=lambda cell: (cell.task, cell.split, cell.submission, cell.profile, cell.seed))


def _versions(text: str) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple((str(name), str(version)) for name, version in found.items()) if isinstance(found, dict) else ()


def by_submission(cells: Iterable[Cell]) -> dict[tuple[str, str, str, str], list[Cell]]:
    """The cells of each task, split, submission and profile: its seeds."""
    groups: dict[tuple[str, str, str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.task, cell.split, cell.submission, cell.profile].append(cell)
    return groups
