"""The best answer that looks at no question: what a metric without an upper end is measured from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.data import vectors

if TYPE_CHECKING:
    from collections.abc import Callable

# What of the training targets is the least in error, metric by metric; of every other metric the commonest is taken.
CENTRES: Final[dict[str, Callable[[np.ndarray], np.ndarray]]] = {
    "squared_error": lambda numbers: np.mean(numbers, axis=0),
    "absolute_error": lambda numbers: np.median(numbers, axis=0),
}
NAMES: Final = {"squared_error": "the mean", "absolute_error": "the median"}


def constant_answer(metric: str, targets: pa.Array, count: int) -> pa.Array:
    """One answer `count` times: the mean of the training `targets` under a squared error, the median under an absolute.

    It is rounded where the targets are integers. Under any other metric it is the commonest target, the first in
    training order among equals. There is at least one target.
    """
    if metric not in CENTRES:
        written = targets if pa.types.is_string(targets.type) else pa.array([repr(one) for one in targets.to_pylist()])
        [(commonest, _)] = Counter(written.to_pylist()).most_common(1)
        return targets.take(pa.array(np.full(count, pc.index(written, commonest).as_py())))
    if pa.types.is_fixed_size_list(targets.type):
        centre = CENTRES[metric](vectors.matrix(targets).astype(np.float64))
        flat = pa.array(np.tile(centre.astype(np.float32), count))
        return pa.FixedSizeListArray.from_arrays(flat, targets.type.list_size).cast(targets.type)
    middle = CENTRES[metric](targets.to_numpy(zero_copy_only=False))
    whole = np.rint(middle) if pa.types.is_integer(targets.type) else middle
    return pa.array(np.full(count, whole)).cast(targets.type)
