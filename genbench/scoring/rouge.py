"""ROUGE-L: how much of a text's words an answer has, in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from genbench.scoring.matching import exact_match

if TYPE_CHECKING:
    import pyarrow as pa
    from jaxtyping import Float

WORD: Final = re.compile("[a-z0-9]+")  # of lower-cased text; all else parts words


def rouge_l(predictions: pa.Array, targets: pa.Array) -> Float[np.ndarray, " question"]:
    """F of ROUGE-L (Lin 2004): 2 l / (m + n) for texts of m and n words whose longest common subsequence has l.

    Words are runs of `a-z0-9` in lower-cased text, as in google-research's rouge-score, and are not stemmed; Mishra et
    al. 2021 (arXiv:2104.08773) stem them, which matters to English alone. Texts that `exact_match` holds for equal
    score 1, also where they have no such words; unequal ones without them 0, as by that package, to which all that is
    written in other letters is alike.
    """
    marks = exact_match(predictions, targets)
    unequal = np.flatnonzero(marks != 1)  # the others need no Python objects
    if not len(unequal):
        return marks
    given, wanted = ([words(text) for text in column.take(unequal).to_pylist()] for column in (predictions, targets))
    both = np.array([len(one) + len(other) for one, other in zip(given, wanted, strict=True)])
    common = cpdist(given, wanted, scorer=LCSseq.similarity, dtype=np.float64)
    marks[unequal] = np.divide(2 * common, both, out=np.zeros(len(both)), where=both > 0)
    return marks


def words(text: str) -> list[str]:
    """The words of a text, lower-cased.

    >>> words("Red  green, Blue-2!")
    ['red', 'green', 'blue', '2']
    """
    return WORD.findall(text.lower())
