"""The shards of the published test set: where they are, and what they hold.

They are looked for in `Let-It-Wag` under `GENBENCH_DATA` (a copy of the hub's repository), then in the hub's cache,
then on the hub. Whatever the place, `datasets` reads them, and what the columns are called is read from their features:
the one of type Image, and the one that is a ClassLabel or, failing that, text.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from frequencies import TABLE

from genbench import sources, tables
from genbench.errors import BadData, SourceAbsent, SourceFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pyarrow as pa

REPOSITORY: Final = "bethgelab/Let-It-Wag"
FOLDER: Final = "Let-It-Wag"  # under GENBENCH_DATA, and how the hub calls the repository


class Images(NamedTuple):
    """What the shards hold: `table` with the columns image and label, the names of the labels, and where it is from."""

    table: pa.Table
    names: tuple[str, ...]
    shards: tuple[Path, ...]
    origin: str
    column: str  # what the shards call the images


def find(revision: str) -> tuple[tuple[Path, ...], str]:
    """The shards in order of their names, and where they are from: a folder, or the hub at a commit.

    Raises `SourceAbsent`, saying how to provide them.
    """
    folder = sources.data_folder()
    here = None if folder is None else folder / FOLDER
    if here is not None and here.is_dir():
        shards = tuple(sorted(here.rglob("*.parquet")))
        if not shards:
            raise SourceFault(f"{here} holds no Parquet files; it must hold the shards of {REPOSITORY}")
        return shards, f"{len(shards)} shards in {FOLDER} under GENBENCH_DATA"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        # The last part of a snapshot's path is the commit that `revision` stood for.
        place = snapshot_download(
            REPOSITORY,
            repo_type="dataset",
            revision=revision,
            allow_patterns="*.parquet",
            local_files_only=not sources.may_fetch(),
        )
    except LocalEntryNotFoundError:
        why = "the hub cannot be reached" if sources.may_fetch() else "nothing may be fetched here"
        raise SourceAbsent(_absent(why)) from None
    except (HfHubHTTPError, OSError, ValueError) as fault:
        raise SourceAbsent(
            _absent(f"the hub gave {type(fault).__name__}: {str(fault).splitlines()[0][:200]}")
        ) from None
    shards = tuple(sorted(Path(place).rglob("*.parquet")))
    if not shards:
        raise SourceAbsent(_absent("the hub's cache holds no shards of it"))
    return shards, f"{REPOSITORY} at {Path(place).name}"


def _absent(why: str) -> str:
    return (
        f"the images of {REPOSITORY} (about 4.9 GB) are not at hand, and {why}\n"
        f"  where there is a network: hf download {REPOSITORY} --repo-type dataset --local-dir {FOLDER}\n"
        f"  then set GENBENCH_DATA to the folder that holds {FOLDER}/ and {TABLE}"
    )


def read(shards: Sequence[Path], origin: str) -> Images:
    """The rows of the shards, memory-mapped, with no image decoded. Raises `SourceFault`, naming shard and column."""
    import datasets
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        found = datasets.load_dataset(
            "parquet",
            data_files=[str(path) for path in shards],
            split="train",
            cache_dir=str(sources.cache_folder() / "letitwag"),
        )
    except Exception as fault:  # whatever a library raises about a file that is none
        cause = fault.__cause__ or fault
        raise SourceFault(f"{origin}: not readable as Parquet: {str(cause).splitlines()[0][:300]}") from fault
    image, label = columns(found.features, origin)
    whole = found.data.table
    feature, column = found.features[label], whole.column(label)
    named = isinstance(feature, datasets.ClassLabel)
    names = tuple(feature.names) if named else tuple(sorted(pc.unique(column).to_pylist()))
    labels = column.cast(pa.int64()) if named else pc.index_in(column, value_set=pa.array(names)).cast(pa.int64())
    pictures = pa.chunked_array([_without_path(chunk, origin) for chunk in whole.column(image).chunks])
    return Images(pa.table({"image": pictures, "label": labels}), names, tuple(shards), origin, image)


def _without_path(chunk: pa.Array, origin: str) -> pa.Array:
    """Images by their bytes alone: the name of a file may tell its class. Raises `SourceFault` for mere links."""
    import pyarrow as pa

    content = chunk.field("bytes")
    if content.null_count:
        raise SourceFault(f"{origin}: {content.null_count} images are links to files; the shards must hold their bytes")
    kind = tables.ARROW["image"]
    return pa.StructArray.from_arrays([content.cast(pa.binary()), pa.nulls(len(chunk), pa.string())], fields=list(kind))


def columns(features: Mapping[str, Any], origin: str) -> tuple[str, str]:
    """The names of the image column and of the class column. Raises `SourceFault` where there is not one of each."""
    import datasets

    def all_of(kind: type, dtype: str = "") -> list[str]:
        return [
            name
            for name, feature in features.items()
            if isinstance(feature, kind) and (not dtype or feature.dtype in {dtype, f"large_{dtype}"})
        ]

    images, labels = all_of(datasets.Image), all_of(datasets.ClassLabel) or all_of(datasets.Value, "string")
    for found, what in ((images, "of type Image"), (labels, "with names of classes (ClassLabel, or text)")):
        if len(found) != 1:
            there = ", ".join(f"{name} ({feature})" for name, feature in features.items())
            raise SourceFault(
                f"{origin}: there must be one column {what}, and there are {len(found)}; columns: {there:.500}"
            )
    return images[0], labels[0]


def labels_of(images: Images) -> np.ndarray:
    """The label of each row, int64 of shape (rows,). Raises `BadData`, naming shard and row, for one that is none."""
    import numpy as np

    column = images.table.column("label")
    if column.null_count:
        raise BadData(f"letitwag: {column.null_count} images have no label")
    labels = column.to_numpy()
    wrong = np.flatnonzero((labels < 0) | (labels >= len(images.names)))
    if len(wrong):
        raise BadData(
            f"letitwag: {where(images, [int(wrong[0])])[0]} has the label {labels[wrong[0]]}; "
            f"labels are 0 to {len(images.names) - 1}"
        )
    return np.asarray(labels)


def where(images: Images, rows: Sequence[int]) -> list[str]:
    """For each of the rows, `SHARD row N`, N counted from 0 within its shard."""
    import numpy as np
    import pyarrow.parquet as pq

    ends = np.cumsum([pq.read_metadata(shard).num_rows for shard in images.shards])
    found = []
    for row in rows:
        at = int(np.searchsorted(ends, row, side="right"))
        found.append(f"{images.shards[at].name} row {row - (int(ends[at - 1]) if at else 0)}")
    return found
