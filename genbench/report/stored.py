"""Results folders as every verb that tells of them reads them: found, their tables joined, chosen by globs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genbench.errors import BadValue, StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.rows.store import Store


def wanted_by(tasks: Sequence[str], submissions: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether the globs take a split and a submission, by the labels of their rows; no glob takes every one."""
    from fnmatch import fnmatchcase

    def wanted(split: str, submission: str) -> bool:
        return (not tasks or any(fnmatchcase(split, one) for one in tasks)) and (
            not submissions or any(fnmatchcase(submission, one) for one in submissions)
        )

    return wanted


def store_at(place: str) -> Store:
    """The results at a place. Raises `StoreFault` where there are none."""
    from genbench.rows.store import Store

    store = Store(place)
    if not store.exists():
        raise StoreFault(f"there are no results at {place!r}; `genbench evaluate --out {place}` makes some")
    return store


def tables_of(results: Sequence[str], names: Sequence[str]) -> list[Any]:
    """The tables of some results folders, each as one."""
    import pyarrow as pa

    parts: dict[str, list[Any]] = {name: [] for name in names}
    for place in results:
        store = store_at(place)
        for name, found in parts.items():
            read = store.read(name)  # type: ignore[arg-type]  # a name of a table, which the store checks
            found.append(read.table)
            for line in read.skipped:
                print(f"skipped: {line}", file=sys.stderr)
    return [pa.concat_tables(parts[name]) for name in names]


def page_place(first: str, out: str | None) -> Path:
    """Where the page of these results goes: `out`, or beside the first; `BadValue` where that is no folder here."""
    if out is not None:
        return Path(out)
    if "://" in first:
        raise BadValue(f"results at {first!r} are not on this disk; say with --out where the page is to be written")
    return Path(first) / "leaderboard"


def write_parquet(table: Any, path: Path) -> None:
    """Write a table; the name appears when the bytes are whole."""
    import pyarrow.parquet as pq

    partial = path.with_name(path.name + ".partial")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)
