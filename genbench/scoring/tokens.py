"""Sequences as tokens: strings cut at whitespace, lists as they are; counted, on whole Arrow arrays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def token_counts(values: pa.Array) -> np.ndarray:
    """How many tokens each sequence has: none where a string is blank."""
    if not pa.types.is_string(values.type):
        return lengths(values)
    blank = pc.equal(pc.utf8_trim_whitespace(values), "").to_numpy(zero_copy_only=False)
    return np.asarray(lengths(tokens(values)) - blank)


def tokens(strings: pa.Array) -> pa.Array:
    """Whitespace tokens of each string, as `str.split()` cuts them, but that an empty string has one empty token."""
    return pc.utf8_split_whitespace(pc.utf8_trim_whitespace(strings))


def lengths(lists: pa.Array) -> np.ndarray:
    """How many elements each list has: int64 of shape (rows,)."""
    return np.asarray(pc.list_value_length(lists).to_numpy(zero_copy_only=False)).astype(np.int64)
