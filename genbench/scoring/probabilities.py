"""Metrics of the probabilities that rankings tell: of the right label, and of how well they order right and wrong.

All are of whole question sets, for none has a value where a probability was not told. What a ranking does not name was
given no probability: at most `rankings.KEPT` labels are kept, so with more classes than that a metric here judges what
was told of the likeliest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.data import rankings

if TYPE_CHECKING:
    import pyarrow as pa

LEAST: Final = 10.0**-rankings.DECIMALS  # taken for the probability of a label that was given less, or was not named
WORST: Final = -float(np.log(LEAST))  # the loss then


def by_loss(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question the negative log likelihood of its target: shape (questions, 1), NaN where none was told.

    -log p of the right label, natural (Good 1952), p no less than `LEAST`: what is rounded away cannot be told from 0.
    """
    told = np.maximum(_of_target(predictions, targets), LEAST)
    return np.asarray(np.maximum(-np.log(told), 0.0)[:, None])


def by_brier(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question its Brier score: shape (questions, 1), from 0 to 2, NaN where no probability was told.

    The sum over classes of (p - y)^2 with y 1 for the right one and else 0 (Brier 1950, his equation 2).
    """
    right = _of_target(predictions, targets)
    row, _, chances = _flat(predictions)
    squares = np.bincount(row, weights=chances * chances, minlength=len(predictions))
    return np.asarray(np.maximum(squares - 2 * right + 1, 0.0)[:, None])


def mean_told(marks: np.ndarray) -> float | None:
    """The mean of marks of shape (questions, 1); None where one is NaN, or there is none."""
    return None if not len(marks) or np.isnan(marks).any() else float(np.mean(marks))


def risk_coverage(marks: np.ndarray) -> float | None:
    """Area under the risk-coverage curve, of (confidence, right): the mean over k of the error among the k surest.

    Geifman, Uziel & El-Yaniv 2019 (arXiv:1805.08206), AURC with the 0/1 loss. Questions of equal confidence count as
    in the mean over their orders, so that no order of the rows has a say. None where a confidence was not told.
    """
    if not len(marks) or np.isnan(marks).any():
        return None
    order = np.argsort(-marks[:, 0], kind="stable")
    sure, wrong = marks[order, 0], 1.0 - marks[order, 1]
    starts = np.flatnonzero(np.concatenate([[True], sure[1:] != sure[:-1]]))
    sizes = np.diff([*starts, len(sure)])
    expected = np.repeat(np.add.reduceat(wrong, starts) / sizes, sizes)
    return float(np.mean(np.cumsum(expected) / np.arange(1, len(sure) + 1)))


def excess_risk_coverage(marks: np.ndarray) -> float | None:
    """E-AURC: the area above that of whoever is as often right, and surer of each right answer than of any wrong one.

    Same paper. Its closed form of the best area, r + (1 - r) log(1 - r), is a limit; here it is the best of so many
    questions, so that a perfect order has an excess of 0.
    """
    area = risk_coverage(marks)
    if area is None:
        return None
    return max(0.0, area - float(np.mean(np.cumsum(np.sort(1.0 - marks[:, 1])) / np.arange(1, len(marks) + 1))))


def by_ranking(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question its class and its ranking: (class, label, probability, label, ...), NaN beyond what was told.

    Shape (questions, 1 + 2 * `rankings.KEPT`).
    """
    row, labels, chances = _flat(predictions)
    within = np.arange(len(row)) - np.searchsorted(row, row)
    marks = np.full((len(predictions), 1 + 2 * rankings.KEPT), np.nan)
    marks[:, 0] = targets.to_numpy(zero_copy_only=False)
    marks[row, 1 + 2 * within] = labels
    marks[row, 2 + 2 * within] = chances
    return marks


def area_under_roc(marks: np.ndarray) -> float | None:
    """Area under the ROC curve: how often one of a class is given a higher probability of it than one of another.

    Ties count half (Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747). With two classes it is that of the
    greater label, whose probability is one less the other's where it was not told; with more, the mean over classes of
    each against the rest, all alike. None where a probability was not told, and where there is one class only.
    """
    classes = np.unique(marks[:, 0])
    labels, chances = marks[:, 1::2], marks[:, 2::2]
    if len(classes) < 2 or (~np.isnan(labels) & np.isnan(chances)).any():
        return None
    if len(classes) > 2:
        return float(np.mean([_roc(_told(labels, chances, one), marks[:, 0] == one) for one in classes]))
    lesser, greater = classes
    score = _told(labels, chances, greater)
    unsaid = ~(labels == greater).any(axis=1) & (labels == lesser).any(axis=1)
    score[unsaid] = 1.0 - _told(labels, chances, lesser)[unsaid]
    return _roc(score, marks[:, 0] == greater)


def _roc(scores: np.ndarray, positive: np.ndarray) -> float:
    """The share of pairs of a positive and a negative that `scores` order rightly, ties half: by mean ranks."""
    _, which, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[which]
    many = int(positive.sum())
    return float((ranks[positive].sum() - many * (many + 1) / 2) / (many * (len(scores) - many)))


def _told(labels: np.ndarray, chances: np.ndarray, label: float) -> np.ndarray:
    """The probability of `label` in each ranking, 0 where it is not named."""
    return np.asarray(np.where(labels == label, chances, 0.0).sum(axis=1, where=labels == label))


def _of_target(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """The probability that each ranking gives its target: 0 where it is not named, NaN where none was told."""
    row, labels, chances = _flat(predictions)
    found = np.zeros(len(predictions))
    hits = labels == targets.to_numpy(zero_copy_only=False)[row]
    found[row[hits]] = chances[hits]
    found[row[np.isnan(chances)]] = np.nan
    return found


def _flat(predictions: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each label named: the row of its ranking, the label, and its probability, NaN where it was not told."""
    named = predictions.flatten()
    lengths = np.asarray(predictions.value_lengths().to_numpy(zero_copy_only=False), np.int64)
    chances = np.asarray(named.field("probability").to_numpy(zero_copy_only=False), np.float64)
    return np.repeat(np.arange(len(lengths)), lengths), named.field("label").to_numpy(zero_copy_only=False), chances
