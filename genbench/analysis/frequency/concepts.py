"""The concepts of one cell's answers: how often each occurs, and the share of its questions answered right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import BadValue

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Float, Int

AXIS: Final = "frequency"
BY: Final = "class"


def per_concept(
    predictions: pa.Table, axis: str = AXIS, by: str = BY
) -> dict[str, tuple[list[str], Int[np.ndarray, " concept"], Float[np.ndarray, " concept"]]]:
    """Of one cell's PREDICTIONS, by question set: concepts by name, their frequencies, the share right of each.

    Concepts are the slices along `by`, or single questions where there is none. Raises `BadValue` where a slice along
    `axis` is no count, and where the questions of a concept differ in it.
    """
    slices = predictions.column("slices").combine_chunks()
    counts = pc.map_lookup(slices, axis, "first")
    concepts = pc.map_lookup(slices, by, "first")
    if concepts.null_count == len(concepts):
        concepts = predictions.column("question_id").combine_chunks().cast(pa.string())
    try:
        numbers = counts.cast(pa.int64())
    except pa.ArrowInvalid as fault:
        raise BadValue(f"the axis {axis!r} holds no frequencies: {str(fault).splitlines()[0]}") from None
    table = pa.table(
        {
            "set": predictions.column("question_set").cast(pa.string()),
            "concept": concepts,
            "count": numbers,
            "right": predictions.column("correct").cast(pa.float64()),
        }
    ).filter(pc.is_valid(numbers))
    grouped = table.group_by(["set", "concept"]).aggregate([("count", "min"), ("count", "max"), ("right", "mean")])
    uneven = grouped.filter(pc.not_equal(grouped["count_min"], grouped["count_max"]))
    if uneven.num_rows:
        one = uneven.slice(0, 1).to_pylist()[0]
        raise BadValue(
            f"{by} {one['concept']!r} has questions of {axis} {one['count_min']} and {one['count_max']}; "
            "all questions of a concept share its frequency"
        )
    found = {}
    for name in sorted(set(grouped["set"].to_pylist())):
        own = grouped.filter(pc.equal(grouped["set"], name)).sort_by("concept")
        found[name] = (own["concept"].to_pylist(), own["count_min"].to_numpy(), own["right_mean"].to_numpy())
    return found
