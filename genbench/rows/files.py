"""One Parquet file of one table: written so that a changed byte is noticed, read by the schema it says it has."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from genbench import strangers
from genbench.rows.schema import KEPT_PREDICTIONS, OLDER, PREDICTIONS, TABLES, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from genbench.rows.schema import TableName

POINTER: Final = b"version https://git-lfs"  # how the text begins that Git LFS leaves in place of a file
MISSING: Final = os.strerror(errno.ENOENT)
_LEVEL: Final = 9  # of zstd, for answers and questions: a fifth smaller than its default, and read as fast
_FEW_ROWS: Final = 64  # of a cell's own files
_AT_ONCE: Final = 1 << 20  # bytes of a file that is read whole and then decoded: so it is opened once
_FEW: Final = ("cell", "question_set", "questions", "task", "split", "data_fingerprint")


def write(table: pa.Table, sink: Any) -> None:
    """Write a table as Parquet."""
    layout = {"compression": "zstd"} | _layout(table.schema, light=len(table) <= _FEW_ROWS)
    pq.write_table(table, sink, write_page_checksum=True, **layout)


def write_groups(groups: Iterable[pa.Table], schema: pa.Schema, sink: Any) -> None:
    """Write tables of one schema as the row groups of one file, of which one is in memory at a time."""
    with pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True, **_layout(schema)) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=max(1, len(group)))


def _layout(schema: pa.Schema, *, light: bool = False) -> dict[str, Any]:
    """How a table is compressed and encoded, but for what is the same of all.

    Of a `light` one, of a few rows, a reader spends its time on columns, not on bytes: there are no dictionaries, and
    only logs are compressed, which may be long. Of answers and questions a dictionary for texts that differ in each row
    saves no bytes.
    """
    kind = (schema.metadata or {}).get(b"genbench")
    names = schema.names
    if kind == b"marks":
        return {"compression_level": _LEVEL, "use_dictionary": [name for name in names if name != "marks"]}
    if light and kind in {b"cells", b"scores"}:
        return {
            "compression": {"log": "zstd"} if "log" in names else "none",
            "use_dictionary": False,
            "write_statistics": False,
        }
    if kind == b"cells":
        return {"use_dictionary": False}
    if kind not in {b"predictions", b"questions"}:
        return {}
    deltas = {"question_id": "DELTA_BINARY_PACKED", "prediction": "DELTA_LENGTH_BYTE_ARRAY"}
    return {
        "use_dictionary": [
            *(name for name in _FEW if name in names),
            *(["slices.key_value.key", "slices.key_value.value"] if "slices" in names else []),
        ],
        "column_encoding": {
            name: encoding
            for name, encoding in {**deltas, "target": "DELTA_LENGTH_BYTE_ARRAY"}.items()
            if name in names
        },
        "write_statistics": [name for name in ("cell", "question_set", "question_id") if name in names],
        "compression_level": _LEVEL,
    }


@contextlib.contextmanager
def opened(fs: Any, path: str) -> Iterator[Any]:
    """A Parquet file; one on this disk is read without a detour through Python's files.

    Raises `OSError` for what is no file, at once: a pipe would be waited for. Links are followed, for a results folder
    may be put together of them.
    """
    if on_this_disk(fs):
        with strangers.opened(path, links=True) as source:
            begins = source.read(min(os.fstat(source.fileno()).st_size, _AT_ONCE) + 1)  # room is made for all it asks
        if begins.startswith(POINTER):
            raise OSError("a Git LFS pointer, not the file itself: `git lfs pull` fetches it")
        whole = pa.BufferReader(begins) if len(begins) <= _AT_ONCE else path
        with pq.ParquetFile(whole, page_checksum_verification=True) as file:
            yield file
        return
    with fs.open(path, "rb") as source:
        yield pq.ParquetFile(source, page_checksum_verification=True)


def read(
    fs: Any,
    path: str,
    table: TableName,
    columns: Sequence[str] | None,
    groups: Sequence[int] = (),
    of_segment: str = "",
) -> Any:
    """The rows of one file, or of some of its row groups; or one line that says why it was skipped.

    `columns`, or all, are of the table as kept: PREDICTIONS of version 1 are given as they are, newer ones as
    KEPT_PREDICTIONS, and of `columns` those that the file has. `of_segment` is a segment's file, `cells` without logs
    or `logs` alone.
    """
    schema = TABLES[table]
    try:
        with opened(fs, path) as file:
            found = file.schema_arrow
            if (found.metadata or {}).get(b"genbench") != table.encode():
                return f"{path}: not a {table} file of genbench"
            version = (found.metadata or {}).get(b"genbench-schema", b"")
            if table == "predictions":
                schema = PREDICTIONS if version == b"1" else KEPT_PREDICTIONS
                known = version in {b"1", VERSIONS[table]}
            else:
                known = version == VERSIONS[table]
            lacking = {} if known else OLDER.get((table, version))
            if lacking is None:
                return f"{path}: written in another version of the {table} schema"
            if of_segment in {"cells", "logs"}:
                schema = pa.schema([field for field in schema if (field.name == "log") == (of_segment == "logs")])
            all_names = schema.names  # made anew each time it is asked for
            if found.names != [name for name in all_names if name not in lacking]:
                return f"{path}: columns differ from the {table} schema"
            names = all_names if columns is None else [name for name in columns if name in all_names]
            own = None if names == found.names else [name for name in names if name not in lacking]
            part = (
                file.read_row_groups(list(groups), columns=own, use_threads=False)
                if groups
                else file.read(columns=own, use_threads=False)
            )
            if any(pa.types.is_dictionary(field.type) for field in part.schema):
                part.validate(full=True)  # places in a dictionary may lead nowhere
            for name in (name for name in names if name in lacking):
                part = part.append_column(name, pa.array([lacking[name]] * len(part), schema.field(name).type))
            wanted = schema if names == all_names else pa.schema([schema.field(name) for name in names])
            if part.schema != wanted:
                part = part.select(names).cast(wanted)
            return part.replace_schema_metadata(None)
    except (OSError, pa.ArrowException, ValueError) as fault:
        return f"{path}: {said(fault)}"


def on_this_disk(fs: Any) -> bool:
    """Whether a file system is this machine's own."""
    protocol = getattr(fs, "protocol", ())
    return "file" in (protocol if isinstance(protocol, (tuple, list)) else (protocol,))


def whole(fs: Any, path: str) -> bool:
    """Whether a file's footer, which is written last, is there, and rows before it."""
    try:
        with opened(fs, path) as file:
            return int(file.metadata.num_rows) > 0
    except (OSError, pa.ArrowException, ValueError):
        return False


def said(fault: BaseException) -> str:
    """What an operating-system or Arrow error says, in one line."""
    if isinstance(fault, FileNotFoundError):  # of which Arrow tells the path once more
        return MISSING
    strerror = getattr(fault, "strerror", None)
    if isinstance(strerror, str) and strerror:
        return strerror
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__
