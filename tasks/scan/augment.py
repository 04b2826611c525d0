"""Training sets with renamed words: mutated primitives (primK), and copies of everything (AugZero).

Zhou, Jiang & Bansal 2023 (arXiv:2311.04420), who take the first from Jiang, Zhou & Bansal 2022; its rules are those of
owenzx/met-primaug at 6afdbb4c, written anew. With `walk` and `I_WALK` aligned and K = 2 copies,

    walk and turn left          I_WALK I_TURN_LEFT
    walk1 and turn left         I_WALK1 I_TURN_LEFT
    walk2 and turn left         I_WALK2 I_TURN_LEFT

An example's variants are numbered: its c aligned words (one, where all words are renamed together) are the digits of a
number in base K + 1, and 0 is the example itself. So a training set of millions is never held to draw from it: a place
in the list of all variants is a row and a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Bool, Int

COMMON: Final = 3  # an output word aligned with more input words than this is aligned with none
BLOCK: Final = 8192  # rows made at once


@dataclass(frozen=True, slots=True)
class Words:
    """A column of texts as numbers: the words of row i are `codes[starts[i] : starts[i + 1]]`, places in `known`."""

    known: tuple[str, ...]
    codes: Int[np.ndarray, " word"]
    starts: Int[np.ndarray, " row+1"]

    @staticmethod
    def of(column: pa.ChunkedArray) -> Words:
        """The words between blanks."""
        lists = pc.split_pattern(column, " ").combine_chunks()
        words = lists.flatten().dictionary_encode()
        starts = lists.offsets.to_numpy() - lists.offsets[0].as_py()
        return Words(tuple(words.dictionary.to_pylist()), words.indices.to_numpy(), starts.astype(np.int64))

    @property
    def occur(self) -> Bool[np.ndarray, "row known"]:
        """Whether a row has a word."""
        found = np.zeros((len(self.starts) - 1, len(self.known)), bool)
        found[np.repeat(np.arange(len(found)), np.diff(self.starts)), self.codes] = True
        return found


@dataclass(frozen=True, slots=True)
class Variants:
    """All variants of a training set that are not the set itself, as a list that is never written down.

    `slot` says which digit renames a word, -1 for none; `weight` is what a digit counts in a row, 0 where the row has
    no such word. Row i has `there[i]` variants, of which `taken[i]` are in the list.
    """

    columns: tuple[Words, Words]
    slot: tuple[Int[np.ndarray, " known"], Int[np.ndarray, " known"]]
    copies: int
    weight: Int[np.ndarray, "row digit"]
    there: Int[np.ndarray, " row"]
    taken: Int[np.ndarray, " row"]

    @property
    def total(self) -> int:
        """How long the list is."""
        return int(self.taken.sum())


def aligned(train: pa.Table, most_frequent: float) -> dict[str, str]:
    """The output word of each input word that has one of its own.

    1. s and t pair where t is in every target whose command has s; a t that pairs with more than `COMMON` is dropped.
    2. Where several s remain for a t, and one of them alone is in every command whose target has t, the others go.
    3. An s in more than the share `most_frequent` of the examples goes, for it is no primitive.
    """
    inputs, outputs = Words.of(train["commands"]), Words.of(train["actions"])
    source, target = inputs.occur.astype(np.float64), outputs.occur.astype(np.float64)
    both = source.T @ target
    pairs = both == source.sum(0)[:, None]
    pairs[:, pairs.sum(0) > COMMON] = False
    needed = pairs & (both == target.sum(0))
    alone = needed.sum(0) == 1
    pairs[:, alone] = needed[:, alone]
    pairs[source.mean(0) > most_frequent] = False
    return {
        word: outputs.known[int(np.argmax(row))] for word, row in zip(inputs.known, pairs, strict=True) if row.any()
    }


def primitives(train: pa.Table, copies: int, most_frequent: float, most: int = 0) -> Variants:
    """The primK variants: each aligned word stays or becomes one of its `copies`, alike wherever it stands in a row.

    `most` is how many variants of one row are in the list, 0 for all.
    """
    pairs = aligned(train, most_frequent)
    words = Words.of(train["commands"]), Words.of(train["actions"])
    slot = tuple(
        np.array([names.index(word) if word in names else -1 for word in column.known])
        for column, names in zip(words, (list(pairs), list(pairs.values())), strict=True)
    )
    has = words[0].occur[:, [words[0].known.index(word) for word in pairs]]
    return _variants(words, slot, copies, has, most)


def everything(train: pa.Table, copies: int) -> Variants:
    """The AugZero variants: every word of an example, on both sides, bears the number of its copy."""
    words = Words.of(train["commands"]), Words.of(train["actions"])
    slot = tuple(np.zeros(len(column.known), np.int64) for column in words)
    return _variants(words, slot, copies, np.ones((train.num_rows, 1), bool), 0)


def _variants(
    words: tuple[Words, Words],
    slot: tuple[np.ndarray, ...],
    copies: int,
    has: Bool[np.ndarray, "row digit"],
    most: int,
) -> Variants:
    rank = np.cumsum(has, axis=1) - 1
    there = (copies + 1) ** has.sum(1) - 1
    taken = np.minimum(there, most) if most else there
    weight = np.where(has, np.int64(copies + 1) ** np.maximum(rank, 0), 0)
    return Variants(words, (slot[0], slot[1]), copies, weight, there, taken)


def blocks(variants: Variants, count: int, stream: np.random.Generator) -> Iterator[pa.Table]:
    """`count` different variants in the list's order, in tables of `BLOCK` rows: columns commands and actions.

    One is drawn from each of `count` equal stretches of the list, and likewise the variants of one row from all it has,
    so that a part is spread as the whole is. The same rows whatever `BLOCK` is.
    """
    ends = np.cumsum(variants.taken)
    named = [
        pa.array([f"{word}{number or ''}" for number in range(variants.copies + 1) for word in column.known])
        for column in variants.columns
    ]
    for begin in range(0, count, BLOCK):
        drawn = stream.random((min(BLOCK, count - begin), 2))
        place = _one_of(np.arange(begin, begin + len(drawn)), variants.total, count, drawn[:, 0])
        row = np.searchsorted(ends, place, side="right")
        nth = place - (ends - variants.taken)[row]
        number = 1 + _one_of(nth, variants.there[row], variants.taken[row], drawn[:, 1])
        weight = variants.weight[row]
        digits = np.where(weight > 0, number[:, None] // np.maximum(weight, 1) % (variants.copies + 1), 0)
        digits = np.append(digits, np.zeros((len(digits), 1), np.int64), axis=1)  # slot -1 is this one
        texts = [
            _spelled(column, names, slot, row, digits)
            for column, names, slot in zip(variants.columns, named, variants.slot, strict=True)
        ]
        yield pa.table(texts, names=["commands", "actions"])


def _one_of(
    nth: Int[np.ndarray, " row"], total: Int[np.ndarray, "#row"] | int, count: np.ndarray | int, drawn: np.ndarray
) -> Int[np.ndarray, " row"]:
    """A whole number from the nth of `count` equal stretches of 0 .. total - 1."""
    low, high = nth * total // count, (nth + 1) * total // count
    return low + (drawn * (high - low)).astype(np.int64)


def _spelled(
    column: Words,
    named: pa.Array,
    slot: Int[np.ndarray, " known"],
    row: Int[np.ndarray, " row"],
    digits: Int[np.ndarray, "row digit+1"],
) -> pa.Array:
    """The texts of rows, with the words that a digit renames renamed."""
    lengths = (column.starts[1:] - column.starts[:-1])[row]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    owner = np.repeat(np.arange(len(row)), lengths)
    code = column.codes[np.arange(starts[-1]) + (column.starts[row] - starts[:-1])[owner]]
    copy = digits[owner, slot[code]]
    words = named.take(pa.array(code + len(column.known) * copy))
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(starts, pa.int32()), words), " ")
