"""What no learning scores: the commonest answer, the answer of the nearest input, and the right answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from genbench.analysis.difficulty.trees import chains, together
from genbench.analysis.difficulty.words import one_array, sizes
from genbench.scoring import grading
from genbench.scoring.constants import constant_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Int

    from genbench.cards import TaskCard
    from genbench.scoring.metric import Metric

COMPARED: Final = 4_000_000  # pairs of texts compared at once; bounds memory to a few megabytes
STEPS: Final = 1e9  # of comparing texts in all, about a second; where questions need more, every nth is compared
WORD_BITS: Final = 64  # the compiled edit distance takes a step for a character and so many of the other text


def floors(
    headline: Callable[[pa.Table], Metric],
    train: pa.Table,
    shown: pa.Array,
    asked: pa.Table,
    words: pa.Array,
    card: TaskCard,
) -> dict[str, float | None]:
    """The commonest answer, the answer of the nearest input by edits of words, and the right answers, all graded.

    `headline` makes the metric of the questions that it is to grade.
    """
    answers = grading.as_answers(one_array(train[card.target]), card)
    right = one_array(asked[card.target])
    across, along = float(np.mean(sizes(words))), float(np.mean(sizes(shown)))
    steps = len(right) * len(answers) * max(1.0, across) * np.ceil(max(1.0, along) / WORD_BITS)
    some = np.arange(0, len(right), int(np.ceil(steps / STEPS)))
    nearest = _nearest(shown, words.take(pa.array(some)))
    whole, part = headline(asked), headline(asked.take(pa.array(some)))
    return {
        "majority": whole.over(whole.grade(constant_answer(whole.name, answers, len(right)), right)),
        "nearest": part.over(part.grade(answers.take(pa.array(nearest)), right.take(pa.array(some)))),
        "ceiling": whole.over(whole.grade(grading.as_answers(right, card), right)),
    }


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
