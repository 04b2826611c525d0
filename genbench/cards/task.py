"""What a task says of itself: columns, metrics, splits and their question sets."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from genbench.cards.columns import answer_type
from genbench.cards.expressions import number
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genbench.cards.columns import ColumnType
    from genbench.cards.metric import MetricCard
    from genbench.cards.values import Value

QuestionKind = Literal["id", "ood", "trained"]
Direction = Literal["higher", "lower"]
Answer = Literal["target", "ranking", "set", "any_of"]
RESERVED: Final = frozenset({"question_id", "question_set", "prediction", "target", "correct", "slices"})
Level = float | str  # a number, or an expression of the split's parameters: 1/p
LevelName = Literal["chance", "floor", "bayes"]
UNSEEN: Final = "unseen"  # in place of a fingerprint: who wrote the card never held the data


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be from the right one and still be right: `abs` + `rel` * |target|."""

    abs: float = 0.0
    rel: float = 0.0


@dataclass(frozen=True, slots=True)
class Fragments:
    """Of which sub-datasets training is made: the column that tells them, and the inputs by which they differ."""

    environment: str
    nuisance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question set: what it asks and how many. `kind` is `trained` where training rows are asked again on purpose."""

    name: str
    kind: QuestionKind
    rows: int
    about: str = ""
    chance: Level | None = None
    floor: Level | None = None
    bayes: Level | None = None


@dataclass(frozen=True, slots=True)
class AuxiliaryCard:
    """A table beside train: unlabelled rows, a pretraining set with labels of its own, text, the edges of a graph."""

    name: str
    columns: Mapping[str, ColumnType]
    rows: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class SplitCard:
    """One way to divide a task. `params` are the task's with the split's own on top; sizes are in rows.

    `fingerprint` is `UNSEEN` where whoever wrote the card never held the data: rows then record what was measured.
    `chance`, `floor` (the best that looks at no question) and `bayes` (the best attainable) are of the headline metric.
    """

    name: str
    about: str
    chance: Level
    quick: bool
    embedded: bool
    axes: tuple[str, ...]
    params: Mapping[str, Value]
    train: int
    validation: int
    fingerprint: str
    questions: Mapping[str, QuestionCard]
    auxiliary: Mapping[str, AuxiliaryCard] = field(default_factory=dict)
    stream: str = ""  # the axis by which training comes in stages, one at a time; empty: all at once
    transductive: bool = False  # questions may stand, without their targets, in an auxiliary table

    floor: Level | None = None
    bayes: Level | None = None
    cluster: str | None = None  # as the task's, where the split says it for itself
    strata: str | None = None  # likewise
    bimodal: bool | None = None  # likewise

    def chance_of(self, question_set: str, params: Mapping[str, Value] | None = None) -> float:
        """The chance level of one question set: its own where it has one, the split's otherwise.

        `params` are those of the card where none are given. Raises `BadValue` where its expression has no value there.
        """
        found = self.told("chance", question_set)
        assert found is not None  # noqa: S101  a split has one
        return number(found, self.params if params is None else params) if isinstance(found, str) else found

    def told(self, level: LevelName, question_set: str) -> Level | None:
        """A level of one question set as the card has it: its own where it has one, the split's otherwise."""
        own: Level | None = getattr(self.questions[question_set], level)
        of_all: Level | None = getattr(self, level)
        return of_all if own is None else own

    def levels(self, level: LevelName, given: Mapping[str, Value] | None = None) -> dict[str, float]:
        """A level by question set, where it is told: under `given` parameters only where it is an expression.

        What a card says as a number, it says of its own parameters; an expression without a value there is left out.
        """
        found = {}
        for name in self.questions:
            told = self.told(level, name)
            if isinstance(told, str):
                with contextlib.suppress(BadValue):
                    found[name] = number(told, {**self.params, **(given or {})})
            elif told is not None and not given:
                found[name] = told
        return found


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task: its columns, metrics (the first is the headline), source and splits."""

    folder: Path
    name: str
    title: str
    entry: str
    about: str
    source: str
    commit: str
    license: str
    paper: str
    bibtex: str
    data_seed: int
    inputs: Mapping[str, ColumnType]
    target: str
    target_type: ColumnType
    axes: Mapping[str, ColumnType]
    chance_along: Mapping[str, Mapping[str, float]]  # of the slices of an axis, where they differ from the whole
    metrics: tuple[str, ...]
    direction: Direction
    libraries: tuple[str, ...]
    params: Mapping[str, Value]
    splits: Mapping[str, SplitCard]
    tolerance: Tolerance | None = None  # which the metric within asks; there may be none
    prefix: str = ""  # the parameter that is the number of training rows; there may be none
    given: Mapping[str, ColumnType] = field(default_factory=dict)  # columns of training that no question has
    # Or "ranking": labels, best first, with their probabilities; "set": the target's elements in any order; "any_of":
    # one of the target's elements.
    answer: Answer = "target"
    verify: str = ""  # entry that compares the data with official files; there may be none
    verify_reference: str = ""  # entry that recomputes published figures from a folder of reference data; likewise
    reported: str = ""  # entry that reads what was published of models, by class; there may be none
    verify_samples: str = ""  # entry that checks a file of samples by the task's rules; there may be none
    import_samples: str = ""  # entry that reads a file of samples into rows; there may be none
    export_samples: str = ""  # entry that makes a sample of a row; there may be none
    describe: str = ""  # entry that tells a person what an example says; there may be none
    parses: str = ""  # entry that says whether an answer parses, which the metric well_formed asks; there may be none
    draw: str = ""  # entry that draws an example as a Pillow image; images are drawn without one
    embedding: str = ""  # entry that makes vectors of inputs, for the difficulty of a split; there may be none
    fragments: Fragments | None = None  # of which sub-datasets training is made, likewise
    compounds: str = ""  # entry that parses inputs for the difficulty of a split, as Trees; there may be none
    idle: Mapping[str, Mapping[str, tuple[Value, ...]]] = field(default_factory=dict)  # where a parameter does nothing
    neutral: Mapping[str, Value] = field(default_factory=dict)  # at which value a parameter does nothing
    default: bool = True  # whether the default run takes its quick splits
    cluster: str = ""  # the axis whose values are the units that were drawn: questions of one value go together
    strata: str = ""  # the axis whose values are all there are: questions were drawn within each
    bimodal: bool = False  # whether seeds part into those that succeed and those that fail, so that means mislead
    own_metrics: Mapping[str, MetricCard] = field(default_factory=dict)  # those of `metrics` that the task brings

    @property
    def headline(self) -> str:
        """The metric a leaderboard ranks by."""
        return self.metrics[0]

    @property
    def answer_type(self) -> str:
        """The type of an answer: the target's, `set<int64>`, `any_of<string>`, `ranking` or `ranking<set>`."""
        return answer_type(self.answer, self.target_type)

    def cluster_of(self, split: SplitCard) -> str:
        """The axis whose values were drawn, where the split has one: its own word, or else the task's."""
        own = ("" if split.strata else self.cluster) if split.cluster is None else split.cluster
        return own if own in split.axes else ""

    def strata_of(self, split: SplitCard) -> str:
        """The axis whose values are all there are, likewise; none where the split has clusters."""
        own = self.strata if split.strata is None else split.strata
        return own if own in split.axes and not self.cluster_of(split) else ""

    def bimodal_of(self, split: SplitCard) -> bool:
        """Whether seeds on the split part into those that succeed and those that fail, likewise."""
        return self.bimodal if split.bimodal is None else split.bimodal

    def split(self, name: str) -> SplitCard:
        """The split called `name`. Raises `UnknownName` with a hint."""
        if name not in self.splits:
            raise UnknownName(f"{self.name} has no split {name!r}{nearest(name, self.splits)}")
        return self.splits[name]
