"""Columns of a table as token ids, and ids as answers; no Python runs per token.

A token is what lies between blanks in a string, an integer, or an item of a list. The same text is the same token
wherever it stands: the integer 3 and the string "3" are one. Several columns become one sequence with a separator
between two; the separator has an id of its own and no text, so that no data token can equal it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jaxtyping import Bool, Int
    from torch import Tensor

PADDING, START, END, UNKNOWN = range(4)
SPECIAL = 4  # ids below this stand for no token of the data
KINDS = ("string", "int64", "list<int64>", "list<string>")


@dataclass(frozen=True, slots=True)
class Ragged:
    """Sequences of different lengths, one after the other: row i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: Int[Tensor, " token"]
    offsets: Int[Tensor, " row_and_one"]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Int[Tensor, " row"]:
        """How many ids each row has."""
        return self.offsets.diff()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokens of some columns, numbered from `first` on in order of first appearance, column after column.

    `first` is SPECIAL, or one more where columns are joined: SPECIAL is the separator then.
    """

    tokens: tuple[str, ...]
    joined: bool = False

    @classmethod
    def from_columns(cls, columns: Iterable[pa.ChunkedArray], *, joined: bool = False) -> Vocabulary:
        """The distinct tokens of the columns; `joined` where rows of several columns will be one sequence."""
        found: dict[str, None] = {}
        for column in columns:
            found.update(dict.fromkeys(_cut(column)[2].to_pylist()))
        return cls(tuple(found), joined)

    @property
    def first(self) -> int:
        """The id of the first token."""
        return SPECIAL + self.joined

    def __len__(self) -> int:
        """How many ids there are, special ones included."""
        return self.first + len(self.tokens)

    def encode(self, columns: Sequence[pa.ChunkedArray]) -> Ragged:
        """Each row's ids, column after column, with END as the last; UNKNOWN for tokens that are not in here.

        Raises `BadValue` for several columns where the vocabulary was not made to join any.
        """
        if len(columns) > 1 and not self.joined:
            raise BadValue(f"{len(columns)} columns cannot be encoded as one by a vocabulary made with joined=False")
        own = pa.array(self.tokens, pa.string())
        parts = []
        for column in columns:
            lengths, codes, texts = _cut(column)
            found = pc.index_in(texts, own).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
            ids = np.where(found < 0, UNKNOWN, found + self.first)
            parts.append((lengths, ids[codes] if len(ids) else np.empty(0, np.int64)))
        taken = sum(lengths + 1 for lengths, _ in parts)  # what follows each part is the separator, and END at last
        offsets = np.concatenate([[0], np.cumsum(taken)])
        whole = np.full(offsets[-1], SPECIAL, np.int64)
        begins = offsets[:-1].copy()
        for lengths, ids in parts:
            before = np.cumsum(lengths) - lengths
            whole[np.repeat(begins - before, lengths) + np.arange(len(ids))] = ids
            begins += lengths + 1
        whole[offsets[1:] - 1] = END
        return Ragged(torch.from_numpy(whole), torch.from_numpy(offsets))

    def decode(self, ids: Int[Tensor, "row limit"], kind: str) -> list[Any]:
        """Each row up to its END as a value of type `kind`; what stands for no token of that type is left out.

        For `int64` it is the row's first integer. Raises `BadValue` where a row has none, or for another `kind`.
        """
        if kind not in KINDS:
            raise BadValue(f"answers of type {kind!r} are not made of tokens; {', '.join(KINDS)} are")
        given = ids.cpu().numpy()
        kept = (given >= self.first) & ((given == END).cumsum(1) == 0)
        texts = pa.array(self.tokens, pa.string())
        if "int64" in kind:
            kept &= np.concatenate([np.zeros(self.first, bool), self.integers.numpy()])[given]
        offsets = pa.array(np.concatenate([[0], np.cumsum(kept.sum(1))]), pa.int32())
        values = texts.take(pa.array(given[kept] - self.first))
        if kind == "string":
            return pc.binary_join(pa.ListArray.from_arrays(offsets, values), " ").to_pylist()  # type: ignore[no-any-return]
        if "int64" in kind:
            values = values.cast(pa.int64())
        if kind == "int64":
            if not kept.any(1).all():
                raise BadValue(f"row {int(np.argmin(kept.any(1)))} has no integer, so it is no answer of type int64")
            return values.take(offsets[:-1]).to_pylist()  # type: ignore[no-any-return]
        return pa.ListArray.from_arrays(offsets, values).to_pylist()  # type: ignore[no-any-return]

    @property
    def integers(self) -> Bool[Tensor, " token"]:
        """Which tokens spell an integer as int64 columns do."""
        found = pc.match_substring_regex(pa.array(self.tokens, pa.string()), r"^(0|-?[1-9][0-9]{0,18})$")
        return torch.from_numpy(found.to_numpy(zero_copy_only=False).astype(bool))


def columns_of(table: pa.Table, kinds: Mapping[str, str]) -> list[pa.ChunkedArray]:
    """The named columns in order. Raises `BadValue` where one is missing or of a type that is not made of tokens."""
    for name, kind in kinds.items():
        if kind not in KINDS:
            raise BadValue(f"column {name!r} is of type {kind}; sequences of tokens are made of {', '.join(KINDS)}")
        if name not in table.column_names:
            raise BadValue(f"there is no column {name!r}; the columns are {', '.join(table.column_names)}")
    return [table.column(name) for name in kinds]


def _cut(column: Any) -> tuple[Int[np.ndarray, " row"], Int[np.ndarray, " token"], pa.Array]:
    """Tokens of each row, each token's place in the distinct ones, and the distinct ones as strings."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(column, pa.ChunkedArray):  # what no chunk is left of
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    kind = column.type
    if column.null_count:
        raise BadValue("a column of tokens has null in it; every row needs a value")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(column))
        tokens = column.flatten()
        lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False).astype(np.int64)
        empty = pc.equal(tokens, "").to_numpy(zero_copy_only=False).astype(bool)
        if empty.any():  # a string of blanks only: one empty token where there should be none
            tokens = tokens.filter(pa.array(~empty))
            lengths -= empty[np.cumsum(lengths) - lengths]
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        tokens = column.flatten()
        lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False).astype(np.int64)
    else:
        tokens, lengths = column, np.ones(len(column), np.int64)
    if not (pa.types.is_string(tokens.type) or pa.types.is_large_string(tokens.type) or pa.types.is_int64(tokens.type)):
        raise BadValue(f"a column of type {kind} is not made of tokens; {', '.join(KINDS)} are")
    coded = pc.dictionary_encode(tokens)
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return lengths, codes, coded.dictionary.cast(pa.string())
