"""The one metric that asks the task itself: whether an answer parses, right or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.cards import entries
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa


def well_formed(predictions: pa.Array, parses: Callable[[str], bool], where: str) -> np.ndarray:
    """1 where an answer parses, right or wrong, else 0. `parses` is asked once for each distinct answer.

    It must take any text, for a submission may answer anything: raises `BadData`, naming `where` it comes from, where
    it raises or returns something else than true or false.
    """
    coded = predictions.dictionary_encode()
    verdicts = np.empty(len(coded.dictionary), dtype=np.float64)
    for at, text in enumerate(coded.dictionary.to_pylist()):
        try:
            verdict: object = parses(text)
        except Exception as fault:  # a contribution's parser may raise anything
            kind = type(fault).__name__
            raise BadData(f"{where} raised {kind} for the answer {text[:80]!r}: {entries.first_line(fault)}") from fault
        if not isinstance(verdict, bool):
            raise BadData(f"{where} returned {verdict!r} for the answer {text[:80]!r}; it must return true or false")
        verdicts[at] = verdict
    return np.asarray(verdicts[coded.indices.to_numpy(zero_copy_only=False)])
