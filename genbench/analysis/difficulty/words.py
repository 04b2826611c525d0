"""The words of a table's rows, whatever its columns hold, as lists in Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jaxtyping import Int


def words_of(table: pa.Table, columns: Iterable[str]) -> pa.Array:
    """The words of each row as list<string>, columns one after the other.

    A string is cut at blanks, an element of a list is a word, and so is any other value. Where there are several
    columns, words bear the name of theirs (`a=5`), so that those of different columns are never the same word.
    """
    names = list(columns)
    parts = []
    for name in names:
        array = one_array(table[name])
        lists = cut(array)
        if len(names) > 1:
            flat = pc.binary_join_element_wise(name, lists.flatten(), "=")
            lists = pa.ListArray.from_arrays(_offsets(lists), flat)
        parts.append(lists)
    return parts[0] if len(parts) == 1 else _joined(parts)


def cut(array: pa.Array) -> pa.Array:
    """The words of one column: those of a string, the elements of a list, or the value itself."""
    if pa.types.is_string(array.type):
        trimmed = pc.utf8_trim_whitespace(array)
        lists = pc.utf8_split_whitespace(trimmed)
        counts = np.where(pc.equal(trimmed, ""), 0, sizes(lists))  # Arrow gives an empty string one empty word
        words = lists.flatten()
        return pa.ListArray.from_arrays(_starts(counts), words.filter(pc.not_equal(words, "")))
    if pa.types.is_list(array.type):
        return pa.ListArray.from_arrays(_offsets(array), array.flatten().cast(pa.string()))
    return pa.ListArray.from_arrays(pa.array(np.arange(len(array) + 1), pa.int32()), array.cast(pa.string()))


def _offsets(lists: pa.Array) -> pa.Array:
    return _starts(sizes(lists))


def _starts(counts: Int[np.ndarray, " row"]) -> pa.Array:
    return pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())


def _joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Lists of the same rows one behind the other."""
    counts = np.stack([sizes(part) for part in parts], axis=1)
    ends = np.concatenate([[0], np.cumsum(counts)])
    flat = pa.concat_arrays([part.flatten() for part in parts])
    begins = np.concatenate([[0], np.cumsum(counts.sum(0))])[:-1]
    order = np.empty(len(flat), np.int64)
    for place, begin in enumerate(begins):
        own = counts[:, place]
        inside = np.arange(own.sum()) - np.repeat(np.cumsum(own) - own, own)
        where = np.repeat(ends[:-1].reshape(counts.shape)[:, place], own) + inside
        order[where] = begin + np.arange(own.sum())
    return pa.ListArray.from_arrays(_starts(counts.sum(1)), flat.take(pa.array(order)))


def one_array(given: Any) -> Any:
    """A column that may lie in chunks as one array."""
    array = given.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def sizes(words: pa.Array) -> Int[np.ndarray, " row"]:
    """How many words each row has."""
    return np.asarray(pc.list_value_length(words)).astype(np.int64)
