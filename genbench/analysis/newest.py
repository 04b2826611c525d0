"""Which rows count: of cells run again the newest, and the edition of the questions that the newest cell answered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

NAMED: Final = ("task", "split", "submission", "profile", "seed")  # of cells with these equal the newest counts

Contest = tuple[str, str, str]  # task, split, profile


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, never all of them as Python objects at once."""
    for batch in table.to_batches(max_chunksize=65_536):
        yield from batch.to_pylist()


def runs(cells: pa.Table, columns: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Rows of CELLS with `columns`, those of a submission on a split with a seed and profile together.

    What names a cell, its status and start come along.
    """
    found: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(cells.select(list(dict.fromkeys([*NAMED, "cell", "status", "started", *columns])))):
        found[tuple(row[name] for name in NAMED)].append(row)
    return list(found.values())


def newest(same: Sequence[Mapping[str, Any]]) -> Any:
    """The newest of some cells, also where it failed."""
    return max(same, key=lambda row: (row["started"], row["cell"], row["status"]))


def newest_rows(cells: pa.Table, columns: Sequence[str], wanted: Callable[[str, str], bool]) -> list[dict[str, Any]]:
    """The newest cell of each submission on a split with a seed and profile, also where it failed, with its `columns`.

    Only cells of which `wanted(task/split, submission)` holds; what names a cell, its status and start come along.
    """
    return [
        newest(same)
        for same in runs(cells, columns)
        if wanted(f"{same[0]['task']}/{same[0]['split']}", same[0]["submission"])
    ]


def current_data(answered: Iterable[tuple[Contest, datetime, str]]) -> dict[Contest, str]:
    """The fingerprint of each split's data as the newest cell had them; of when each cell started and what it had."""
    found: dict[Contest, tuple[datetime, str]] = {}
    for contest, started, data in answered:
        found[contest] = max((started, data), found.get(contest, (started, data)))
    return {contest: data for contest, (_, data) in found.items()}
