"""The ranks that a submission may have, given who is surely better and who surely worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Bool


def rank_sets(better: Bool[np.ndarray, "one other"]) -> list[tuple[int, int]]:
    """[1 + who is surely better, N - who is surely worse] of each; `better[i, j]` says that i is surely better than j.

    >>> import numpy as np
    >>> rank_sets(np.array([[False, False, True], [False, False, True], [False, False, False]]))
    [(1, 2), (1, 2), (3, 3)]
    """
    count = len(better)
    first, last = 1 + better.sum(axis=0), count - better.sum(axis=1)
    return list(zip(first.tolist(), last.tolist(), strict=True))
