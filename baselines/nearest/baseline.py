"""The answer of the nearest training example: what memory without a rule is worth.

Nearest neighbour classification (Cover & Hart 1967) with one neighbour. Where every input is a string, the distance is
Levenshtein's edit distance over tokens, a token being what lies between blanks, and several columns are joined by a
token of their own. Otherwise it is Hamming's: the number of columns whose values differ at all. Among equally near
examples the first in training order answers, so nothing is drawn and seeds do not matter.

Tokens become single characters, so that a compiled edit distance for strings compares them; there are 1,114,112.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datasets import Dataset
    from jaxtyping import Int

    from genbench import Context

    Rows = Int[np.ndarray, " row"]

SEPARATOR = " "  # between input columns; holds a blank, so no token of the data is spelled like it
COMPARED = 4_000_000  # pairs compared at once; bounds memory to a few megabytes


class Nearest:
    """Remembers training; the work is in `predict`."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Keep each distinct input once, with the answer it first had."""
        del validation
        examples = list(zip(*self.columns(train), strict=True))
        first = {example: row for row, example in reversed(list(enumerate(examples)))}
        kept = sorted(first.values())
        answers = train.data.column(self.context.target).to_pylist()
        self.examples = [examples[row] for row in kept]
        self.answers = [answers[row] for row in kept]

    def predict(self, questions: Dataset) -> list[object]:
        """The nearest example's answer."""
        asked = list(zip(*self.columns(questions), strict=True))
        text = set(self.context.inputs.values()) == {"string"}
        nearest = by_edits(self.examples, asked) if text else by_columns(self.examples, asked)
        return [self.answers[row] for rows in nearest for row in rows]

    def columns(self, given: Dataset) -> list[list[object]]:
        """The input columns as Python values."""
        return [given.data.column(name).to_pylist() for name in self.context.inputs]


def by_edits(examples: Sequence[Sequence[str]], asked: Sequence[Sequence[str]]) -> Iterator[Rows]:
    """For each question the first example at the least edit distance over tokens, some questions at a time."""
    characters = {SEPARATOR: chr(0)}

    def spelled(columns: Sequence[str]) -> str:
        words = (
            "".join(characters.setdefault(token, chr(len(characters))) for token in column.split())
            for column in columns
        )
        return characters[SEPARATOR].join(words)

    known, wanted = [spelled(columns) for columns in examples], [spelled(columns) for columns in asked]
    longest = max(map(len, known + wanted), default=0)
    for begin, end in chunks(len(wanted), len(known)):
        yield cdist(
            wanted[begin:end], known, scorer=Levenshtein.distance, dtype=np.min_scalar_type(longest), workers=1
        ).argmin(1)


def by_columns(examples: Sequence[Sequence[object]], asked: Sequence[Sequence[object]]) -> Iterator[Rows]:
    """For each question the first example that differs in the fewest columns, some questions at a time."""
    pairs = []
    for known, wanted in zip(zip(*examples, strict=True), zip(*asked, strict=True), strict=True):
        numbers = {value: number for number, value in enumerate(dict.fromkeys(known))}
        pairs.append(
            (np.array([numbers[value] for value in known]), np.array([numbers.get(value, -1) for value in wanted]))
        )
    for begin, end in chunks(len(asked), len(examples)):
        distance = np.zeros((end - begin, len(examples)), np.min_scalar_type(len(pairs)))
        for theirs, ours in pairs:
            distance += ours[begin:end, None] != theirs
        yield distance.argmin(1)


def chunks(questions: int, examples: int) -> Iterator[tuple[int, int]]:
    """Ranges of questions that together make at most `COMPARED` pairs, one question at least."""
    size = max(1, COMPARED // max(1, examples))
    for begin in range(0, questions, size):
        yield begin, min(begin + size, questions)
