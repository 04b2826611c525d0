"""Marks of several seeds on the same questions, as a two-way layout: what seeds, questions and the rest make of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from genbench.scoring.sureness import GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float, Int


@dataclass(frozen=True, slots=True)
class Layout:
    """The mean of some marks, and its variance in three parts.

    `seeds` is the variance of the seeds' means over their number (MSA/(SQ) of a two-way analysis of variance),
    `questions` that of the questions' means over theirs (MSB/(SQ)), `rest` the residual mean square over both
    (MSE/(SQ)), which is in each of the two: the variance of the mean is seeds + questions - rest. `questions` is None
    where nothing is known of it. `groups` are the units that were drawn: questions, or clusters of them.

    `deviations` has shape (groups,): what each unit adds to the mean, its expectation taken off, so scaled that the
    squares add up to `questions`. Two layouts on the same questions are compared by them. None: there are no marks.

    `strata` are the layouts of the questions of each stratum, with the share of all questions that it has, where
    questions were drawn from strata that are all there are: then what strata differ in is in no part of the variance.
    """

    values: tuple[float, ...]
    mean: float
    seeds: float
    questions: float | None
    rest: float
    groups: int
    clustered: bool = False
    deviations: Float[np.ndarray, " group"] | None = field(default=None, repr=False, compare=False)
    strata: tuple[tuple[float, Layout], ...] = field(default=(), repr=False, compare=False)

    @property
    def of_seeds(self) -> float:
        """The seeds' part of the variance. The residual, which is in both parts, is taken from each by one half."""
        return max(self.seeds - self.rest / 2, 0.0)

    @property
    def of_questions(self) -> float | None:
        """The questions' part of the variance, likewise; by chance it might be nothing, and at least half is left."""
        return None if self.questions is None else max(self.questions - self.rest / 2, self.questions / 2)


def layout(marks: Float[np.ndarray, "seed question"], clusters: Int[np.ndarray, " question"] | None = None) -> Layout:
    """The layout of marks, seed by seed on the same questions. There is at least one of each.

    `clusters` numbers the cluster of each question from 0. Questions of a cluster then count together, by the
    cluster-robust variance with its usual correction G/(G - 1) (CR1), in the questions' part and in the rest alike.
    Where all questions are of one cluster, each is a unit by itself: of what other clusters are like, nothing is known.
    With one seed the rest cannot be told from what questions are, and is in their part. One question tells nothing of
    how much they differ, and is taken for one that is right or wrong.
    """
    seeds, questions = marks.shape
    values, of_question = marks.mean(axis=1), marks.mean(axis=0)
    mean = float(values.mean())
    if clusters is not None and int(clusters.max()) == 0:
        clusters = None
    groups = questions if clusters is None else int(clusters.max()) + 1
    if groups == 1:
        return of_values(values.tolist(), 1, bounded=0 <= mean <= 1)
    scale = math.sqrt(groups / (groups - 1)) / questions

    def together(row: np.ndarray) -> np.ndarray:
        summed = row if clusters is None else np.bincount(clusters, weights=row, minlength=groups)
        return np.asarray(summed * scale)

    deviations = together(of_question - mean)
    part = rest = 0.0
    if seeds > 1:
        part = float(values.var(ddof=1)) / seeds
        left = (together(marks[seed] - of_question - (values[seed] - mean)) for seed in range(seeds))
        rest = math.fsum(float(row @ row) for row in left) / ((seeds - 1) * seeds)
    return Layout(
        values=tuple(values.tolist()),
        mean=mean,
        seeds=part,
        questions=float(deviations @ deviations),
        rest=rest,
        groups=groups,
        clustered=clusters is not None,
        deviations=deviations,
    )


def stratified(marks: Float[np.ndarray, "seed question"], strata: Int[np.ndarray, " question"]) -> Layout:
    """The layout of marks on questions that were drawn within strata, which are numbered from 0 and all there are.

    The mean over questions stays, and so do the seeds; questions, and single answers, vary within strata alone (Cochran
    1977, chapter 5). A stratum with one question tells nothing of how much those of it differ, so what it differs from
    all others counts as that.
    """
    seeds, questions = marks.shape
    values, of_question = marks.mean(axis=1), marks.mean(axis=0)
    mean = float(values.mean())
    held = np.bincount(strata)
    if len(held) == 1:
        return layout(marks)
    single = held[strata] == 1
    size = np.where(single, 2.0, held[strata])
    scale = np.sqrt(size / (size - 1)) / questions

    def within(row: np.ndarray, centre: float) -> np.ndarray:
        means = np.bincount(strata, weights=row) / held
        return np.asarray((row - np.where(single, centre, means[strata])) * scale)

    deviations = within(of_question, mean)
    part = rest = 0.0
    if seeds > 1:
        part = float(values.var(ddof=1)) / seeds
        left = (within(marks[seed] - of_question, float(values[seed]) - mean) for seed in range(seeds))
        rest = math.fsum(float(row @ row) for row in left) / ((seeds - 1) * seeds)
    order = np.argsort(strata, kind="stable")
    parts = np.split(marks[:, order], np.cumsum(held)[:-1], axis=1)
    return Layout(
        values=tuple(values.tolist()),
        mean=mean,
        seeds=part,
        questions=float(deviations @ deviations),
        rest=rest,
        groups=max(questions - len(held) + 1, 2),
        deviations=deviations,
        strata=tuple((own.shape[1] / questions, layout(own)) for own in parts),
    )


def of_values(
    values: Sequence[float],
    questions: int,
    *,
    bounded: bool = True,
    errors: Sequence[float] = (),
    groups: int = GROUPS,
) -> Layout:
    """The layout of seeds of which nothing but their values are known, each over `questions` questions.

    Of `bounded` marks, which lie in [0, 1], the variance over questions is at most that of marks which are 0 or 1; for
    others it is the mean square of `errors`, one for each seed, each measured on `groups` groups of questions at most,
    and where there are none it is not known. What questions share over seeds cannot be told from the rest, so all of it
    counts as theirs: too much, never too little.
    """
    count = len(values)
    mean = math.fsum(values) / count
    part: float | None = None
    units = questions
    if bounded and questions:
        mean = min(max(mean, 0.0), 1.0)  # a sum of ones may round above
        part = mean * (1 - mean) / max(questions - 1, 1)
    elif len(errors) == count and questions > 1:
        part, units = math.fsum(one * one for one in errors) / count, min(questions, groups)
    seeds = float(np.var(values, ddof=1)) / count if count > 1 else 0.0
    return Layout(tuple(values), mean, seeds, part, 0.0, units)
