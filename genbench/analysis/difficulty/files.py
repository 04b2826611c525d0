"""Difficulty kept: a file for each split, in a results folder or the cache."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from genbench.analysis.difficulty.measures import SCHEMA
from genbench.errors import StoreFault
from genbench.rows import places

FOLDER: Final = "difficulty"  # in a results folder


def path_of(place: str, task: str, label: str) -> str:
    """Where a split's difficulty lies in a results folder or at its URL."""
    return f"{place.rstrip('/')}/{FOLDER}/task={task}/{label.replace('/', '_')}.parquet"


def write(table: pa.Table, path: str) -> None:
    """Write rows of `SCHEMA`, whole or not at all. Raises `StoreFault`."""
    try:
        files, target = places.at(path)
        files.makedirs(target.rpartition("/")[0], exist_ok=True)
        partial = f"{target.rpartition('/')[0]}/.{target.rpartition('/')[2]}.partial"
        with files.open(partial, "wb") as sink:
            pq.write_table(table, sink, compression="zstd")
        files.mv(partial, target)
    except (OSError, ValueError) as fault:
        raise StoreFault(f"{path} cannot be written: {fault}") from fault


def read(path: str) -> pa.Table | None:
    """The rows of one file; None where it is not there, cannot be read, or has another schema."""
    try:
        files, target = places.at(path)
        with files.open(target, "rb") as source:
            table = pq.read_table(source)
    except (OSError, pa.ArrowException, ValueError, StoreFault):
        return None
    wanted = SCHEMA.metadata
    if table.column_names != SCHEMA.names or any((table.schema.metadata or {}).get(k) != v for k, v in wanted.items()):
        return None
    return table


def stored(place: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows kept in a results folder, by task and split. Raises `StoreFault` where that cannot be listed."""
    files, root = places.at(f"{place.rstrip('/')}/{FOLDER}")
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    try:
        paths = sorted(files.find(root)) if files.isdir(root) else []
    except OSError as fault:
        raise StoreFault(f"{place}/{FOLDER} cannot be read: {fault}") from fault
    for path in paths:
        table = read(files.unstrip_protocol(path)) if path.endswith(".parquet") else None
        for row in table.to_pylist() if table is not None else []:
            found.setdefault((row["task"], row["split"]), []).append(row)
    return found
