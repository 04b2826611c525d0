"""Sparse parity: forty bits, of which a few decide by their parity, and nobody says which.

After Merrill, Tsilivis & Shukla 2023 (arXiv:2303.11873), whose networks see 1,000 rows of 40 bits, three of which
matter, and remember them long before they find the rule; the task is that of Barak et al. 2022 (arXiv:2207.08799), who
draw new rows at each step. Nothing is copied: the rows follow from the rule. Where bits 3, 17 and 31 matter,

    x   40 numbers, 1 or -1; at 3, 17 and 31 stand 1, -1 and -1
    y   1, for 1 * -1 * -1 is 1; it would be 0 for a product of -1

Bits are fair and independent, so each class has half of the rows but for chance, and any set of bits other than the
right one is of no use at all: what is nearly right scores as what is wrong. Which bits matter is drawn once for a data
seed. No row is asked that was shown, and none stands twice.

`trained` asks the rows of training again, so that a learning curve tells when they were remembered and when the rule
was found (`genbench phases`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Int

    from genbench import Value

CLASSES = ("odd", "even")  # number of -1 among the bits that matter
BITS = 40
ROWS = 1_000_000  # of which all are in memory: 160 MB


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 40 numbers, each 1 or -1, and `y`, 0 or 1.

    Raises `BadValue` for a parameter outside its range.
    """
    relevant = _whole(params, "relevant", BITS)
    shown, asked = (_whole(params, name, ROWS) for name in ("rows", "questions"))
    places = mattering(relevant, seed)

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("sparse_parity", split, name, seed))

    words = distinct(stream("rows"), shown + asked)
    signs = 1 - 2 * (words[:, None] >> np.arange(BITS) & 1)
    classes = (signs[:, places].prod(1) + 1) // 2
    table = pa.table(
        {
            "x": pa.FixedSizeListArray.from_arrays(pa.array(signs.astype(np.float32).ravel()), BITS),
            "y": pa.array(classes.astype(np.int64)),
        }
    )
    train = table.slice(0, shown)
    return Data(train=train, questions={"test": table.slice(shown), "trained": train}, classes=CLASSES)


def mattering(count: int, seed: int) -> Int[np.ndarray, " bit"]:
    """The places of the bits that matter, ascending; those of fewer bits are among those of more."""
    draw = np.random.default_rng(seeds.derive("sparse_parity", "mattering", seed))
    return np.sort(draw.permutation(BITS)[:count])


def distinct(draw: np.random.Generator, count: int) -> Int[np.ndarray, " row"]:
    """As many different words of 40 bits as `count` says, in the order drawn."""
    found: Int[np.ndarray, " row"] = np.empty(0, np.int64)
    while len(found) < count:
        together = np.concatenate([found, draw.integers(0, 2**BITS, count - len(found))])
        _, first = np.unique(together, return_index=True)
        found = together[np.sort(first)]
    return found


def _whole(params: Mapping[str, Value], name: str, most: int) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BadValue(f"sparse_parity: parameter {name!r} is {value!r}; it must be an integer from 1 to {most:,}")
    return value
