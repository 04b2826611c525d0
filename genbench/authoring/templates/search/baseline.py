"""Hyper-parameters chosen on rows that are not asked: naive Bayes on counts of tokens, its smoothing and its n-grams.

Each setting of `GRID` is fitted on one part of the rows and scored on another; the best is then fitted on all training
rows. Questions take no part: they are not read before `fit` returns. The other part is validation, where the split has
it; else a share of the training rows is held out, drawn from the cell's seed. Those are like training, not like
the questions, so what is chosen need not be what generalizes best. The log has each setting's score.

The method (Maron 1961): each distinct training answer is a class, whose probability is the product of its share and of
those of the question's runs of up to `ngrams` tokens among all of the class, each counted `smoothing` times more often
than it is there. Change `GRID` and `NaiveBayes` for your own.
"""

from __future__ import annotations

import sys
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets import Dataset

    from genbench import Context

COMPARED = 4_000_000  # pairs of question and class at once; bounds memory to some tens of megabytes


class Setting(NamedTuple):
    """What is searched."""

    ngrams: int
    smoothing: float


class Row(NamedTuple):
    """A row's tokens, each with its column, and its answer, None where it is asked."""

    tokens: list[tuple[str, object]]
    answer: object


GRID = [Setting(*values) for values in product((1, 2), (0.01, 0.1, 1.0))]  # of equals the first is chosen


class Search:
    """The submission: looks for the best setting, and answers with it."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Score each setting on rows that it was not fitted on, and fit the best on all training rows."""
        rows = self.rows(train)
        known, held = self.parted(rows) if validation is None else (rows, self.rows(validation))
        known, held = self.some(known), self.some(held)
        scores = [score(setting, known, held) if held else 0.0 for setting in GRID]  # of one row nothing is held out
        for setting, found in zip(GRID, scores, strict=True):
            sys.stderr.write(f"{setting}: {found:.4f} of {len(held)} rows\n")
        self.chosen = GRID[int(np.argmax(scores))]
        self.model = NaiveBayes(self.chosen, rows)

    def predict(self, questions: Dataset) -> list[object]:
        """The answers of the setting that was chosen."""
        return self.model.answers(self.rows(questions))

    def parted(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """The rows without the share that is held out, and that share, one row at least in each."""
        order = np.random.default_rng(self.context.seed).permutation(len(rows))
        count = min(max(1, int(len(rows) * float(self.context.params["held_out"]))), len(rows) - 1)
        return [rows[place] for place in sorted(order[count:])], [rows[place] for place in sorted(order[:count])]

    def some(self, rows: list[Row]) -> list[Row]:
        """As many of the rows as are searched on at most, drawn at random, in order."""
        most = int(self.context.params["searched"])
        order = np.random.default_rng(self.context.seed).permutation(len(rows))
        return [rows[place] for place in sorted(order[:most])]

    def rows(self, given: Dataset) -> list[Row]:
        """The rows as the method takes them."""
        names, target = list(self.context.inputs), self.context.target
        columns = [given.data.column(name).to_pylist() for name in names]
        answers = given.data.column(target).to_pylist() if target in given.column_names else [None] * len(given)
        return [
            Row([(name, part) for name, value in zip(names, values, strict=True) for part in parts(value)], answer)
            for values, answer in zip(zip(*columns, strict=True), answers, strict=True)
        ]


def score(setting: Setting, known: Sequence[Row], held: Sequence[Row]) -> float:
    """The share of `held` that the setting, fitted on `known`, answers exactly."""
    given = NaiveBayes(setting, known).answers(held)
    return float(np.mean([answer == row.answer for answer, row in zip(given, held, strict=True)]))


class NaiveBayes:
    """The method with one setting."""

    def __init__(self, setting: Setting, rows: Sequence[Row]) -> None:
        self.setting = setting
        first: dict[str, int] = {}  # answers that are lists are told apart as written
        labels = np.array([first.setdefault(repr(row.answer), len(first)) for row in rows])
        self.known = [rows[place].answer for place in np.unique(labels, return_index=True)[1]]
        self.numbers: dict[object, int] = {}
        counts = self.counted(rows, grow=True)
        of_class = sparse.coo_array((np.ones(len(rows)), (labels, np.arange(len(rows))))).tocsr()
        totals = of_class @ counts
        # log((n + s) / (N + s V)) = log1p(n / s) + log(s / (N + s V)), of which the first is 0 where n is.
        self.extra = totals.copy()
        self.extra.data = np.log1p(totals.data / setting.smoothing)
        self.each = np.log(setting.smoothing / (totals.sum(1) + setting.smoothing * len(self.numbers)))
        self.prior = np.log(np.bincount(labels) / len(rows))

    def counted(self, rows: Sequence[Row], *, grow: bool = False) -> sparse.csr_array:
        """How often each row (shape: rows, runs) has each run of tokens; new runs count where `grow`."""
        columns, ends = [], [0]
        for row in rows:
            for size in range(1, self.setting.ngrams + 1):
                for begin in range(len(row.tokens) - size + 1):
                    run = tuple(row.tokens[begin : begin + size])
                    number = self.numbers.setdefault(run, len(self.numbers)) if grow else self.numbers.get(run, -1)
                    if number >= 0:
                        columns.append(number)
            ends.append(len(columns))
        shape = len(rows), len(self.numbers)
        return sparse.csr_array((np.ones(len(columns)), np.array(columns, np.int64), np.array(ends)), shape)

    def answers(self, rows: Sequence[Row]) -> list[object]:
        """The likeliest class of each row, the first among equals."""
        asked, size = self.counted(rows), max(1, COMPARED // len(self.known))
        found: list[object] = []
        for begin in range(0, len(rows), size):
            some = asked[begin : begin + size]
            likely = (some @ self.extra.T).toarray() + some.sum(1)[:, None] * self.each + self.prior
            found += [self.known[label] for label in likely.argmax(1)]
        return found


def parts(value: object) -> list[object]:
    """What a value is made of."""
    if isinstance(value, str):
        return value.split()
    return value if isinstance(value, list) else [value]
