"""What of the questions training has shown: all their words, pairs and triples of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.analysis.difficulty.compounds import numbered
from genbench.analysis.difficulty.trees import chains, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa


def shares_seen(words: Sequence[pa.Array]) -> Iterator[dict[str, float | None]]:
    """Shares of questions whose words, pairs and triples of words all occur in training, the first list.

    None where no question has as many words.
    """
    both = together([chains(own) for own in words])
    owners = np.repeat(np.arange(len(both.starts) - 1), np.diff(both.starts))
    edges = np.cumsum([0, *(len(own) for own in words)])
    numbers, ends = both.labels.copy(), np.ones(len(owners), bool)  # of the n-gram that ends at each word
    found: list[dict[str, float | None]] = [{} for _ in words[1:]]
    for name in ("words_seen", "pairs_seen", "triples_seen"):
        known = np.zeros(int(numbers.max(initial=0)) + 1, bool)
        known[numbers[ends & (owners < edges[1])]] = True
        for asked, shares in enumerate(found, start=1):
            own = ends & (owners >= edges[asked]) & (owners < edges[asked + 1])
            new = np.unique(owners[own & ~known[numbers]])
            shares[name] = 1.0 - len(new) / len(words[asked]) if own.any() else None
        inside = np.flatnonzero((both.parents >= 0) & ends[both.parents])
        longer = numbered(numbers[inside - 1], both.labels[inside])
        ends = np.zeros(len(owners), bool)
        ends[inside] = True
        numbers[inside] = longer
    yield from found
