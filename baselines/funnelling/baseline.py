"""Funnelling: classifiers of single languages, whose probabilities one classifier of all languages reads.

Generalized Funnelling (Moreo, Pedrotti & Sebastiani 2021, arXiv:2110.14764; andreapdr/gFun at 951b11f). A document
becomes one probability a topic by each of its views; views are scaled to length 1 and averaged, as theirs are, and a
second classifier, of all languages together, reads the average. There are two views:

    words       by a classifier of the document's own language
    dictionary  by a classifier of all languages, of the document's words in the first language, where a dictionary
                beside train has them

What a view says of a document of training comes from classifiers that did not see it, by `folds`. A document of a
language that training lacks has no view of words, and is seen by the other alone. `tier = "first"` ends after the view
of words: each language for itself.

Documents are rows of tf-idf, of length 1. Classifiers are least squares against -1 and 1 with a ridge, the second one
on a radial kernel; probabilities are fitted to the scores of documents left out, by a sigmoid a topic (Platt 1999,
Probabilistic Outputs for Support Vector Machines). Theirs are support vector machines; their views by correlations of
words with topics, by multilingual word vectors, recurrent networks and multilingual BERT are left out, and the
dictionary is ours. A document is given each topic whose probability is `threshold` or more, or else the likeliest.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from genbench import seeds
from genbench.errors import BadData, nearest
from genbench.kit import ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datasets import Dataset
    from jaxtyping import Bool, Float

    from genbench import Context

VIEWS = ("words", "words+dictionary")
TIERS = ("first", "second")
DICTIONARY = "dictionary"  # the table beside train, and its columns
WORD, TRANSLATION = "word", "translation"
NEWTON = 50  # steps for a sigmoid; it ends long before
HELD = 1e-3  # of a sigmoid's two numbers, so that topics without a document have one
Rows = Any  # Float[np.ndarray, "document number"]
Said = Any  # Float[np.ndarray, "document topic"]


class Classifier:
    """Ridge regression in terms of products with the documents of training, and a sigmoid for each topic."""

    def __init__(self, kernel: Callable[[Rows, Rows], Rows], decay: float, folds: int) -> None:
        self.kernel, self.decay, self.folds = kernel, decay, folds

    def fit(self, rows: Rows, labels: Bool[np.ndarray, "document topic"], draw: np.random.Generator) -> Said:
        """Learn; of each document the probabilities by classifiers that did not see it."""
        self.given, products, wanted = rows, self.kernel(rows, rows), np.where(labels, 1.0, -1.0)
        fold = draw.permutation(np.arange(len(rows)) % self.folds)
        scores = np.zeros(wanted.shape)
        for number in range(self.folds):
            kept, out = fold != number, fold == number
            scores[out] = products[np.ix_(out, kept)] @ self.solved(products[np.ix_(kept, kept)], wanted[kept])
        self.weights = self.solved(products, wanted)
        self.sigmoids = np.array([sigmoid(*pair) for pair in zip(scores.T, labels.T, strict=True)]).T
        return chances(scores, *self.sigmoids)

    def solved(self, products: Rows, wanted: Said) -> Said:
        """The weight of each document, by topic."""
        return np.linalg.solve(products + self.decay * np.eye(len(products)), wanted)

    def say(self, rows: Rows) -> Said:
        """The probability of each topic."""
        return chances(self.kernel(rows, self.given) @ self.weights, *self.sigmoids)


class Words:
    """Documents as tf-idf over the words of those it was made of."""

    def __init__(self, texts: Sequence[Sequence[int]]) -> None:
        counts = Counter(word for text in texts for word in set(text))
        self.place = {word: place for place, word in enumerate(sorted(counts))}
        self.rarity = np.array([math.log(len(texts) / counts[word]) for word in self.place])

    def rows(self, texts: Sequence[Sequence[int]]) -> Rows:
        """A row of length 1 for each document; of zeros where no word is known."""
        rows = np.zeros((len(texts), len(self.place)))
        for row, text in enumerate(texts):
            for word, times in Counter(text).items():
                if word in self.place:
                    rows[row, self.place[word]] = 1 + math.log(times)
        return scaled(rows * self.rarity)


class Funnelling:
    """The submission."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        kinds = {kind: name for name, kind in context.inputs.items()}
        self.words, self.language = kinds["list<int64>"], kinds["string"]

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Learn both tiers. Raises `BadData` without rows, for topics below 0, and without a dictionary it needs."""
        del validation
        where, target = f"{self.context.task}/{self.context.split}", self.context.target
        topics = train[target][:]
        if not topics or min((topic for own in topics for topic in own), default=-1) < 0:
            raise BadData(f"{where}: column {target!r} must hold topics from 0 on, and some")
        self.labels = np.zeros((len(topics), max(topic for own in topics for topic in own) + 1), bool)
        for row, own in enumerate(topics):
            self.labels[row, own] = True
        self.translations = self.translated(where)
        texts, languages = train[self.words][:], np.array(train[self.language][:])
        self.own: dict[str, tuple[Words, Classifier]] = {}
        views = [np.zeros(self.labels.shape)]
        for name in dict.fromkeys(languages.tolist()):
            here = np.flatnonzero(languages == name)
            self.own[name], views[0][here] = self.learned([texts[row] for row in here], here, name)
        if self.params["tier"] == "second":
            if self.translations is not None:
                pivoted = [self.pivoted(text) for text in texts]
                self.shared, said = self.learned(pivoted, np.arange(len(texts)), DICTIONARY)
                views.append(said)
            self.second = Classifier(radial, float(self.params["second_decay"]), self.folds(len(texts)))
            self.second.fit(averaged(views), self.labels, self.draw("second"))

    def learned(self, texts: Sequence[Sequence[int]], rows: Any, name: str) -> tuple[tuple[Words, Classifier], Said]:
        """The words and the classifier of some rows of training, and what it says of them."""
        words = Words(texts)
        classifier = Classifier(linear, float(self.params["decay"]), self.folds(len(texts)))
        return (words, classifier), classifier.fit(words.rows(texts), self.labels[rows], self.draw(name))

    def folds(self, documents: int) -> int:
        """As many as the card says, and no more than documents."""
        if documents < 2:
            raise BadData(f"{self.context.task}/{self.context.split}: a language needs two documents or more")
        return min(int(self.params["folds"]), documents)

    def draw(self, name: str) -> np.random.Generator:
        """What folds are drawn from."""
        return np.random.default_rng(seeds.derive("folds", name, self.context.seed))

    def translated(self, where: str) -> dict[int, int] | None:
        """Each word of another language in the first one; None where no view asks for it."""
        if "dictionary" not in str(self.params["views"]):
            return None
        if DICTIONARY not in self.context.auxiliary:
            hint = nearest(DICTIONARY, self.context.auxiliary)
            raise BadData(f"{where} has no auxiliary table {DICTIONARY!r}{hint}, which the view of that name reads")
        table = self.context.auxiliary[DICTIONARY]
        first = dict.fromkeys(table[WORD][:])
        return {word: word for word in first} | dict(zip(table[TRANSLATION][:], table[WORD][:], strict=True))

    def pivoted(self, text: Sequence[int]) -> list[int]:
        """A document's words in the first language, of those that the dictionary has."""
        return [self.translations[word] for word in text if word in self.translations]

    def predict(self, questions: Dataset) -> list[list[int]]:
        """The topics of each document."""
        texts, languages = questions[self.words][:], np.array(questions[self.language][:])
        views = [np.full((len(texts), self.labels.shape[1]), np.nan)]
        for name, (words, classifier) in self.own.items():
            here = np.flatnonzero(languages == name)
            if len(here):
                views[0][here] = classifier.say(words.rows([texts[row] for row in here]))
        if self.params["tier"] == "first":
            return self.chosen(np.where(np.isnan(views[0]), self.labels.mean(0), views[0]))
        if self.translations is not None:
            words, classifier = self.shared
            views.append(classifier.say(words.rows([self.pivoted(text) for text in texts])))
        return self.chosen(self.second.say(averaged(views)))

    def chosen(self, said: Said) -> list[list[int]]:
        """The topics whose probability reaches the threshold, or the likeliest."""
        threshold = float(self.params["threshold"])
        return [np.flatnonzero(own >= min(threshold, own.max())).tolist() for own in said]


