"""Rows as a file, whole or not at all: Parquet, or JSON one a line, packed or not."""

from __future__ import annotations

import gzip
import json
from typing import IO, TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def write(path: Path, content: pa.Table | Iterator[Mapping[str, Any]]) -> None:
    """Write a table, or objects one a line, by the path's ending; whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    if path.suffix == ".parquet":
        pq.write_table(content, partial, compression="zstd")
    else:
        rows = _rows(content) if isinstance(content, pa.Table) else content
        with partial.open("wb") as whole, _packed(whole) if path.suffix == ".gz" else whole as sink:
            for row in rows:
                sink.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
    partial.replace(path)


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    """Some at a time: as Python's objects a whole table takes many times its memory."""
    for batch in table.to_batches(max_chunksize=256):
        yield from batch.to_pylist()


def _packed(sink: IO[bytes]) -> IO[bytes]:
    """A gzip file in `sink`, of which neither name nor time is told: equal rows are equal bytes."""
    return cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=sink, mtime=0))
