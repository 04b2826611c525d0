"""How near a wrong sequence came to the right one: in tokens, by position, by prefix and by edits."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from genbench.scoring.matching import exact_match
from genbench.scoring.tokens import lengths, token_counts, tokens


def token_accuracy(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Share of positions at which answer and target hold the same token, over the longer of the two.

    A missing or surplus token is a wrong position, so a right prefix of a long answer is not mistaken for the whole.
    Two empty sequences score 1.
    """
    shorter, longer, _, same = _aligned(predictions, targets)
    total = np.concatenate([[0], np.cumsum(same)])
    ends = np.cumsum(shorter)
    hits = total[ends] - total[ends - shorter]
    return np.asarray(np.divide(hits, longer, out=np.ones(len(longer)), where=longer > 0))


def first_error(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Share of the longer sequence that stands before the first wrong position; 1 where there is none.

    It tells an answer that goes astray early from one that is right for long, which `token_accuracy` cannot: one token
    too many at the start puts all others out of place.
    """
    right, longer = _right_before(predictions, targets)
    return np.asarray(np.divide(right, longer, out=np.ones(len(longer)), where=longer > 0))


def prefix_length(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Number of tokens before the first wrong position; as many as the target has where there is none.

    `first_error` is a share of what is asked, so it falls with length even for an answer that always goes astray at the
    same place; this stays where it is. Tokens after a whole target change nothing.
    """
    right, _ = _right_before(predictions, targets)
    return np.asarray(np.minimum(right, token_counts(targets)), dtype=np.float64)  # blanks agree in one empty token


def _right_before(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Positions before the first wrong one of those that answer and target share, and the longer's length."""
    shorter, longer, within, same = _aligned(predictions, targets)
    wrong = np.flatnonzero(~same)
    rows, first = np.unique(np.repeat(np.arange(len(shorter)), shorter)[wrong], return_index=True)
    right = shorter.copy()
    right[rows] = within[wrong[first]]
    return right, longer


def _aligned(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """How long the shorter and the longer of each pair are; for each position they share, its number and whether equal.

    The last two are flat: the shared positions of the first pair, then those of the second, ...
    """
    if pa.types.is_string(targets.type):
        predictions, targets = tokens(predictions), tokens(targets)
    given, wanted = lengths(predictions), lengths(targets)
    shorter, longer = np.minimum(given, wanted), np.maximum(given, wanted)
    given_flat, wanted_flat = predictions.flatten(), targets.flatten()
    # Positions 0 .. shorter-1 of every row, as indices into the two flat arrays.
    ends = np.cumsum(shorter)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - shorter, shorter)
    given_at = np.repeat(np.cumsum(given) - given, shorter) + within
    wanted_at = np.repeat(np.cumsum(wanted) - wanted, shorter) + within
    same = pc.equal(given_flat.take(pa.array(given_at)), wanted_flat.take(pa.array(wanted_at)))
    return shorter, longer, within, np.asarray(same.to_numpy(zero_copy_only=False)).astype(bool)


def token_edit_distance(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Levenshtein distance in tokens (insert, delete, replace: 1 each) over the longer of the two: 0 right, 1 nothing.

    Two empty sequences score 0.
    """
    distances = 1.0 - exact_match(predictions, targets)
    unequal = np.flatnonzero(distances)  # the others need no Python objects
    if len(unequal):
        rows = pa.array(unequal)
        given, wanted = predictions.take(rows), targets.take(rows)
        if pa.types.is_string(targets.type):
            given, wanted = tokens(given), tokens(wanted)
        scored = cpdist(given.to_pylist(), wanted.to_pylist(), scorer=Levenshtein.normalized_distance, dtype=np.float64)
        distances[unequal] = scored
    return distances
