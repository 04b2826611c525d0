"""Results compacted with what the cards know: cells from before MARKS are given theirs on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.rows import compacting
from genbench.scoring.marking import marks_kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from genbench.registry import Catalogue
    from genbench.rows.compacting import Compacted
    from genbench.rows.store import Store

_WHO = ("cell", "task", "split", "submission", "profile", "seed")


def compact(store: Store, found: Catalogue) -> Iterator[Compacted]:
    """Compact the results in a store, split by split, as `rows.compacting.compact` does."""

    def marks_of(row: Mapping[str, Any], predictions: pa.Table, scores: pa.Table) -> list[dict[str, object]]:
        who = {name: row[name] for name in _WHO}
        return marks_kept(who, row["data_fingerprint"], predictions, scores, found.tasks.get(row["task"]))

    return compacting.compact(store, marks_of)
