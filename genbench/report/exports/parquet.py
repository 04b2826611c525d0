"""A table as Parquet: its columns typed, and what each holds kept in the file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genbench.report.tables import Table


def as_parquet(table: Table) -> bytes:
    """The bytes of a file that holds the table; the same rows give the same."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "text": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
    }
    schema = pa.schema(
        [pa.field(one.name, types[one.type], metadata={b"about": one.about.encode()}) for one in table.columns],
        metadata={b"genbench": table.name.encode()},
    )
    columns = [pa.array([row[one.name] for row in table.rows], types[one.type]) for one in table.columns]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), sink, compression="zstd")
    return sink.getvalue()
