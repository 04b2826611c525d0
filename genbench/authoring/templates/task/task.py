"""Words in reversed order. Open with what the reader lacks: the idea, the source at a commit, one example, oddities.

words     red blue green
reversed  green blue red
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Build `split`: tables with the columns that the card names. Raises `BadValue` for parameters out of range."""
    vocabulary = int(params["vocabulary"])
    if vocabulary < 2:
        raise BadValue(f"vocabulary is {vocabulary}; it must be at least 2")
    train = _sequences(2000, (2, 6), vocabulary, seeds.derive(split, "train", seed))
    test = _sequences(400, (7, 10), vocabulary, seeds.derive(split, "test", seed))
    lengths = [len(words) for words in test]
    return Data(
        train=_table(train),
        questions={"test": _table(test).append_column("length", pa.array(lengths, pa.int64()))},
    )


def _sequences(count: int, lengths: tuple[int, int], vocabulary: int, seed: int) -> list[tuple[str, ...]]:
    """`count` distinct sequences, from the shorter to the longer of `lengths` in words, in the order drawn."""
    stream = random.Random(seed)  # noqa: S311 - repeatable, not secret
    found: dict[tuple[str, ...], None] = {}
    while len(found) < count:
        length = stream.randint(*lengths)
        found[tuple(f"w{stream.randrange(vocabulary)}" for _ in range(length))] = None
    return list(found)


def _table(sequences: list[tuple[str, ...]]) -> pa.Table:
    return pa.table(
        {
            "words": pa.array([" ".join(words) for words in sequences], pa.string()),
            "reversed": pa.array([" ".join(reversed(words)) for words in sequences], pa.string()),
        }
    )
