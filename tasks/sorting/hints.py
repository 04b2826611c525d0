"""Hints: what is asked about a sequence besides its order, and the tokens that ask and answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from settings import Setting

HINTS = ("successor", "predecessor", "count", "fill", "parity")
ORDERED_HINTS = ("successor", "predecessor")  # need two different elements
BESIDE = "+"  # between the names of several hints
MARKS = ("|", "_", "odd", "even", *HINTS)  # tokens that are no number; their codes follow the numbers'
BAR, BLANK, ODD, EVEN = range(4)


def hinted(setting: Setting, stream: np.random.Generator, hint: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hints over sequences of one length: token codes of the inputs and of the one-token answers, a row for each."""
    rows = rows.astype(np.int64)
    ordered = np.sort(rows, axis=1)
    count, length = rows.shape
    each = np.arange(count)

    def some(choices: Any) -> np.ndarray:  # a position in 0 .. choices - 1 for each row
        return np.asarray(stream.integers(choices, size=count))

    if hint == "fill":
        hole = some(length)
        answer = ordered[each, hole]
        about = ordered.copy()
        about[each, hole] = setting.mark(BLANK)
    else:
        if hint == "successor":
            place = some((ordered < ordered[:, -1:]).sum(1))
        elif hint == "predecessor":
            place = length - 1 - some((ordered > ordered[:, :1]).sum(1))
        else:
            place = some(length)
        about = ordered[each, place][:, None]
        smaller, not_larger = (ordered < about).sum(1), (ordered <= about).sum(1)
        if hint == "successor":
            answer = ordered[each, not_larger]
        elif hint == "predecessor":
            answer = ordered[each, smaller - 1]
        elif hint == "count":
            answer = not_larger - smaller
        else:  # its first place, counted from 1, is smaller + 1
            answer = np.where(smaller % 2 == 0, setting.mark(ODD), setting.mark(EVEN))
    first = np.full((count, 1), setting.mark(MARKS.index(hint)))
    bar = np.full((count, 1), setting.mark(BAR))
    return np.concatenate([first, rows, bar, about], axis=1), answer[:, None]
