"""The rows of training that diagnostics are taken of: the same in every submission, whatever it draws besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench import seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Int


def probe(train: Dataset, rows: int, seed: int) -> Int[np.ndarray, " place"]:
    """The places of `rows` rows of training, drawn by the seed alone and in order; of all where there are no more.

    Raises `BadValue` for less than one row, and for training without rows.
    """
    if rows < 1:
        raise BadValue(f"a probe of {rows} rows; it must be of 1 or more")
    if not len(train):
        raise BadValue("training has no rows to probe")
    draw = np.random.default_rng(seeds.derive(seed, "probe"))
    return np.sort(draw.permutation(len(train))[:rows])