def linear(rows: Rows, given: Rows) -> Rows:
    """Products of documents."""
    return rows @ given.T


def radial(rows: Rows, given: Rows) -> Rows:
    """exp(-|x - y|^2): both are of length 1, so that it lies between exp(-4) and 1."""
    return np.exp(2 * rows @ given.T - (rows**2).sum(1)[:, None] - (given**2).sum(1)[None])


def scaled(rows: Rows) -> Rows:
    """Rows of length 1; zeros stay zeros."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length, length, 1)


def averaged(views: Sequence[Said]) -> Said:
    """Views at length 1, and the mean of those that a document has; zeros where it has none."""
    there = [~np.isnan(view).any(1) for view in views]
    parts = [scaled(np.nan_to_num(view)) for view in views]
    return sum(parts) / np.maximum(sum(map(np.int64, there)), 1)[:, None]


def chances(scores: Said, slopes: Float[np.ndarray, " topic"], offsets: Float[np.ndarray, " topic"]) -> Said:
    """Scores through the sigmoids of their topics."""
    return 1 / (1 + np.exp(-np.clip(scores * slopes + offsets, -30, 30)))


def sigmoid(scores: Float[np.ndarray, " document"], labels: Bool[np.ndarray, " document"]) -> tuple[float, float]:
    """Slope and offset of the sigmoid that makes `labels` likeliest, with Platt's targets, by Newton's method."""
    right, wrong = labels.sum(), (~labels).sum()
    wanted = np.where(labels, (right + 1) / (right + 2), 1 / (wrong + 2))  # Platt 1999, section 2.2
    rows, numbers = np.stack([scores, np.ones(len(scores))], 1), np.zeros(2)
    for _ in range(NEWTON):
        said = 1 / (1 + np.exp(-np.clip(rows @ numbers, -30, 30)))
        slope = rows.T @ (said - wanted) + HELD * numbers
        numbers = numbers - np.linalg.solve((rows * (said * (1 - said))[:, None]).T @ rows + HELD * np.eye(2), slope)
    return float(numbers[0]), float(numbers[1])


RANGES = {
    "views": (lambda it: it in VIEWS, f"one of {', '.join(VIEWS)}"),
    "tier": (lambda it: it in TIERS, f"one of {', '.join(TIERS)}"),
    "decay": (lambda it: it > 0, "above 0"),
    "second_decay": (lambda it: it > 0, "above 0"),
    "folds": (lambda it: it >= 2, "2 or more"),
    "threshold": (lambda it: 0 < it < 1, "between 0 and 1"),
}
