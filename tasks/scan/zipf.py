"""Training sets in which few rows are seen often and many seldom: rows drawn with weights that fall as 1 / rank.

Zhou, Jiang & Bansal 2023 (arXiv:2311.04420) weigh by p(rank i) ~ 1 / i over examples, primitives or lengths. What is
ranked is theirs; how the ranks are given and the rows drawn is our own:

- examples: rows are ranked in random order.
- primitives: of each aligned word, it and its copies are ranked in random order; a row's weight is the product over the
  words it has, each divided by the mean weight of its kind, so that rows with many primitives are not rarer for it.
- lengths: numbers of actions are ranked from the least; rows of one length are equally likely.

As many rows are drawn as there were, with replacement, and stand in their old order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from augment import Words

if TYPE_CHECKING:
    from collections.abc import Collection

    from jaxtyping import Float

KINDS: Final = ("examples", "primitives", "lengths")


def resampled(train: pa.Table, kind: str, primitives: Collection[str], stream: np.random.Generator) -> pa.Table:
    """As many rows of `train`, drawn with replacement by the weights of a kind; `primitives` are the aligned words."""
    weights = {
        "examples": lambda: 1.0 / (1 + stream.permutation(train.num_rows)),
        "primitives": lambda: _by_primitives(train, primitives, stream),
        "lengths": lambda: _by_length(train),
    }[kind]()
    ends = np.cumsum(weights)
    drawn = np.searchsorted(ends, stream.random(train.num_rows) * ends[-1], side="right")
    return train.take(pa.array(np.sort(np.minimum(drawn, train.num_rows - 1))))


def _by_primitives(
    train: pa.Table, primitives: Collection[str], stream: np.random.Generator
) -> Float[np.ndarray, " row"]:
    words = Words.of(train["commands"])
    logarithm = np.zeros(len(words.known))
    for primitive in sorted(primitives):
        own = [place for place, word in enumerate(words.known) if re.fullmatch(rf"{primitive}\d*", word)]
        own.sort(key=lambda place: (len(words.known[place]), words.known[place]))
        weight = 1.0 / (1 + stream.permutation(len(own)))
        logarithm[own] = np.log(weight / weight.mean())
    return np.exp(words.occur @ logarithm)


def _by_length(train: pa.Table) -> Float[np.ndarray, " row"]:
    lengths = np.diff(Words.of(train["actions"]).starts)
    _, rank, counts = np.unique(lengths, return_inverse=True, return_counts=True)
    return 1.0 / (1 + rank) / counts[rank]
