"""The published test set: 290 classes of 450 photographs, as Parquet shards on the Hugging Face hub.

The shards are looked for in `Let-It-Wag` under `GENBENCH_DATA` (a copy of the hub's repository), then in the hub's
cache, then on the hub. Whatever the place, `datasets` reads them, and what the columns are called is read from their
features: the one of type Image, and the one that is a ClassLabel or, failing that, text.

How often a class occurs in a pretraining corpus is read from `let_it_wag/classes.parquet` under `GENBENCH_DATA`: a row
for each class, a column `freq_{corpus}_{search}` for each corpus and way to search it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from genbench import Data, sources, tables
from genbench.errors import BadData, BadValue, SourceAbsent, SourceFault, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pyarrow as pa

REPOSITORY: Final = "bethgelab/Let-It-Wag"
FOLDER: Final = "Let-It-Wag"  # under GENBENCH_DATA, and how the hub calls the repository
TABLE: Final = "let_it_wag/classes.parquet"  # likewise
CLASSES: Final = 290
PER_CLASS: Final = 450
SUFFIXES: Final = ("_bird", "_flowers", "_aircraft", "_food")  # of folders; no part of a class's name
SHOWN: Final = 5  # names in a message, of many
GREY_DOT: Final = bytes.fromhex(  # a PNG of one pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a4944415478da6368000000820081da45083b0000000049454e44ae426082"
)
GROUPS: Final = ("tail", "torso", "head")  # the lower, middle and upper third of the classes by frequency


class Images(NamedTuple):
    """What the shards hold: `table` with the columns image and label, the names of the labels, and where it is from."""

    table: pa.Table
    names: tuple[str, ...]
    shards: tuple[Path, ...]
    origin: str
    column: str  # what the shards call the images


def load(params: Mapping[str, Any]) -> Data:
    """The test set, nothing to train on. Raises `SourceAbsent` where it is not at hand and cannot be fetched."""
    import numpy as np
    import pyarrow as pa

    per_class = params["per_class"]
    if not 1 <= per_class <= PER_CLASS:
        raise BadValue(f"letitwag: parameter 'per_class' is {per_class}; it must be from 1 to {PER_CLASS}")
    counts_of = frequencies(params["corpus"], params["search"])
    shards, origin = find(params["revision"])
    images = read(shards, origin)
    labels = labels_of(images)
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


def unreadable(images: Images) -> dict[int, str]:
    """The rows whose images cannot be decoded: row -> `SHARD row N: why`.

    Each shard is looked at in a process of its own, as many at a time as there are cores, and once: what was found is
    kept in the cache under the shard's sha256. Raises `SourceFault` where a process fails.
    """
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        found = list(workers.map(lambda shard: _looked_at(shard, images.column), images.shards))
    start, told = 0, {}
    for shard, (faults, rows) in zip(images.shards, found, strict=True):
        told |= {start + int(row): f"{shard.name} row {row}: {why}" for row, why in faults.items()}
        start += rows
    return told


def _looked_at(shard: Path, column: str) -> tuple[dict[str, str], int]:
    """What is wrong with the images of a shard, by row, and how many rows it has."""
    import pyarrow.parquet as pq

    program = Path(__file__).with_name("look.py")
    with shard.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    version = hashlib.sha256(program.read_bytes()).hexdigest()[:8]
    kept = sources.cache_folder() / "letitwag" / "looked_at" / f"{digest}-{version}.json"
    rows = pq.read_metadata(shard).num_rows
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8")), rows
    sys.stderr.write(f"looking at the {rows:,} images of {shard.name}\n")
    # By this very interpreter; -P and -s, so that it imports what this one does and nothing from where it stands.
    ended = subprocess.run(
        [sys.executable, "-P", "-s", str(program), str(shard), column], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        why = (ended.stderr.strip().splitlines() or [f"it ended with {ended.returncode}"])[-1]
        raise SourceFault(f"{shard.name}: its images cannot be looked at: {why[:300]}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_name(f"{kept.name}.{os.getpid()}.partial")
    partial.write_text(ended.stdout, encoding="utf-8")
    partial.replace(kept)
    return json.loads(ended.stdout), rows


def with_stand_ins(column: pa.ChunkedArray, rows: Mapping[int, str]) -> pa.ChunkedArray:
    """The images with a grey dot in place of those at `rows`, so that every question can be opened."""
    import pyarrow as pa

    chunks, start = [], 0
    for chunk in column.chunks:
        inside = [row - start for row in rows if start <= row < start + len(chunk)]
        if inside:
            content = chunk.to_pylist()
            for row in inside:
                content[row] = {"bytes": GREY_DOT, "path": None}
            chunk = pa.array(content, chunk.type)  # noqa: PLW2901  a chunk is some hundred images
        chunks.append(chunk)
        start += len(chunk)
    return pa.chunked_array(chunks, column.type)


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


def class_name(name: str) -> str:
    """A class's name without what its folder's name adds.

    >>> class_name("Acadian_Flycatcher_bird")
    'Acadian_Flycatcher'
    """
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def frequencies(corpus: str, search: str) -> dict[str, int]:
    """How often each class occurs in a corpus, by its name.

    Raises `SourceAbsent` where there is no table, `SourceFault` for one that cannot be read, `BadValue` for a corpus or
    search that it lacks.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = sources.data_folder()
    path = None if folder is None else folder / TABLE
    if path is None or not path.is_file():
        looked = "GENBENCH_DATA is not set" if folder is None else f"there is no {path}"
        raise SourceAbsent(
            f"the frequencies of the classes are not at hand: {looked}\n"
            f"  {TABLE} under GENBENCH_DATA holds a row for each class: class, freq_{corpus}_{search}, ..."
        )
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as fault:
        raise SourceFault(f"{path}: not readable as Parquet: {str(fault).splitlines()[0]}") from None
    wanted = f"freq_{corpus}_{search}"
    known = [name.removeprefix("freq_").replace("_", "/", 1) for name in table.column_names if name.startswith("freq_")]
    if "class" not in table.column_names:
        raise SourceFault(f"{path}: there is no column 'class'; columns: {', '.join(table.column_names):.300}")
    if wanted not in table.column_names:
        raise BadValue(
            f"letitwag: {path} has no frequencies by corpus={corpus}, search={search}"
            f"{nearest(f'{corpus}/{search}', known)}; it has {', '.join(known)}"
        )
    names, counts = table.column("class").to_pylist(), table.column(wanted).to_pylist()
    for name, count in zip(names, counts, strict=True):
        if not isinstance(count, int) or count < 0:
            raise SourceFault(f"{path}: {wanted} of {name!r} is {count!r}; it must be a count, 0 or more")
    if len(set(names)) != len(names):
        raise SourceFault(f"{path}: {len(names) - len(set(names))} classes stand twice in the column 'class'")
    return dict(zip(names, counts, strict=True))


