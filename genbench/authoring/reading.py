"""Predictions as files hold them: Parquet, JSON one a line, or CSV, the last two packed or not."""

from __future__ import annotations

import csv
import io
import json
import zlib
from typing import IO, TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genbench.cards import entries
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.errors import BadPredictions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

MOST_BYTES: Final = 2**30  # of a file when it is unpacked
PACKED: Final = {".gz": "gzip", ".zst": "zstd"}
TRUTHS: Final = {"true": True, "false": False}
_FAULTS: Final = (OSError, EOFError, zlib.error, pa.ArrowException, UnicodeDecodeError)


def read_table(path: Path, kind: str, rows: int) -> pa.Table:
    """The columns of a file of `rows` rows, by its ending; whatever is neither .jsonl nor .csv is read as Parquet.

    CSV has no types: its ids are read as integers, its predictions as `kind`, lists and rankings from JSON. A file of
    more rows, or of over `MOST_BYTES` when unpacked, is refused before it is read: a few bytes may stand for gigabytes.
    Raises `BadPredictions`, naming the file, the line and what is wrong with it.
    """
    if path.is_dir():
        raise BadPredictions(f"{path}: a folder; score takes one file: Parquet, .jsonl or .csv")
    if path.exists() and not path.is_file():
        raise BadPredictions(f"{path}: a pipe or a device; score takes a file: Parquet, .jsonl or .csv")
    endings = [ending for ending in path.suffixes[-2:] if ending not in PACKED]
    form = {".jsonl": "JSON Lines", ".csv": "CSV"}.get(endings[-1] if endings else "", "Parquet")
    try:
        if form == "Parquet":
            return _of_parquet(path, rows)
        with pa.input_stream(str(path), compression=PACKED.get(path.suffix)) as source:
            bounded = io.BufferedReader(_Bounded(source, path))
            return _of_lines(path, bounded, rows) if form == "JSON Lines" else _of_csv(path, bounded, kind, rows)
    except FileNotFoundError:
        raise BadPredictions(f"{path}: there is no such file") from None
    except _FAULTS as fault:
        raise BadPredictions(f"{path}: not readable as {form}: {entries.first_line(fault)}") from None


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it gives more than a file of predictions holds."""

    def __init__(self, source: Any, path: Path) -> None:
        self.source, self.path, self.left = source, path, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        chunk = self.source.read(len(room))
        self.left -= len(chunk)
        if self.left < 0:
            raise BadPredictions(f"{self.path}: unpacked it has over {MOST_BYTES} bytes; no more are read")
        room[: len(chunk)] = chunk
        return len(chunk)


def _of_parquet(path: Path, rows: int) -> pa.Table:
    with pq.ParquetFile(path) as file:
        _few(path, file.metadata.num_rows, rows)
        texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
    # A text that repeats is stored once, and may be long: as a dictionary it is so in memory too.
    table = pq.read_table(path, partitioning=None, read_dictionary=texts)
    size = sum(_unpacked(table.column(name)) for name in table.column_names)
    if size > MOST_BYTES:
        raise BadPredictions(f"{path}: unpacked it has {size} bytes; at most {MOST_BYTES} are read")
    for name in texts:
        table = table.set_column(table.column_names.index(name), name, table.column(name).cast(pa.string()))
    return table


def _few(path: Path, count: int, rows: int) -> None:
    if count > rows:
        raise BadPredictions(f"{path}: it has {count} rows; the split has {rows} questions")


def _unpacked(column: pa.ChunkedArray) -> int:
    """Bytes of a column's values, those of a dictionary as often as they are named."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    return sum(
        int(pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0) for chunk in column.chunks
    )


def _of_lines(path: Path, source: IO[bytes], rows: int) -> pa.Table:
    columns: dict[str, list[Any]] = {}
    count = 0
    for number, line in enumerate(io.TextIOWrapper(source, "utf-8-sig"), 1):
        if not line.strip():
            continue
        count += 1
        _few(path, count, rows)
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as fault:
            raise BadPredictions(f"{path}, line {number}: no JSON: {fault}") from None
        if not isinstance(row, dict):
            raise BadPredictions(f"{path}, line {number}: {line.strip()[:60]!r} is no object with {QUESTION_ID}")
        if columns and row.keys() != columns.keys():
            raise BadPredictions(f"{path}, line {number}: keys are {list(row)}; those before have {list(columns)}")
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return _table(path, columns)


def _of_csv(path: Path, source: IO[bytes], kind: str, most: int) -> pa.Table:
    csv.field_size_limit(2**31 - 1)
    rows = csv.reader(io.TextIOWrapper(source, "utf-8-sig", newline=""))
    header = next(rows, [])
    columns: dict[str, list[Any]] = {name: [] for name in header}
    parse: Mapping[str, Callable[[str], Any]] = {QUESTION_ID: int, PREDICTION: lambda text: _parsed(text, kind)}
    try:
        for count, row in enumerate(rows, 1):
            _few(path, count, most)
            if len(row) != len(header):
                raise BadPredictions(f"{path}, line {rows.line_num}: {len(row)} cells; the header has {len(header)}")
            for name, text in zip(header, row, strict=True):
                try:
                    value = parse.get(name, str)(text)
                except (ValueError, RecursionError):
                    wanted = "int64" if name == QUESTION_ID else kind
                    raise BadPredictions(
                        f"{path}, line {rows.line_num}: {name} is {text[:60]!r}; it must be of type {wanted}"
                    ) from None
                columns[name].append(value)
    except csv.Error as fault:
        raise BadPredictions(f"{path}, line {rows.line_num}: {fault}") from None
    return _table(path, columns)


def _parsed(text: str, kind: str) -> Any:
    """A cell of CSV as a value of `kind`; an empty one is no answer, but for strings. Raises `ValueError`."""
    if kind == "string":
        return text
    if not text:
        return None
    if kind == "int64":
        return int(text)
    if kind == "float64":
        return float(text)
    if kind == "bool":
        if text.lower() not in TRUTHS:
            raise ValueError(text)
        return TRUTHS[text.lower()]
    return json.loads(text)


def _table(path: Path, columns: Mapping[str, list[Any]]) -> pa.Table:
    def arrays() -> Iterator[tuple[str, pa.Array]]:
        for name, values in columns.items():
            try:
                name.encode()
                yield name, pa.array(values)
            except (pa.ArrowException, OverflowError, UnicodeEncodeError) as fault:  # the last: half a character
                told = name.encode("utf-8", "backslashreplace").decode()
                raise BadPredictions(f"{path}: {told}: {entries.first_line(fault)}") from None

    return pa.table(dict(arrays()))
