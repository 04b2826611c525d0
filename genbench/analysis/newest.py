"""Which rows count: of cells run again the newest, and the edition of the questions that most cells answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from genbench.rows import clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

NAMED: Final = ("task", "split", "submission", "profile", "seed")  # of cells with these equal the newest counts
# How a cell was walled off. What ran without the wall, a predictions file say, takes the place of nothing that did not.
WALLS: Final = ("walled", "network", "none")

Contest = tuple[str, str, str]  # task, split, profile


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, never all of them as Python objects at once."""
    names = table.column_names
    for row in tuples_of(table, names):
        yield dict(zip(names, row, strict=True))


def tuples_of(table: pa.Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Some columns of a table row by row, in the order named."""
    for batch in table.select(list(columns)).combine_chunks().to_batches(max_chunksize=65_536):
        yield from zip(*map(_values, batch.columns), strict=True)


def _values(column: Any) -> list[Any]:
    """The values of an Arrow array as Python's, by way of numpy where that gives the same ones many times faster."""
    import pyarrow as pa

    plain = column.null_count == 0 and pa.types.is_primitive(column.type) and not pa.types.is_temporal(column.type)
    if plain or pa.types.is_string(column.type):
        return list(column.to_numpy(zero_copy_only=False).tolist())
    return list(column.to_pylist())


def runs(cells: pa.Table, columns: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Rows of CELLS with `columns`, those of a submission on a split with a seed and profile together.

    What names a cell, its status and start come along.
    """
    found: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(cells.select(list(dict.fromkeys([*NAMED, "cell", "status", "started", *columns])))):
        found[tuple(row[name] for name in NAMED)].append(row)
    return list(found.values())


def newest(same: Sequence[Mapping[str, Any]]) -> Any:
    """The newest of some cells, also where it failed; one that is still to start is older than all."""
    return max(same, key=lambda row: (clocks.when(row["started"]), row["cell"], row["status"]))


def wall(sealing: str) -> str:
    """Which of WALLS a row's `sealing` is."""
    return sealing if sealing in WALLS else "walled"


def newest_rows(cells: pa.Table, columns: Sequence[str], wanted: Callable[[str, str], bool]) -> list[dict[str, Any]]:
    """The newest cell of each submission on a split with a seed and profile, also where it failed, with its `columns`.

    Of those behind the wall where there are such. Only cells of which `wanted(task/split, submission)` holds; what
    names a cell, its status and start come along.
    """
    apart = ("sealing",) if "sealing" in cells.schema.names else ()
    return [
        newest(_best_walled(same))
        for same in runs(cells, (*columns, *apart))
        if wanted(f"{same[0]['task']}/{same[0]['split']}", same[0]["submission"])
    ]


def _best_walled(same: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    best = min(WALLS.index(wall(row.get("sealing", "process"))) for row in same)
    return [row for row in same if WALLS.index(wall(row.get("sealing", "process"))) == best]


def current_data(answered: Iterable[tuple[Contest, datetime, str]]) -> dict[Contest, str]:
    """The fingerprint of each split's data that most cells had, of as many the newest; of when each started.

    Not the newest cell's: one row from a stale checkout would make all others those of an older edition.
    """
    count: dict[Contest, Counter[str]] = defaultdict(Counter)
    newest: dict[tuple[Contest, str], datetime] = {}
    for contest, started, data in answered:
        count[contest][data] += 1
        newest[contest, data] = max(clocks.when(started), newest.get((contest, data), clocks.NEVER))
    return {
        contest: max(found, key=lambda data: (found[data], newest[contest, data], data))
        for contest, found in count.items()
    }
