"""A policy over the words of a goal, and what a text gives it to begin with.

After Li et al. 2022 (arXiv:2202.01771), whose policy starts from a pretrained language model. Here a word is a vector,
and what a text gives is where the vectors come from:

    own     each word of the demonstrations has a direction of its own, and another word none
    random  vectors drawn from the seed, of as many numbers as those of the text
    text    which words stand together in the sentences of the auxiliary table `text`: their positive pointwise mutual
            information within a sentence, cut to its largest directions (Levy & Goldberg 2014, Neural Word Embedding
            as Implicit Matrix Factorization). A word that the text lacks has a direction of its own

A goal is its words' vectors side by side. At each step of a plan the policy chooses an action and what it is done to,
by ridge regression on the steps of the demonstrations; what it is done to is a word, or a word of the goal by its place
there, so that a thing never demonstrated can still be named. A plan ends where the policy says so. None of the paper's
observations, histories or networks is here.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from genbench import seeds
from genbench.errors import BadData, nearest
from genbench.kit import ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

TEXT = "text"  # the table beside train, and its column of sentences
SENTENCE = "sentence"
VECTORS = ("own", "random", "text")
END = ""  # what a policy does after the last step
Step = tuple[str, str | int]  # an action, and a word or the place of one in the goal


class Policy:
    """The submission: for each step weights of shape (numbers of a goal, what was done at that step)."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        (self.column,) = context.inputs

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Learn each step. Raises `BadData` without rows, without sentences, and for goals of several lengths."""
        del validation
        goals = [goal.split() for goal in train[self.column]]
        plans = [plan.split() for plan in train[self.context.target]]
        if not goals:
            raise BadData(f"{self.context.task}/{self.context.split} has no demonstrations to learn from")
        if len(lengths := {len(goal) for goal in goals}) > 1:
            raise BadData(f"goals are of {min(lengths)} to {max(lengths)} words; they must be of one length")
        if odd := [" ".join(plan) for plan in plans if len(plan) % 2]:
            raise BadData(f"the plan {odd[0]!r} is not actions and what they are done to, in turn")
        (self.length,) = lengths
        self.vectors = self.of_words(sorted({word for goal in goals for word in goal}))
        rows = self.rows(goals)
        self.middle = rows.mean(0)
        demonstrated = [steps(goal, plan) for goal, plan in zip(goals, plans, strict=True)]
        self.learned: list[tuple[list[Step], Float[np.ndarray, "number step"]]] = []
        for place in range(max(map(len, demonstrated)) + 1):
            going = [row for row, own in enumerate(demonstrated) if len(own) >= place]
            done = [demonstrated[row][place] if len(demonstrated[row]) > place else (END, END) for row in going]
            known = list(dict.fromkeys(done))
            wanted = np.eye(len(known))[[known.index(one) for one in done]]
            self.learned.append((known, self.solved(rows[going] - self.middle, wanted)))
        self.parameters = sum(weights.size for _, weights in self.learned) + self.vectors_counted()

    def solved(
        self, rows: Float[np.ndarray, "row number"], wanted: Float[np.ndarray, "row step"]
    ) -> Float[np.ndarray, "number step"]:
        """Ridge regression with a constant, which is the last number and is not held back."""
        constant = np.append(rows, np.ones((len(rows), 1)), 1)
        square = constant.T @ constant
        held = float(self.params["decay"]) * np.trace(square) / len(square)
        return np.linalg.solve(square + held * np.diag([*[1.0] * rows.shape[1], 1e-9]), constant.T @ wanted)

    def of_words(self, words: Sequence[str]) -> dict[str, Float[np.ndarray, " number"]]:
        """A vector for each word of the demonstrations and of the text; of those random, none before it is met."""
        own = dict(zip(words, np.eye(len(words)), strict=True))
        if self.params["vectors"] != "text":
            return own if self.params["vectors"] == "own" else {}
        if TEXT not in self.context.auxiliary:
            where = f"{self.context.task}/{self.context.split}"
            raise BadData(f"{where} has no auxiliary table {TEXT!r}{nearest(TEXT, self.context.auxiliary)}")
        sentences = [sentence.split() for sentence in self.context.auxiliary[TEXT][SENTENCE]]
        told = embedded(sentences, int(self.params["numbers"]))
        nothing = np.zeros(len(next(iter(told.values()))))
        return {
            word: np.concatenate([told[word], np.zeros(len(words))] if word in told else [nothing, own[word]])
            for word in told.keys() | own.keys()
        }

    def vector(self, word: str) -> Float[np.ndarray, " number"]:
        """The vector of a word; of one that nothing told of, zeros."""
        if self.params["vectors"] == "random" and word not in self.vectors:
            draw = np.random.default_rng(seeds.derive(self.context.seed, "vectors", word))
            self.vectors[word] = draw.standard_normal(int(self.params["numbers"]))
        known = self.vectors.get(word)
        return np.zeros(len(next(iter(self.vectors.values())))) if known is None else known

    def vectors_counted(self) -> int:
        """Numbers of all vectors."""
        return sum(vector.size for vector in self.vectors.values())

    def rows(self, goals: Sequence[Sequence[str]]) -> Float[np.ndarray, "goal number"]:
        """Goals as numbers: the vectors of their words side by side."""
        return np.array([np.concatenate([self.vector(word) for word in goal]) for goal in goals])

    def predict(self, questions: Dataset) -> list[str]:
        """A plan for each goal."""
        goals = [goal.split() for goal in questions[self.column]]
        if wrong := [" ".join(goal) for goal in goals if len(goal) != self.length]:
            raise BadData(f"the goal {wrong[0]!r} is not of {self.length} words, as those of the demonstrations are")
        rows = np.append(self.rows(goals) - self.middle, np.ones((len(goals), 1)), 1)
        chosen = [[known[best] for best in (rows @ weights).argmax(1)] for known, weights in self.learned]
        plans = []
        for goal, *own in zip(goals, *chosen, strict=True):
            going = itertools.takewhile(lambda step: step[0] != END, own)
            plans.append(
                " ".join(f"{action} {goal[what] if isinstance(what, int) else what}" for action, what in going)
            )
        return plans


def steps(goal: Sequence[str], plan: Sequence[str]) -> list[Step]:
    """A plan's steps; what is a word of the goal stands as its place there.

    >>> steps("put the cup on the bed".split(), "walk attic grab cup put bed".split())
    [('walk', 'attic'), ('grab', 2), ('put', 5)]
    """
    return [
        (action, list(goal).index(what) if what in goal else what)
        for action, what in zip(plan[::2], plan[1::2], strict=True)
    ]


def embedded(sentences: Sequence[Sequence[str]], numbers: int) -> dict[str, Float[np.ndarray, " number"]]:
    """A vector for each word, of its positive pointwise mutual information with all words in the same sentence."""
    words = {word: place for place, word in enumerate(sorted({word for sentence in sentences for word in sentence}))}
    together = np.zeros((len(words), len(words)))
    for sentence in sentences:
        for first, second in itertools.permutations(sorted({words[word] for word in sentence}), 2):
            together[first, second] += 1
    share = together.sum(0) / together.sum()
    with np.errstate(divide="ignore"):
        information = np.log(together / together.sum() / np.outer(share, share))
    left, size, _ = np.linalg.svd(np.maximum(information, 0))
    vectors = left[:, :numbers] * np.sqrt(size[:numbers])
    return {word: vectors[place] for word, place in words.items()}


RANGES = {
    "vectors": (lambda it: it in VECTORS, f"one of {', '.join(VECTORS)}"),
    "numbers": (lambda it: it > 0, "1 or more"),
    "decay": (lambda it: it > 0, "above 0"),
}
