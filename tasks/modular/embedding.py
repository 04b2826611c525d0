"""Numbers as points between which there are distances: of a residue its angle on the circle, as the rule has it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench import Value


def embed(inputs: pa.Table, params: Mapping[str, Value]) -> np.ndarray:
    """float64 of shape [rows, 4]: the cosine and sine of 2 pi a / p, then of b; 0 and p - 1 are neighbours.

    Of permutations, which are no residues, the places of five things, from 0 to 1, in shape [rows, 10].
    """
    numbers = np.stack([np.asarray(inputs[name]) for name in ("a", "b")], axis=1)
    if params["operation"] == "composition":
        places = np.array(list(itertools.permutations(range(5)))) / 4
        return places[numbers].reshape(len(numbers), -1)
    turns = 2 * np.pi * numbers / float(params["p"])
    return np.stack([np.cos(turns), np.sin(turns)], axis=2).reshape(len(numbers), -1)
