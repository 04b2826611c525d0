"""What a split asked, as its rows tell: of each question set the ids, the targets and the slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import StoreFault
from genbench.rows.marks import order_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from jaxtyping import Int

    from genbench.rows.store import Store


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one set, in ascending order of their ids, as the marks of every cell that answered them.

    `targets` and the values of `slices`, axis by axis, are dictionary arrays of text as long as `ids`; an axis that a
    set does not carry is left out. `order` is that of the marks.
    """

    ids: Int[np.ndarray, " n"]
    targets: pa.DictionaryArray
    slices: Mapping[str, pa.DictionaryArray]
    order: str


def questions_of(store: Store, task: str, split: str, data_fingerprint: str) -> dict[str, Questions]:
    """The questions of a split, by its label, as the data with this fingerprint had them: question set -> questions.

    Raises `StoreFault` where no cell's answers tell them.
    """
    found = store.questions(task, split, data_fingerprint)
    if found is None:
        raise StoreFault(
            f"no answers to {task}/{split} on data {data_fingerprint} can be read in {store.place!r}, so its questions "
            "are not known"
        )
    named = found.column("question_set").cast(pa.string())
    return {
        name: _of_set(found.filter(pc.equal(named, name)).sort_by("question_id"), data_fingerprint)
        for name in sorted(named.unique().to_pylist())
    }


def _of_set(own: pa.Table, data_fingerprint: str) -> Questions:
    ids = own.column("question_id").to_numpy()
    slices = own.column("slices").combine_chunks()
    axes = sorted(pc.unique(_flat(slices.keys)).to_pylist()) if len(slices) else []
    values = {axis: pc.map_lookup(slices, axis, "first") for axis in axes}
    return Questions(
        ids,
        own.column("target").combine_chunks().dictionary_encode(),
        {axis: column.dictionary_encode() for axis, column in values.items() if column.null_count < len(column)},
        order_of(data_fingerprint, ids),
    )


def _flat(values: Any) -> Any:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
