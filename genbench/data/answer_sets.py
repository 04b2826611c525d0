"""Lists as sets: neither order nor repeats count."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def canonical(lists: pa.Array) -> pa.Array:
    """The same sets, each as the list of its distinct elements in ascending order."""
    flat = lists.flatten()
    rank = pc.rank(flat, tiebreaker="dense").to_numpy().astype(np.int64) if len(flat) else np.empty(0, np.int64)
    row = np.repeat(np.arange(len(lists)), lists.value_lengths().to_numpy(zero_copy_only=False))
    order = np.lexsort((rank, row))
    new = (np.diff(row[order], prepend=-1) != 0) | (np.diff(rank[order], prepend=-1) != 0)
    kept = order[new]
    ends = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=len(lists)))])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat.take(pa.array(kept))).cast(lists.type)
