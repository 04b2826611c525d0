"""Rows of whole numbers, as modular arithmetic has them, for models that keep something for each value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasets import Dataset
    from jaxtyping import Int

    from genbench.evaluation.cell import Context


def side_by_side(given: Dataset, columns: Iterable[str]) -> Int[np.ndarray, "row column"]:
    """The columns side by side."""
    return np.stack([given.data.column(name).to_numpy() for name in columns], 1)


def examples(train: Dataset, context: Context) -> tuple[Int[np.ndarray, "row input"], Int[np.ndarray, " row"], int]:
    """Inputs and target of the training rows, and the modulus: their largest value plus one.

    Raises `ValueError` for negative values, which have no row in a table.
    """
    values, target = side_by_side(train, context.inputs), train.data.column(context.target).to_numpy()
    if min(values.min(), target.min()) < 0:
        raise ValueError("inputs and target must be integers from 0 on")
    return values, target, int(max(values.max(), target.max())) + 1
