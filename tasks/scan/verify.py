"""What each split of SCAN is to equal: its official files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import factors
import official
import pyarrow.compute as pc

from genbench import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench import Data


def official_files(split: str, data: Data) -> Iterator[Claim]:
    """One claim for each official file of the split; an indexed split has one file for all subsets.

    A split whose training set is generated claims nothing: what it asks is claimed by the split it is made from.
    """
    if split in factors.SPLITS:
        return
    subsets = {"train": data.train, "test": data.questions["test"]}
    if official.is_indexed(split):
        subsets["validation"] = data.validation
        commands = official.table(official.EVERY)["commands"]
        numbers = {name: pc.index_in(rows["commands"], commands).to_pylist() for name, rows in subsets.items()}
        count = sum(map(len, numbers.values()))
        yield Claim("all", count, official.indexed(numbers), official.source("mcd"), f"{split}.json")
        return
    ordered = split in official.SPLITS
    for name, rows in subsets.items():
        path = official.path_of(split, name)
        yield Claim(name, rows.num_rows, official.written(rows), official.source("scan"), path, ordered=ordered)
