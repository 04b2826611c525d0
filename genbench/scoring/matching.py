"""Whether an answer is right: the whole of it, or the best labels of a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.data import rankings
from genbench.scoring.tokens import lengths, tokens

if TYPE_CHECKING:
    from collections.abc import Callable


def exact_match(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """1 where the answer equals the target, else 0. Strings are compared as sequences of whitespace tokens.

    SCAN and COGS score so: the whole output sequence must be right (Lake & Baroni 2018; Kim & Linzen 2020).
    """
    if pa.types.is_list(targets.type) or pa.types.is_fixed_size_list(targets.type):
        return _same_lists(predictions, targets).astype(np.float64)
    same = pc.equal(predictions, targets).to_numpy(zero_copy_only=False)
    if pa.types.is_string(targets.type) and not same.all():
        # Most answers are equal byte for byte or differ in their tokens; only the unequal are worth normalising.
        unequal = np.flatnonzero(~same)
        where = pa.array(unequal)
        same = same.copy()
        same[unequal] = pc.equal(_normal(predictions.take(where)), _normal(targets.take(where))).to_numpy(
            zero_copy_only=False
        )
    return np.asarray(same, dtype=np.float64)


def _normal(strings: pa.Array) -> pa.Array:
    return pc.binary_join(tokens(strings), " ")


def _same_lists(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    given, wanted = lengths(predictions), lengths(targets)
    same = given == wanted
    if same.any():
        rows = pa.array(np.flatnonzero(same))
        flat = _equal(predictions.take(rows).flatten(), targets.take(rows).flatten())
        starts = np.concatenate([[0], np.cumsum(wanted[same])])
        wrong = np.concatenate([[0], np.cumsum(~flat.astype(bool))])
        same[same] = wrong[starts[1:]] == wrong[starts[:-1]]
    return np.asarray(same)


def _equal(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Whether values are equal, each list as a whole where they are lists themselves."""
    if pa.types.is_list(targets.type) or pa.types.is_fixed_size_list(targets.type):
        return _same_lists(predictions, targets)
    return np.asarray(pc.equal(predictions, targets).to_numpy(zero_copy_only=False))


def top(count: int) -> Callable[[pa.Array, pa.Array], np.ndarray]:
    """A metric that gives 1 where the target is among the `count` best labels of a ranking, else 0."""

    def grade(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
        return (rankings.place(predictions, targets) < count).astype(np.float64)

    return grade
