"""Which examples are most like a question: BM25 (Robertson & Zaragoza 2009) over n-grams of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Int

    Rows = Int[np.ndarray, "question example"]

K1, B = 1.2, 0.75  # BM25's usual constants
COMPARED = 4_000_000  # pairs compared at once; bounds memory to some tens of megabytes


def terms(columns: Sequence[pa.ChunkedArray], ngrams: int) -> sparse.csr_array:
    """How often each row (shape: rows, terms) holds each run of 1 to `ngrams` tokens.

    Tokens of a string lie between blanks, those of a list are its elements, an integer is one. The same token in
    another column is another term.
    """
    rows, codes, total = [], [], 0
    for column in columns:
        whole = column.combine_chunks()
        if pa.types.is_string(whole.type):
            whole = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(whole))
        row = np.arange(len(whole))
        if pa.types.is_list(whole.type):
            row = np.repeat(row, pc.list_value_length(whole).to_numpy())
            whole = whole.flatten()
        tokens = whole.dictionary_encode()
        token = tokens.indices.to_numpy().astype(np.int64)
        begin, code = np.arange(len(token)), token
        for length in range(1, ngrams + 1):
            if length > 1:
                end = begin + length - 1
                inside = end < len(token)
                inside[inside] = row[begin[inside]] == row[end[inside]]
                begin, code = begin[inside], code[inside] * len(tokens.dictionary) + token[end[inside]]
                code = np.unique(code, return_inverse=True)[1]
            rows.append(row[begin])
            codes.append(code + total)
            total += int(code.max(initial=-1)) + 1
    where = np.concatenate(rows), np.concatenate(codes)
    return sparse.coo_array((np.ones(len(where[0])), where), (len(columns[0]), total)).tocsr()


def most_similar(known: sparse.csr_array, asked: sparse.csr_array, count: int) -> Rows:
    """For each of `asked` the `count` rows of `known` with the highest BM25, the highest first.

    Both are counts of the same terms. Among equals the first in training order is the higher one.
    """
    found = known.shape[0]
    if not count:
        return np.empty((asked.shape[0], 0), np.int64)
    holding = np.bincount(known.indices, minlength=known.shape[1])
    lengths = known.sum(1)
    row = np.repeat(np.arange(found), np.diff(known.indptr))
    rarity = np.log1p((found - holding + 0.5) / (holding + 0.5))
    crowding = K1 * (1 - B + B * lengths / max(lengths.mean(), 1e-9))
    distances = known.copy()  # BM25 with its sign turned: numpy finds the least of many equals faster than the largest
    distances.data = -rarity[known.indices] * known.data * (K1 + 1) / (known.data + crowding[row])
    distances = distances.T.tocsr()

    best, size = [], max(1, COMPARED // found)
    for begin in range(0, asked.shape[0], size):
        far = (asked[begin : begin + size] @ distances).toarray()
        for one, last in zip(far, np.partition(far, count - 1, axis=1)[:, count - 1], strict=True):
            nearer = np.flatnonzero(one < last)  # fewer than `count`; of the others there may be thousands alike
            nearer = nearer[np.argsort(one[nearer], kind="stable")]
            best.append([*nearer, *np.flatnonzero(one == last)[: count - len(nearer)]])
    return np.array(best)
