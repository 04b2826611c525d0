"""A split's data as Hugging Face datasets."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from genbench.api import addresses

if TYPE_CHECKING:
    import os

    from datasets import DatasetDict

TARGETS_SHOWN: Final = "these question files hold the targets: keep them away from training and model selection"


def load(split: str | os.PathLike[str], *, with_targets: bool = False) -> DatasetDict:
    """The data of a split: `train`, `validation` where there is one, and each question set by its name.

    `split` is an address as on the command line: `"scan/length"`, `"modular/addition:corruption=0.5"`, or the path of
    a task's folder and a split in it. `train` and `validation` have the card's input and target columns; a question
    set has `question_id` (int64, unique within the split, ascending) and the inputs. Images and class labels are
    `Features`, so `.with_format("torch")` works as it does for any dataset.

    With `with_targets`, question sets have the target and the columns of the split's axes too. That is for analysis
    only, and a warning says so: a model tuned on them measures nothing.

    Raises `UnknownName` with the nearest name, `BadValue` where the address names several splits, `SourceAbsent` where
    official files cannot be had, and `BadData` or `EntryFault` where the task is at fault.

    >>> import genbench
    >>> data = genbench.load("modular/addition:p=7")
    >>> {name: rows.column_names for name, rows in data.items()}
    {'train': ['a', 'b', 'sum'], 'test': ['question_id', 'a', 'b'], 'trained': ['question_id', 'a', 'b']}
    >>> data["train"][0]
    {'a': 5, 'b': 2, 'sum': 0}
    """
    import datasets

    from genbench.data import tables
    from genbench.data.subsets import subsets
    from genbench.evaluation import build

    chosen = addresses.one_split(split)
    data = build.load(chosen)
    digest = tables.fingerprint(data.subsets()).removeprefix("sha256:")[:16]
    found = {
        # Named by what is in it: by default `datasets` reads a table once more to name it.
        name: datasets.Dataset(table, fingerprint=f"{digest}-{name}-{with_targets:d}")
        for name, table in subsets(data, chosen.task, chosen.split, with_targets=with_targets).items()
    }
    if with_targets:
        warnings.warn(TARGETS_SHOWN, stacklevel=2)
    return datasets.DatasetDict(found)
