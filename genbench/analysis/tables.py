"""Tables of what follows from rows: the columns that say whose a row is, and how a table is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from genbench.rows.schema import column, to_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

TASK: Final = column("task", pa.string(), "task, as its card names it")
SPLIT: Final = column("split", pa.string(), "split, with overridden parameters")
QUESTION_SET: Final = column("question_set", pa.string(), "name of the question set")
SUBMISSION: Final = column("submission", pa.string(), "submission, with variant and overridden parameters")
PROFILE: Final = column("profile", pa.string(), "quick (never ranked) or full")
SEED: Final = column("seed", pa.int64(), "training seed")
CELL: Final = column("cell", pa.string(), "digest of the cell")


def number(name: str, about: str, *, null: bool = False) -> Any:
    """A column of floating-point numbers."""
    return column(name, pa.float64(), about, null=null)


def whose(one: object, columns: Sequence[Any]) -> dict[str, object]:
    """What `one` has of the columns that say whose a row is, by their names."""
    return {each.name: getattr(one, each.name) for each in columns}


def write(rows: Iterable[Mapping[str, object]], schema: pa.Schema, path: Path) -> None:
    """Write rows of a schema as Parquet; the name appears when the bytes are whole."""
    write_table(to_table(rows, schema), path)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet; the name appears when the bytes are whole."""
    import pyarrow.parquet as pq

    partial = path.with_name(path.name + ".partial")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)
