"""Where accuracy breaks: the curve nearest to it that never rises with length, and where that leaves a level."""

from __future__ import annotations

from typing import Final

import numpy as np

KEPT: Final = 0.9  # accuracy up to which a submission has not broken
HALF: Final = 0.5


def fall(shares: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The accuracies that never rise with length and are nearest to `shares`, weighted by `counts`; both (length,).

    >>> fall(np.array([1.0, 0.8, 0.9, 0.1]), np.array([10, 10, 10, 10])).round(2).tolist()
    [1.0, 0.85, 0.85, 0.1]
    """
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(shares, weights=counts, increasing=False).x)


def points(lengths: np.ndarray, shares: np.ndarray, counts: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """For each row of `shares` (draw, length) the largest length whose fit is at `level`, and where it falls below.

    No fit is made: it is at least `level` up to the length at which the questions right in excess of that share, added
    up from the shortest on, are most; there it leaves with the steepest slope before and the least steep after
    (Groeneboom & Jongbloed 2014, section 2.1, the other way up).
    """
    rows, last = len(shares), len(lengths)
    right = np.concatenate([np.zeros((rows, 1)), np.cumsum(shares * counts, axis=1)], axis=1)
    asked = np.concatenate([[0], np.cumsum(counts)])
    excess = np.round(right - level * asked, 9)
    at = last - np.argmax(excess[:, ::-1], axis=1)  # how many lengths are at the level
    inside = (at > 0) & (at < last)
    place = np.where(inside, at, 1)
    each = np.arange(rows)[:, None]
    away = asked - asked[place][:, None]
    slope = (right - right[each, place[:, None]]) / np.where(away == 0, 1, away)
    before = np.where(away < 0, slope, np.inf).min(1)
    after = np.where(away > 0, slope, -np.inf).max(1)
    above, below = lengths[place - 1], lengths[np.minimum(place, last - 1)]
    part = np.clip((before - level) / np.where(before > after, before - after, 1), 0, 1)
    outside = np.where(at == 0, -np.inf, np.inf)
    return np.where(inside, above, outside), np.where(inside, above + part * (below - above), outside)
