"""Rows as a file, whole or not at all: Parquet, JSON one a line, or CSV, the last two packed or not."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import IO, TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def write(path: Path, content: pa.Table | Iterator[Mapping[str, Any]]) -> None:
    """Write a table, or objects one a line, by the path's ending; whole or not at all.

    Endings are .parquet, .jsonl and .csv, the last two also with .gz or .zst behind. Only tables are written as CSV: a
    header, then values as they are, truths as true and false, lists as JSON, and nothing for null.
    """
    partial = path.with_name(f".{path.name}.partial")
    if path.suffix == ".parquet":
        pq.write_table(content, partial, compression="zstd")
    else:
        with partial.open("wb") as whole, _packed(whole, path.suffix) as sink:
            if ".csv" in path.suffixes:
                _write_csv(sink, cast("pa.Table", content))
            else:
                _write_lines(sink, content)
    partial.replace(path)


def _write_lines(sink: IO[bytes], content: pa.Table | Iterator[Mapping[str, Any]]) -> None:
    for row in _rows(content) if isinstance(content, pa.Table) else content:
        sink.write((json.dumps(row, ensure_ascii=False) + "\n").encode())


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    """Some at a time: as Python's objects a whole table takes many times its memory."""
    for batch in table.to_batches(max_chunksize=256):
        yield from batch.to_pylist()


def _write_csv(sink: IO[bytes], table: pa.Table) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    for batch in table.to_batches(max_chunksize=256):
        writer.writerows([_cell(value) for value in row.values()] for row in batch.to_pylist())
        sink.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else value


def _packed(sink: IO[bytes], ending: str) -> IO[bytes]:
    """A packing file in `sink`, of which neither name nor time is told: equal rows are equal bytes."""
    if ending == ".gz":
        return cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=sink, mtime=0))
    if ending == ".zst":
        return cast("IO[bytes]", pa.CompressedOutputStream(sink, "zstd"))
    return sink
