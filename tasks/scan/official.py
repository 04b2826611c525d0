"""SCAN's official files: which file holds which split, how it is read, and how a split is written as one.

    IN: jump twice and walk right OUT: I_JUMP I_JUMP I_TURN_RIGHT I_WALK

Where they come from is in `sources.toml`. The MCD splits are published as lists of line numbers in `tasks.txt`.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genbench import sources
from genbench.errors import SourceFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench import Source

FOLDERS = {  # the folder of a split's files at their home, by the split's name
    r"simple": "simple_split",
    r"simple_p\d+": "simple_split/size_variations",
    r"length": "length_split",
    r"addprim_(jump|turn_left)": "add_prim_split",
    r"addprim_complex_jump_num\d+_rep\d": "add_prim_split/with_additional_examples",
    r"template_\w+": "template_split",
    r"filler_num\d": "filler_split",
    r"fewshot_num\d+_rep\d": "few_shot_split",
}
SPLITS = (  # splits that follow from no rule
    "simple",
    *(f"simple_p{share}" for share in (1, 2, 4, 8, 16, 32, 64)),
    *(f"addprim_complex_jump_num{2**power}_rep{draw}" for power in range(6) for draw in range(1, 6)),
    *(f"fewshot_num{2**power}_rep{draw}" for power in range(11) for draw in range(1, 6)),
    "mcd1",
    "mcd2",
    "mcd3",
)
EVERY = "tasks.txt"  # all 20,910 commands, in the order that the MCD lists count by
LISTS = {"train": "trainIdxs", "validation": "devIdxs", "test": "testIdxs"}


def path_of(split: str, subset: str) -> str:
    """Where the file of a split's subset (train or test) lies at its home.

    >>> path_of("simple_p8", "test")
    'simple_split/size_variations/tasks_test_simple_p8.txt'
    """
    folder = next(folder for pattern, folder in FOLDERS.items() if re.fullmatch(pattern, split))
    return f"{folder}/tasks_{subset}_{split}.txt"


def is_indexed(split: str) -> bool:
    """Whether the split is published as line numbers of `tasks.txt`."""
    return re.fullmatch(r"mcd\d", split) is not None


@functools.cache
def source(name: str) -> Source:
    """The source called `name`: `scan`, or `mcd` for the lists of line numbers."""
    return sources.declared(Path(__file__).parent, rebuilt)[name]


def table(path: str) -> pa.Table:
    """The rows of an official file in its order: columns commands, actions. Raises `SourceFault`."""
    return parsed(sources.read(source("scan"), path), path)


def tables(split: str) -> dict[str, pa.Table]:
    """The subsets of an official split by name: train, test, and for an indexed split validation."""
    if not is_indexed(split):
        return {subset: table(path_of(split, subset)) for subset in ("train", "test")}
    every = table(EVERY)
    lists = json.loads(sources.read(source("mcd"), f"{split}.json"))
    return {subset: every.take(pa.array(lists[key])) for subset, key in LISTS.items()}


def parsed(content: bytes, where: str) -> pa.Table:
    """The rows of a file's content. Raises `SourceFault`, naming the line, for what is not `IN: ... OUT: ...`."""
    commands, actions = [], []
    for at, line in enumerate(sources.lines(content, where), start=1):
        command, out, action = line.partition(" OUT: ")
        if not (command.startswith("IN: ") and out and action):
            raise SourceFault(f"{where}, line {at}: {line[:60]!r} is not of the form 'IN: commands OUT: actions'")
        commands.append(command[4:])
        actions.append(action)
    return pa.table({"commands": pa.array(commands, pa.string()), "actions": pa.array(actions, pa.string())})


def written(rows: pa.Table) -> bytes:
    """Rows as the lines of an official file; the inverse of `parsed`."""
    lines = pc.binary_join_element_wise("IN: ", rows["commands"], " OUT: ", rows["actions"], "\n", "")
    return "".join(lines.to_pylist()).encode()


def indexed(subsets: dict[str, Sequence[int]]) -> bytes:
    """Line numbers by subset as the file of an indexed split."""
    return json.dumps({key: list(subsets[subset]) for subset, key in LISTS.items()}).encode()


def rebuilt(folder: Path, path: str) -> bytes | None:
    """A file's bytes from two Parquet files, `scan/scan_commands.parquet` and `scan/scan_splits.parquet`.

    They hold all commands with their line number in `tasks.txt`, and for each split and subset the line numbers in the
    official order. None where they are not there; `SourceFault` where they lack a column or this split.
    """
    places = folder / "scan" / "scan_commands.parquet", folder / "scan" / "scan_splits.parquet"
    if not all(place.is_file() for place in places):
        return None
    rows, numbers, start = _repacked(*places)
    if path == EVERY:
        return written(rows)

    def chosen(split: str, subset: str) -> pa.Array:
        if (split, subset) not in start:
            raise SourceFault(f"{places[1]}: no rows of split {split!r}, subset {subset!r}")
        return numbers.slice(*start[split, subset])

    if path.endswith(".json"):
        named = {"train": "train", "validation": "dev", "test": "test"}
        return indexed({subset: chosen(path[:-5], there).to_pylist() for subset, there in named.items()})
    subset, split = path.rpartition("/tasks_")[2].removesuffix(".txt").split("_", 1)
    return written(rows.take(chosen(split, subset)))


@functools.lru_cache(maxsize=1)
def _repacked(commands: Path, splits: Path) -> tuple[pa.Table, pa.Array, dict[tuple[str, str], tuple[int, int]]]:
    """All commands and actions; the line numbers, split after split; where each split's subset begins, how long."""
    rows = _columns(commands, "idx", "command", "actions").sort_by("idx")
    at = _columns(splits, "split", "subset", "idx").combine_chunks()
    split, subset = (at[name].chunk(0).dictionary_encode() for name in ("split", "subset"))
    both = split.indices.to_numpy() * len(subset.dictionary) + subset.indices.to_numpy()
    order = np.argsort(both, kind="stable")  # files in the official order of rows, wherever their rows stand
    codes, starts, counts = np.unique(both[order], return_index=True, return_counts=True)
    names = [
        (
            split.dictionary[code // len(subset.dictionary)].as_py(),
            subset.dictionary[code % len(subset.dictionary)].as_py(),
        )
        for code in codes.tolist()
    ]
    where = dict(zip(names, zip(starts.tolist(), counts.tolist(), strict=True), strict=True))
    columns = rows.select(["command", "actions"]).rename_columns(["commands", "actions"]).combine_chunks()
    return columns, at["idx"].chunk(0).take(pa.array(order)), where


def _columns(place: Path, *names: str) -> pa.Table:
    try:
        found = pq.read_table(place)
    except (OSError, pa.ArrowException) as fault:
        raise SourceFault(f"{place}: not readable as Parquet: {str(fault).splitlines()[0]}") from None
    missing = [name for name in names if name not in found.column_names]
    if missing:
        raise SourceFault(f"{place}: no column {missing[0]!r}; it must have {', '.join(names)}")
    return found.select(names)
