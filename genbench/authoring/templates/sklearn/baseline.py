"""A classifier of scikit-learn: logistic regression on counts of tokens.

Each row is a document of tokens, what lies between blanks in a string and the items of a list, each with its column's
name before it; runs of up to `ngrams` tokens are counted. Each distinct training answer is a class, so an answer that
was never given in training cannot be given: this is for tasks whose answers are labels.

Change `model` for another classifier: whatever has `fit` and `predict` will do. What draws numbers takes `seed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasets import Dataset

    from genbench import Context, Value

SEEDS = 2**32  # the library's seeds are below this


def model(setting: Mapping[str, Value], seed: int) -> Pipeline:
    """From documents to the numbers of their classes."""
    longest = int(setting["ngrams"])
    return make_pipeline(
        CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False, ngram_range=(1, longest)),
        LogisticRegression(C=float(setting["c"]), max_iter=int(setting["iterations"]), random_state=seed),
    )


class Classifier:
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Number the answers in the order of their first appearance, and fit."""
        del validation
        answers = train.data.column(self.context.target).to_pylist()
        self.answers = list(dict.fromkeys(answers))
        numbers = {answer: number for number, answer in enumerate(self.answers)}
        self.model = model(self.context.params, self.context.seed % SEEDS)
        if len(self.answers) > 1:  # of one class there is nothing to learn
            self.model.fit(self.documents(train), np.array([numbers[answer] for answer in answers]))

    def predict(self, questions: Dataset) -> list[object]:
        """The answer of the likeliest class."""
        if len(self.answers) == 1:
            return self.answers * len(questions)
        return [self.answers[label] for label in self.model.predict(self.documents(questions))]

    def documents(self, given: Dataset) -> list[str]:
        """Each row's tokens with their columns, `a=3 b=14`."""
        names = list(self.context.inputs)
        columns = [given.data.column(name).to_pylist() for name in names]
        return [
            " ".join(f"{name}={token}" for name, value in zip(names, row, strict=True) for token in tokens(value))
            for row in zip(*columns, strict=True)
        ]


def tokens(value: object) -> list[object]:
    """What a value is made of."""
    if isinstance(value, str):
        return value.split()
    return value if isinstance(value, list) else [value]
