"""Instructed tasks, read from the tables beside this file, which `genbench data instructions` made.

instruction   what the task is, in the words of its file: definition, prompt, what to avoid, what matters, examples
text          what it is to be done to
answers       what is right, any of which will do
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from genbench import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

ROWS = Path(__file__).resolve().parent / "rows"


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows as they lie there; questions carry `task`."""
    del split, params, seed
    return Data(
        train=pq.read_table(ROWS / "train.parquet"),
        questions={name: pq.read_table(ROWS / f"{name}.parquet") for name in ("seen_tasks", "unseen_tasks")},
    )