def counted(names: Sequence[str], counts: Mapping[str, int]) -> list[int]:
    """The frequency of each class, in the order of the labels. Raises `BadData`, naming classes missing and unknown."""
    own = [class_name(name) for name in names]
    lacking = [name for name in own if name not in counts]
    surplus = sorted(set(counts) - set(own))
    if lacking or len(own) != CLASSES:
        what = [(lacking, "classes of the images that it lacks"), (surplus, "classes that the images lack")]
        told = "; ".join(
            f"{len(found)} {text}: {', '.join(found[:SHOWN])}" + (", ..." if len(found) > SHOWN else "")
            for found, text in what
            if found
        )
        raise BadData(f"letitwag: the images have {len(own)} of {CLASSES} classes; {TABLE} does not fit them: {told}")
    return [counts[name] for name in own]


def thirds(counts: Sequence[int]) -> np.ndarray:
    """The group of each class, a position in `GROUPS`: of the classes in order of frequency, the third it falls in.

    Classes that are equally frequent fall in one group, that of the rarest of them, so the groups may differ in size:
    where 225 of 290 classes have the count 0, all of them are tail.

    >>> thirds([0, 0, 0, 5, 9, 70]).tolist()
    [0, 0, 0, 1, 2, 2]
    """
    import numpy as np

    order = np.sort(counts)
    rank = np.searchsorted(order, counts, side="left")  # of the first that is as frequent
    return np.asarray(rank * len(GROUPS) // len(counts))
