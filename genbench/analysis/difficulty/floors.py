"""What no learning scores: the commonest answer, the answer of the nearest input, and the right answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from genbench.analysis.difficulty.distances import nearest_rows
from genbench.analysis.difficulty.points import thinned
from genbench.analysis.difficulty.trees import chains, together
from genbench.analysis.difficulty.words import one_array, sizes
from genbench.scoring import grading
from genbench.scoring.constants import constant_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float, Int

    from genbench.cards import TaskCard
    from genbench.scoring.metric import Metric

COMPARED: Final = 4_000_000  # pairs of texts compared at once; bounds memory to a few megabytes
STEPS: Final = 1e9  # of comparing texts in all, about a second; where questions need more, every nth is compared
PRODUCTS: Final = 16  # multiplications of a matrix product in a step
WORD_BITS: Final = 64  # the compiled edit distance takes a step for a character and so many of the other text


def floors(
    headline: Callable[[pa.Table], Metric],
    train: pa.Table,
    asked: pa.Table,
    near: tuple[Int[np.ndarray, " some"], Int[np.ndarray, " some"]] | None,
    card: TaskCard,
) -> dict[str, float | None]:
    """The commonest answer, the answer of the nearest input, and the right answers, all graded.

    `headline` makes the metric of the questions that it is to grade; `near` are some questions, and the training row
    that is nearest to each.
    """
    answers = grading.as_answers(one_array(train[card.target]), card)
    right = one_array(asked[card.target])
    whole = headline(asked)
    found: dict[str, float | None] = {
        "majority": whole.over(whole.grade(constant_answer(whole.name, answers, len(right)), right)),
        "nearest": None,
        "ceiling": whole.over(whole.grade(grading.as_answers(right, card), right)),
    }
    if near is not None:
        some, rows = (pa.array(one) for one in near)
        part = headline(asked.take(some))
        found["nearest"] = part.over(part.grade(answers.take(rows), right.take(some)))
    return found


def by_words(shown: pa.Array, words: pa.Array) -> tuple[Int[np.ndarray, " some"], Int[np.ndarray, " some"]]:
    """Questions, every nth where they are many, and the training row nearest to each by edits of words."""
    across, along = float(np.mean(sizes(words))), float(np.mean(sizes(shown)))
    some = _some(len(words), len(shown) * max(1.0, across) * np.ceil(max(1.0, along) / WORD_BITS))
    return some, _nearest(shown, words.take(pa.array(some)))


def by_distance(
    points: Float[np.ndarray, "row number"], asked: Float[np.ndarray, "question number"]
) -> tuple[Int[np.ndarray, " some"], Int[np.ndarray, " some"]]:
    """The same of points and their distances."""
    rows, every = thinned(points)
    some = _some(len(asked), rows.size / PRODUCTS)
    return some, nearest_rows(rows, asked[some]) * every


def _some(questions: int, steps: float) -> Int[np.ndarray, " some"]:
    return np.arange(0, questions, int(np.ceil(questions * steps / STEPS)) or 1)


def _nearest(shown: pa.Array, asked: pa.Array) -> Int[np.ndarray, " question"]:
    """For each question the first training row at the least edit distance over words; equal rows are compared once."""
    both = together([chains(shown), chains(asked)])
    # Words become characters, which a compiled edit distance compares; surrogates are none.
    characters = [chr(code + 1 if code < 0xD7FF else code + 0x801) for code in range(len(both.known))]
    text = "".join(characters[label] for label in both.labels.tolist())
    texts = [text[start:end] for start, end in zip(both.starts[:-1].tolist(), both.starts[1:].tolist(), strict=True)]
    first = {one: place for place, one in reversed(list(enumerate(texts[: len(shown)])))}
    kept = sorted(first.values())
    known, wanted = [texts[place] for place in kept], texts[len(shown) :]
    kind = np.min_scalar_type(max(map(len, texts), default=0))
    size = max(1, COMPARED // len(known))
    found = [
        cdist(wanted[begin : begin + size], known, scorer=Levenshtein.distance, dtype=kind, workers=1).argmin(1)
        for begin in range(0, len(wanted), size)
    ]
    return np.asarray(np.array(kept)[np.concatenate(found)])
