"""The published log-linear curves, recomputed from the counts and accuracies of single concepts under them.

A folder of reference data holds three tables: `concept_counts.parquet` (how often a concept of a data set occurs in a
pretraining corpus), `zero_shot_class_results.parquet` (how many per cent of a concept's images a model gets right) and
`loglinear_reference.parquet` (the curves: edges and means of bins, deviations, Pearson's r and p). A curve pools the
concepts of the 18 data sets in `POOLED`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genbench import Recomputed, frequency
from genbench.errors import BadValue, SourceFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COUNTS: Final = "concept_counts.parquet"
RESULTS: Final = "zero_shot_class_results.parquet"
CURVES: Final = "loglinear_reference.parquet"
COLUMNS: Final[dict[str, dict[str, str]]] = {
    COUNTS: dict.fromkeys(("dataset", "pretrain", "search", "class"), "string") | {"count": "int64"},
    RESULTS: dict.fromkeys(("dataset", "prompt", "backbone", "pretrain", "class"), "string") | {"accuracy": "float64"},
    CURVES: dict.fromkeys(("search", "prompt", "pretrain", "model"), "string")
    | {"n_concepts": "int64", "n_zero_count": "int64", "reproduced_from_released_counts": "bool"}
    | {"pearson_r": "float64", "p_value": "float64"}
    | dict.fromkeys(("bin_edges", "mean_accuracy", "std_accuracy"), "list<float64>"),
}
ARROW: Final = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "list<float64>": pa.list_(pa.float64()),
}
POOLED: Final = (
    *("imagenet", "cifar10", "cifar100", "caltech101", "caltech256", "sun397", "birdsnap", "country211", "cub", "dtd"),
    *("eurosat", "fgvcaircraft", "flowers102", "food101", "imagenet-sketch", "oxfordpets", "stanfordcars", "ucf101"),
)
NOT_BY_TEXT: Final = "imagenet-sketch"  # left out of the search by text
RENAMED: Final = {("cifar10", "plane"): "airplane"}  # in the results -> in the counts
EARLY: Final = {"synthci30m": (0, 8)}  # of this corpus the first 8 bins are read, for hardly a concept is frequent


def curves(folder: Path) -> Iterator[Recomputed]:
    """Each curve of the folder, recomputed. Raises `SourceFault` for a table that is not there or not whole."""
    counts, results, wanted = (_table(folder / name) for name in (COUNTS, RESULTS, CURVES))
    if not wanted.num_rows:
        raise SourceFault(f"{folder / CURVES}: there are no curves")
    counted = _by(counts, ("pretrain", "search"), "count", folder / COUNTS)
    scored = _by(results, ("prompt", "pretrain", "backbone"), "accuracy", folder / RESULTS)
    for row in wanted.to_pylist():
        name = f"{row['search']} search, {row['prompt']} prompts, {row['pretrain']}, {row['model']}"
        try:
            difference, detail = _compared(
                row,
                counted.get((row["pretrain"], row["search"]), {}),
                scored.get((row["prompt"], row["pretrain"], row["model"]), {}),
            )
        except BadValue as fault:
            difference, detail = np.inf, str(fault)
        yield Recomputed(name, row["reproduced_from_released_counts"], difference, detail)


def _compared(row: Mapping[str, Any], counts: Mapping[Any, int], scores: Mapping[Any, float]) -> tuple[float, str]:
    """The largest difference between a curve and what counts and scores give, and where it is.

    Edges are compared relatively, for they go up to millions; all else as it stands, accuracies in per cent.
    """
    pooled = [one for one in POOLED if (row["search"], one) != ("text", NOT_BY_TEXT)]
    concepts = [concept for concept in scores if concept[0] in pooled]
    if not concepts:
        raise BadValue(f"{RESULTS} has no results of this model with these prompts")
    lacking = [concept for concept in concepts if _counted_as(concept) not in counts]
    if lacking:
        first = ", ".join(f"{data_set} {concept}" for data_set, concept in lacking[:3])
        raise BadValue(f"{COUNTS} lacks {len(lacking)} of {len(concepts)} concepts, as {first}")
    gone = [one for one in pooled if one not in {data_set for data_set, _ in concepts}]
    if gone:
        raise BadValue(f"{RESULTS} has no results of this model on {', '.join(gone)}")
    found = np.array([counts[_counted_as(concept)] for concept in concepts])
    if (len(found), int((found == 0).sum())) != (row["n_concepts"], row["n_zero_count"]):
        raise BadValue(
            f"{len(found)} concepts, {(found == 0).sum()} of count 0; "
            f"the curve says {row['n_concepts']} and {row['n_zero_count']}"
        )
    used = EARLY.get(row["pretrain"], frequency.INNER)
    trend = frequency.trend(found, np.array([scores[concept] for concept in concepts]), used)
    pairs = {
        "edges (relative)": (trend.edges / trend.edges, _numbers(row["bin_edges"]) / trend.edges),
        "means": (trend.means, _numbers(row["mean_accuracy"])),
        "deviations": (trend.deviations, _numbers(row["std_accuracy"])),
        "r": (np.array([trend.r]), np.array([row["pearson_r"]])),
        "p": (np.array([trend.p]), np.array([row["p_value"]])),
    }
    largest, where = 0.0, "r"
    for what, (ours, theirs) in pairs.items():
        # What is NaN in one of them only is not the same, and a maximum would pass over it.
        same = np.isnan(ours) & np.isnan(theirs)
        gaps = np.where(same, 0.0, np.nan_to_num(np.abs(ours - theirs), nan=np.inf))
        if gaps.max() > largest:
            largest, where = float(gaps.max()), f"{what}, place {int(gaps.argmax()) + 1}"
    return largest, f"{where} differs by {largest:.2e}"


def _numbers(values: list[float | None]) -> np.ndarray:
    """Of a list, in which a bin without concepts may be NaN or nothing at all."""
    return np.array(values, dtype=np.float64)


def _counted_as(concept: tuple[str, str]) -> tuple[str, str]:
    return concept[0], RENAMED.get(concept, concept[1])


def _table(path: Path) -> pa.Table:
    """A table with the columns that are needed, each of its type. Raises `SourceFault`, naming file and column."""
    wanted = COLUMNS[path.name]
    if not path.is_file():
        raise SourceFault(f"{path}: there is no such file; a folder of reference data holds {', '.join(COLUMNS)}")
    try:
        there = pq.read_schema(path).names
        missing = [name for name in wanted if name not in there]
        if missing:
            raise SourceFault(f"{path}: there is no column {missing[0]!r}; columns: {', '.join(there):.300}")
        table = pq.read_table(path, columns=list(wanted))
    except (OSError, pa.ArrowException) as fault:
        raise SourceFault(f"{path}: not readable as Parquet: {str(fault).splitlines()[0]:.200}") from None
    arrays = []
    for name, kind in wanted.items():
        column = table.column(name)
        try:
            arrays.append(restored(column) if pa.types.is_float32(column.type) else column.cast(ARROW[kind]))
        except (pa.ArrowException, ValueError):
            raise SourceFault(f"{path}: column {name!r} is of type {column.type}; it must be {kind}") from None
        if column.null_count:
            raise SourceFault(f"{path}: column {name!r} holds {column.null_count} nulls")
        if kind.startswith("list") and pc.any(pc.not_equal(pc.list_value_length(arrays[-1]), frequency.BINS)).as_py():
            raise SourceFault(f"{path}: a list in column {name!r} is not of {frequency.BINS} numbers, one for each bin")
    return pa.table(arrays, names=list(wanted))


def restored(column: pa.ChunkedArray) -> pa.Array:
    """Per cents of small counts as float64, from what float32 left of them.

    An accuracy is 100 k / n for the n images of a class. Each is taken for the fraction of the least n, of up to three,
    four or five digits, that float32 rounds to it; a mean over the few concepts of a bin would else be off by 4e-6.
    """
    values, place = np.unique(column.to_numpy(), return_inverse=True)
    exact = values.astype(np.float64)
    for at, value in enumerate(values):
        if np.isfinite(value):
            share = Fraction(float(value)) / 100
            near = (100 * float(share.limit_denominator(most)) for most in (100, 1_000, 10_000))
            exact[at] = next((one for one in near if np.float32(one) == value), exact[at])
    return pa.array(exact[place], mask=column.is_null().to_numpy())


def _by(table: pa.Table, keys: tuple[str, ...], value: str, path: Path) -> dict[tuple[str, ...], dict[Any, Any]]:
    """The values of each group: keys -> (data set, class) -> value. Raises `SourceFault` where one stands twice."""
    numbers = table.column(value).to_numpy()
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        row = int(np.argmax(~np.isfinite(numbers) | (numbers < 0)))
        raise SourceFault(f"{path}: {value} in row {row} is {numbers[row]}; it must be 0 or more")
    found: dict[tuple[str, ...], dict[Any, Any]] = {}
    columns = [table.column(name).to_pylist() for name in (*keys, "dataset", "class")]
    for *key, data_set, concept, number in zip(*columns, numbers, strict=True):
        group = found.setdefault(tuple(key), {})
        if (data_set, concept) in group:
            raise SourceFault(f"{path}: {data_set} {concept!r} stands twice for {', '.join(key)}")
        group[data_set, concept] = number
    return found
