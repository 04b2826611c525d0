"""How far two sets agree: question by question, and label by label over many questions.

Order and repeats of a list do not count. A single label is a set of one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

BOTH, GIVEN, WANTED = range(3)  # whether a label stands in answer and target, in the answer only, in the target only
STATES: Final = 3


def set_exact(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """1 where answer and target have the same elements, else 0."""
    common, given, wanted = _counts(predictions, targets)
    return np.asarray((common == given) & (common == wanted), np.float64)


def jaccard(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Elements in both over elements in either (Jaccard 1901); 1 where both are empty."""
    common, given, wanted = _counts(predictions, targets)
    return _share(common, given + wanted - common)


def set_f1(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Harmonic mean of precision and recall of the elements, 2 |both| / (|answer| + |target|); 1 where both are empty.

    Dice's coefficient (Dice 1945, doi:10.2307/1932409) by another name.
    """
    common, given, wanted = _counts(predictions, targets)
    return _share(2 * common, given + wanted)


def by_counts(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Of each question how many elements are in both, in the answer and in the target: shape (questions, 3)."""
    return np.stack(_counts(predictions, targets), axis=1).astype(np.float64)


def micro_f1(marks: np.ndarray) -> float:
    """F1 of all elements of all questions together, so that a question counts by its elements."""
    common, given, wanted = marks.sum(axis=0)
    return float(2 * common / (given + wanted)) if given + wanted else 1.0


def by_label(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Of each question its labels, those of answer and target, each as code * 3 + state; NaN behind the last.

    Labels that stand in no target have one code together, so that a row is no longer than there are labels to know.
    """
    rows, codes, states = _labels(predictions, targets)
    counts = np.bincount(rows, minlength=len(targets))
    marks = np.full((len(targets), int(counts.max(initial=0))), np.nan)
    marks[rows, np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)] = codes * STATES + states
    return marks


def macro_f1(marks: np.ndarray) -> float:
    """The mean over labels of their F1, 2 both / (answers + targets), so that a rare label counts like a frequent one.

    Over the labels of these questions' answers and targets, as scikit-learn has it; those that no target of the split
    has are one label, whose F1 is 0.
    """
    flat = marks[~np.isnan(marks)].astype(np.int64)
    if not len(flat):
        return 1.0
    _, label = np.unique(flat // STATES, return_inverse=True)
    both, given, wanted = (np.bincount(label, flat % STATES == state) for state in (BOTH, GIVEN, WANTED))
    return float(np.mean(2 * both / (2 * both + given + wanted)))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(part, whole, out=np.ones(len(whole)), where=whole > 0))


def _counts(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many distinct elements are in both, in the answer and in the target; int64 of shape (questions,) each."""
    given, wanted, size = _pairs(predictions, targets)
    common = np.intersect1d(given, wanted, assume_unique=True)
    counts = [np.bincount(pairs // size, minlength=len(targets)) for pairs in (common, given, wanted)]
    return counts[0], counts[1], counts[2]


def _labels(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each label of each question once: the question's row, the label's code and its state, in the order of rows."""
    given, wanted, size = _pairs(predictions, targets)
    known = np.unique(wanted % size)
    codes = given % size
    codes = np.where(np.isin(codes, known), codes, size)  # one code for all that no target has
    given = np.unique(given // size * (size + 1) + codes)
    wanted = wanted // size * (size + 1) + wanted % size
    both = np.union1d(given, wanted)
    states = np.where(~np.isin(both, wanted), GIVEN, np.where(np.isin(both, given), BOTH, WANTED))
    return both // (size + 1), both % (size + 1), states


def _pairs(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray, int]:
    """The distinct elements of answers and of targets, each as row * size + code, ascending; and the size."""
    lists = [_listed(values) for values in (predictions, targets)]
    coded = pa.concat_arrays([one.flatten() for one in lists]).dictionary_encode()
    size = max(1, len(coded.dictionary))
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    rows = [np.repeat(np.arange(len(one)), one.value_lengths().to_numpy(zero_copy_only=False)) for one in lists]
    given, wanted = np.split(codes, [len(rows[0])])
    return np.unique(rows[0] * size + given), np.unique(rows[1] * size + wanted), size


def _listed(values: pa.Array) -> pa.Array:
    """Lists as they are, single labels as lists of one."""
    if pa.types.is_list(values.type):
        return values
    return pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1), pa.int32()), values)
