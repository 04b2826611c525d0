"""Arrow tables in and out of files, and what identifies their content.

Everything that crosses the wall is an Arrow IPC *stream* file, the form that `datasets.Dataset.from_file`
memory-maps. Nothing here knows what a column means.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.cards.columns import element, vector_length
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FEATURES = b"huggingface"  # the schema metadata key under which `datasets` keeps its Features
SPILLED = 2**30  # bytes; rows of a larger table are not gathered in memory
GATHERED = 1024  # rows gathered at once then
BATCH_ROWS = 65_536  # rows of one record batch: a reader of single rows finds its batch fast


class _Types(dict[str, Any]):
    """Arrow's types by a card's names, which are without number where they hold one: `vector(784)`."""

    def __missing__(self, kind: str) -> Any:
        length = vector_length(kind)
        if length is not None:
            return pa.list_(pa.float32(), length)
        if element(kind):
            return pa.list_(self[element(kind)])
        raise KeyError(kind)


ARROW: Final = _Types(  # the column types a card can declare
    {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "list<int64>": pa.list_(pa.int64()),
        "list<string>": pa.list_(pa.string()),
        "image": pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
        "list<float64>": pa.list_(pa.float64()),
        "list<list<int64>>": pa.list_(pa.list_(pa.int64())),
        "list<list<string>>": pa.list_(pa.list_(pa.string())),
    }
)


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
            array = table.column(column)
            digest.update(f"column {column} {array.type}\n".encode())
            # Chunk by chunk: a column of images may be larger than memory.
            _absorb(digest, array.chunks or [pa.array([], array.type)], f"{name}.{column}")
    return f"sha256:{digest.hexdigest()}"


def _absorb(digest: Any, chunks: Sequence[Any], where: str) -> None:
    """Feed a column's values into `digest`: lengths before content, numbers as little-endian 64 bits."""
    nulls = sum(chunk.null_count for chunk in chunks)
    if nulls:
        raise BadData(f"{where} holds {nulls} nulls; every value must be there")
    is_a = pa.types
    kind = chunks[0].type
    if is_a.is_dictionary(kind):
        _absorb(digest, [chunk.dictionary_decode() for chunk in chunks], where)
    elif is_a.is_string(kind) or is_a.is_large_string(kind) or is_a.is_binary(kind):
        _absorb_bytes(digest, chunks)
    elif is_a.is_boolean(kind) or is_a.is_integer(kind) or is_a.is_floating(kind):
        wide, form = (pa.float64(), "<f8") if is_a.is_floating(kind) else (pa.int64(), "<i8")
        for part in _pieces(chunks):
            digest.update(_words(part.cast(wide), form))
    elif is_a.is_fixed_size_list(kind) and is_a.is_float32(kind.value_type):
        _absorb_vectors(digest, chunks, where)
    elif is_a.is_list(kind) or is_a.is_large_list(kind) or is_a.is_fixed_size_list(kind):
        for part in _pieces(chunks):
            digest.update(_words(pc.list_value_length(part), "<i8"))
        _absorb(digest, [chunk.flatten() for chunk in chunks], where)
    elif is_a.is_struct(kind):
        _absorb_fields(digest, chunks, where)
    else:
        raise BadData(f"{where} has type {kind}, which no card can declare")


def _absorb_bytes(digest: Any, chunks: Sequence[Any]) -> None:
    for part in _pieces(chunks):
        digest.update(_words(pc.binary_length(part), "<i8"))
    for chunk in chunks:
        blob = chunk.cast(pa.large_binary())
        offsets = np.frombuffer(blob.buffers()[1], dtype=np.int64)[blob.offset : blob.offset + len(blob) + 1]
        if len(blob) and blob.buffers()[2] is not None:
            digest.update(memoryview(blob.buffers()[2])[int(offsets[0]) : int(offsets[-1])])


def _absorb_vectors(digest: Any, chunks: Sequence[Any], where: str) -> None:
    """The numbers as they lie, 32 bits each: as many of a row as the column's type says, which was fed in before."""
    for chunk in chunks:
        numbers = chunk.flatten()
        if numbers.null_count:
            raise BadData(f"{where} holds {numbers.null_count} nulls; every value must be there")
        digest.update(np.ascontiguousarray(numbers.to_numpy(), dtype="<f4"))


def _absorb_fields(digest: Any, chunks: Sequence[Any], where: str) -> None:
    for place, field in enumerate(chunks[0].type):
        digest.update(f"field {field.name}\n".encode())
        parts = [chunk.field(place) for chunk in chunks]
        if all(part.null_count == len(part) for part in parts):  # an embedded image has no path, a linked one no bytes
            digest.update(b"absent\n")
        else:
            _absorb(digest, parts, f"{where}.{field.name}")


def taken(table: pa.Table, order: np.ndarray) -> pa.Table:
    """The rows of `table` at the places `order`, whole in memory where they fit there well.

    Of a table above `SPILLED` bytes they are written to a file in the system's temporary folder, some at a time, and
    memory-mapped; the file has no name any more and goes with the table.
    """
    if table.nbytes <= SPILLED:
        return table.take(pa.array(order)).combine_chunks()
    import tempfile
    from pathlib import Path

    with tempfile.NamedTemporaryFile(prefix="genbench-", suffix=".arrow", delete=False) as named:
        path = Path(named.name)
    try:
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
            for begin in range(0, len(order), GATHERED):
                writer.write_table(_gathered(table, order[begin : begin + GATHERED]))
        return read(path)
    finally:
        path.unlink()


def _gathered(table: pa.Table, order: np.ndarray) -> pa.Table:
    """Some rows of a table of many chunks. Arrow would join all chunks of a column first, however few rows it takes."""
    columns = []
    for column in table.columns:
        ends = np.cumsum([len(chunk) for chunk in column.chunks])
        where = np.searchsorted(ends, order, side="right")
        by_chunk = np.argsort(where, kind="stable")
        parts = [
            column.chunk(at).take(pa.array(order[where == at] - (ends[at - 1] if at else 0))) for at in np.unique(where)
        ]
        back = np.empty(len(order), dtype=np.int64)
        back[by_chunk] = np.arange(len(order))
        columns.append(pa.concat_arrays(parts).take(pa.array(back)))
    return pa.table(columns, schema=table.schema)


def _pieces(chunks: Iterable[Any]) -> Iterator[Any]:
    """The chunks in pieces, so that of many rows few are in memory once more."""
    return (chunk.slice(start, BATCH_ROWS) for chunk in chunks for start in range(0, len(chunk), BATCH_ROWS))


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
    for name, names in (classes or {}).items():
        label: dict[str, object] = {"names": list(names), "_type": "ClassLabel"}
        features[name] = {"feature": label, "_type": "List"} if element(kinds[name]) else label
    return table.replace_schema_metadata({FEATURES: json.dumps({"info": {"features": features}}).encode()})


def _feature(kind: str) -> dict[str, object]:
    if kind == "image":
        return {"_type": "Image"}
    if element(kind):
        return {"feature": _feature(element(kind)), "_type": "List"}
    length = vector_length(kind)
    if length is not None:
        return {"feature": _feature("float32"), "length": length, "_type": "List"}
    return {"dtype": kind, "_type": "Value"}
