"""Token codes as text, thousands of rows at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
from hints import MARKS

WIDTHS = (4, 8, 16)  # bytes a token and the blank before it are packed in: 8192 tokens are looked up as one gather


def spelled(codes: np.ndarray, numbers: int, *, like: pa.Array | None = None) -> pa.Array:
    """One string per row of token codes (integers of shape `[row, token]`), tokens between blanks.

    Codes below `numbers` are numbers, those from there on the `MARKS`. Rows that hold the same tokens in another order
    are as long: `like` saves adding their lengths up again.
    """
    if not codes.size:
        return pa.array([""] * len(codes), pa.string())
    packed, lengths = vocabulary(numbers, words=bool(codes.max() >= numbers))
    cells = np.take(packed, codes, mode="clip")  # every code is a token's; clipping is the fast way to say so
    text = cells.view(np.uint8).reshape(len(codes), -1)
    text[:, 0] = 0  # the first blank
    if like is None:
        ends = np.zeros(len(codes) + 1, dtype=np.int32)
        np.cumsum(np.take(lengths, codes, mode="clip").sum(1, dtype=np.int32) - 1, out=ends[1:])
        offsets = pa.py_buffer(ends)
    else:
        offsets = like.buffers()[1]
    return pa.StringArray.from_buffers(len(codes), offsets, pa.py_buffer(text.tobytes().translate(None, b"\0")))


@lru_cache(maxsize=8)
def vocabulary(numbers: int, *, words: bool) -> tuple[np.ndarray, np.ndarray]:
    """A blank and the token at each code, packed and padded with zero bytes, and how many bytes they are.

    Without `words` the numbers only, which are packed closer.
    """
    tokens = [f" {token}".encode() for token in (*range(numbers), *(MARKS if words else ()))]
    width = next(width for width in WIDTHS if width >= max(map(len, tokens)))
    packed = np.array(tokens, dtype=f"S{width}")
    integers = {4: np.uint32, 8: np.uint64}.get(width)  # gathered faster than bytes
    return packed if integers is None else packed.view(integers), np.array(list(map(len, tokens)), dtype=np.int32)
