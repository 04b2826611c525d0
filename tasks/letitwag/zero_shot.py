"""The published test set: 290 classes of 450 photographs, as Parquet shards on the Hugging Face hub.

`shards.py` says where they are looked for, `unreadable.py` what becomes of images that are broken, `frequencies.py`
where the frequency of a class comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shards
from frequencies import CLASSES, GROUPS, SHOWN, counted, frequencies, thirds
from unreadable import unreadable, with_stand_ins

from genbench import Data, tables
from genbench.errors import BadData, BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from shards import Images

PER_CLASS: Final = 450


def load(params: Mapping[str, Any]) -> Data:
    """The test set, nothing to train on. Raises `SourceAbsent` where it is not at hand and cannot be fetched."""
    import numpy as np
    import pyarrow as pa

    per_class = params["per_class"]
    if not 1 <= per_class <= PER_CLASS:
        raise BadValue(f"letitwag: parameter 'per_class' is {per_class}; it must be from 1 to {PER_CLASS}")
    counts_of = frequencies(params["corpus"], params["search"])
    paths, origin = shards.find(params["revision"])
    images = shards.read(paths, origin)
    labels = shards.labels_of(images)
    counts = counted(images.names, counts_of)
    rows = first_of_each(labels, per_class, images)
    broken = unreadable(images)
    table = images.table if len(rows) == images.table.num_rows else tables.taken(images.table, rows)
    told = {at: broken[row] for at, row in enumerate(rows.tolist()) if row in broken}
    labels = labels[rows]
    named = pa.DictionaryArray.from_arrays(pa.array(labels, pa.int32()), pa.array(images.names)).cast(pa.string())
    groups = pa.DictionaryArray.from_arrays(pa.array(thirds(counts)[labels], pa.int32()), pa.array(GROUPS))
    test = pa.table(
        {
            "image": with_stand_ins(table.column("image"), told),
            "label": pa.array(labels, pa.int64()),
            "class": named,
            "frequency": pa.array(np.asarray(counts)[labels], pa.int64()),
            "group": groups.cast(pa.string()),
        }
    )
    return Data(
        train=test.select(["image", "label"]).slice(0, 0),
        questions={"test": test},
        classes=images.names,
        unreadable={"test": told},
        note=f"images: {origin}",
    )


def first_of_each(labels: np.ndarray, per_class: int, images: Images) -> np.ndarray:
    """The rows of the first `per_class` images of each class, in order. Raises `BadData` where a class has fewer."""
    import numpy as np

    have = np.bincount(labels, minlength=CLASSES)
    if per_class == PER_CLASS and len(labels) == CLASSES * PER_CLASS == have.max() * CLASSES:
        return np.arange(len(labels))
    short = np.flatnonzero(have < per_class)
    if len(short):
        listed = ", ".join(f"{images.names[label]} ({have[label]})" for label in short[:SHOWN])
        raise BadData(
            f"letitwag: {len(short)} of {CLASSES} classes have fewer than {per_class} images: {listed}"
            + (", ..." if len(short) > SHOWN else "")
            + "; letitwag/zero-shot:per_class=N takes the first N of each"
        )
    by_class = np.argsort(labels, kind="stable")
    starts = np.cumsum(have) - have
    within = np.arange(len(labels)) - np.repeat(starts, have)
    return np.sort(by_class[within < per_class])
