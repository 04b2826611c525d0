"""Arrow tables in and out of files, and what identifies their content.

Everything that crosses the wall is an Arrow IPC *stream* file, the form that `datasets.Dataset.from_file`
memory-maps. Nothing here knows what a column means.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FEATURES = b"huggingface"  # the schema metadata key under which `datasets` keeps its Features
BATCH_ROWS = 65_536  # rows of one record batch: a reader of single rows finds its batch fast

ARROW: dict[str, Any] = {  # the column types a card can declare
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "list<int64>": pa.list_(pa.int64()),
    "list<string>": pa.list_(pa.string()),
    "image": pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
}


def write(table: pa.Table, path: Path) -> None:
    """Write `table` as an Arrow IPC stream, atomically: the name appears when the bytes are whole."""
    partial = path.with_name(path.name + ".partial")
    with pa.OSFile(str(partial), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=BATCH_ROWS)
    partial.replace(path)


def read(path: Path) -> pa.Table:
    """The table of an Arrow IPC stream file, memory-mapped."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_stream(source).read_all()


def fingerprint(subsets: Mapping[str, pa.Table]) -> str:
    """`sha256:...` of the named tables' content: names, types and values in order, whatever the chunking.

    Two tables with equal columns in a different order of columns or rows differ, for order is part of a split.
    Raises `BadData` for nulls and for column types that no card can declare.
    """
    digest = hashlib.sha256()
    for name in sorted(subsets):
        table = subsets[name]
        digest.update(f"subset {name} rows {table.num_rows}\n".encode())
        for column in table.column_names:
            array = table.column(column).combine_chunks()
            if isinstance(array, pa.ChunkedArray):
                array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
            digest.update(f"column {column} {array.type}\n".encode())
            _absorb(digest, array, f"{name}.{column}")
    return f"sha256:{digest.hexdigest()}"


def _absorb(digest: Any, array: Any, where: str) -> None:
    """Feed an array's values into `digest`: lengths before content, numbers as little-endian 64 bits."""
    if array.null_count:
        raise BadData(f"{where} holds {array.null_count} nulls; every value must be there")
    is_a = pa.types
    kind = array.type
    if is_a.is_dictionary(kind):
        _absorb(digest, array.dictionary_decode(), where)
    elif is_a.is_string(kind) or is_a.is_large_string(kind) or is_a.is_binary(kind):
        blob = array.cast(pa.large_binary())
        digest.update(_words(pc.binary_length(blob), "<i8"))
        offsets = np.frombuffer(blob.buffers()[1], dtype=np.int64)[blob.offset : blob.offset + len(blob) + 1]
        if len(blob) and blob.buffers()[2] is not None:
            digest.update(memoryview(blob.buffers()[2])[int(offsets[0]) : int(offsets[-1])])
    elif is_a.is_boolean(kind) or is_a.is_integer(kind):
        digest.update(_words(array.cast(pa.int64()), "<i8"))
    elif is_a.is_floating(kind):
        digest.update(_words(array.cast(pa.float64()), "<f8"))
    elif is_a.is_list(kind) or is_a.is_large_list(kind) or is_a.is_fixed_size_list(kind):
        digest.update(_words(pc.list_value_length(array), "<i8"))
        _absorb(digest, array.flatten(), where)
    elif is_a.is_struct(kind):
        _absorb_fields(digest, array, where)
    else:
        raise BadData(f"{where} has type {kind}, which no card can declare")


def _absorb_fields(digest: Any, array: Any, where: str) -> None:
    for field in array.type:
        digest.update(f"field {field.name}\n".encode())
        part = array.field(field.name)
        if part.null_count == len(part):  # an embedded image has no path, and a linked one no bytes
            digest.update(b"absent\n")
        else:
            _absorb(digest, part, f"{where}.{field.name}")


def _words(array: Any, form: str) -> bytes:
    return bytes(array.to_numpy(zero_copy_only=False).astype(form).tobytes())


def described(
    table: pa.Table, kinds: Mapping[str, str], classes: Mapping[str, Sequence[str]] | None = None
) -> pa.Table:
    """`table` with the Features that `datasets` reads, where a column needs them: Arrow alone cannot say "image".

    `classes` names the labels 0, 1, 2, ... of a column, which becomes a ClassLabel.
    """
    if "image" not in kinds.values() and not classes:
        return table.replace_schema_metadata(None)
    features = {name: _feature(kind) for name, kind in kinds.items()}
    features |= {name: {"names": list(names), "_type": "ClassLabel"} for name, names in (classes or {}).items()}
    return table.replace_schema_metadata({FEATURES: json.dumps({"info": {"features": features}}).encode()})


def _feature(kind: str) -> dict[str, object]:
    if kind == "image":
        return {"_type": "Image"}
    if kind.startswith("list<"):
        return {"feature": _feature(kind[5:-1]), "_type": "List"}
    return {"dtype": kind, "_type": "Value"}
