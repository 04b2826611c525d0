"""Samples: rows in a task's own form, as its card's `import_samples` reads them and `export_samples` makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.authoring.writing import write
from genbench.cards import entries
from genbench.errors import BadValue, StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from genbench.cards import TaskCard


def import_samples(card: TaskCard, source: Path, out: Path) -> int:
    """Read a file of samples in a task's own form and write its rows to `out`; returns how many there are.

    As Parquet they have the card's columns, all axes, and split and subset; with the ending .jsonl or .jsonl.gz they
    are written as samples again. Raises `BadValue` for a task that has no such form, a file that is none, and another
    ending; `StoreFault` where `out` cannot be written.
    """
    if not card.import_samples:
        raise BadValue(f"{card.name} names no 'import_samples' on its card: it has no form of its own for samples")
    again = out.name.endswith((".jsonl", ".jsonl.gz"))
    if not again and out.suffix != ".parquet":
        raise BadValue(f"--out is {out}; it must end in .parquet, or in .jsonl or .jsonl.gz for samples again")
    if again and not card.export_samples:
        raise BadValue(f"{card.name} names no 'export_samples' on its card; let --out end in .parquet")
    rows = entries.load_entry(card.folder, card.import_samples)(source)
    try:
        write(out, samples_of(rows, card, card.params) if again else rows)
    except OSError as fault:
        raise StoreFault(f"{out} cannot be written: {fault.strerror or fault}") from fault
    return int(rows.num_rows)


def samples_of(
    table: pa.Table, card: TaskCard, params: Mapping[str, Any], split: str = "", subset: str = ""
) -> Iterator[Mapping[str, Any]]:
    """Rows in their task's own form; where they are from stands in them, or is said."""
    entry = entries.load_entry(card.folder, card.export_samples)
    for batch in table.to_batches(max_chunksize=1024):
        for row in batch.to_pylist():
            yield entry(row, params, row.get("split", split), row.get("subset", subset))
