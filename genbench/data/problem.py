"""A split as its task builds it, as what a submission may see of it, and as what it may not: `sever` makes the cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int

    from genbench.cards import Answer, SplitCard, Value


@dataclass(frozen=True, slots=True)
class Data:
    """One split as its task builds it: tables with the card's columns, question sets with their axes beside the target.

    `train` and `validation` hold the input columns, the target and the columns that the card has as `given`; each table
    of `questions` holds the input columns, the target and the split's axis columns. Row order and repeats are part of
    the split. `classes` names the labels 0, 1, 2, ... of the target: a submission sees them as the ClassLabel feature
    of `train`. `unreadable` tells of each question set the rows whose input is broken at its source, and where and how;
    the task puts something that can be read in its place, and whatever is answered counts as wrong. `note` says what a
    row should tell of the data: which release was found, say. `auxiliary` are the tables beside train that the card
    declares of the split, by name.
    """

    train: pa.Table
    questions: Mapping[str, pa.Table]
    validation: pa.Table | None = None
    classes: tuple[str, ...] = ()
    unreadable: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    note: str = ""
    auxiliary: Mapping[str, pa.Table] = field(default_factory=dict)

    def subsets(self) -> dict[str, pa.Table]:
        """What identifies the data: train, validation, the question sets, auxiliary tables and names of classes."""
        own = {"train": self.train} | ({} if self.validation is None else {"validation": self.validation})
        if self.classes:
            own["classes"] = pa.table({"name": pa.array(self.classes, pa.string())})
        own |= {f"questions/{name}": table for name, table in self.questions.items()}
        return own | {f"auxiliary/{name}": table for name, table in self.auxiliary.items()}


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a submission may see. `questions` holds `question_id` and the input columns, shuffled over all sets."""

    train: pa.Table
    validation: pa.Table | None
    questions: pa.Table
    auxiliary: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Targets:
    """What it may not see. Row i of every array belongs to the question with id i.

    `question_set` is a position in `sets`; an axis has null where a question set does not carry it.
    """

    sets: tuple[str, ...]
    question_set: np.ndarray
    target: pa.Array
    slices: Mapping[str, pa.Array] = field(default_factory=dict)
    unreadable: tuple[int, ...] = ()  # ids of questions whose input is broken: no answer to them is right
    answer: Answer = "target"  # what an answer is, as the card says
    questions: pa.Table | None = None  # the input columns of what was asked, for the task's own metrics
    bayes: Float[np.ndarray, " question"] | None = None  # the best attainable of each, where the card tells it of all


def attainable(
    split: SplitCard,
    given: Mapping[str, Value] | None,
    sets: tuple[str, ...],
    question_set: Int[np.ndarray, " question"],
) -> Float[np.ndarray, " question"] | None:
    """The best attainable of each question, by its place in `sets`; None where the card does not tell it of all.

    Under `given` parameters a card tells it where it is an expression of them.
    """
    told = split.levels("bayes", given)
    return np.array([told[name] for name in sets])[question_set] if set(sets) <= told.keys() else None
