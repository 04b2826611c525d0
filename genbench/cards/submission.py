"""What a submission says of itself: what it takes, its parameters, overrides and variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from genbench.cards.columns import family
from genbench.cards.values import overridden
from genbench.errors import UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genbench.cards.task import SplitCard, TaskCard
    from genbench.cards.values import Value

Needs = Literal["cpu", "gpu"]


@dataclass(frozen=True, slots=True)
class Override:
    """Parameters that replace the card's own where profile and task match."""

    profile: str
    task: str
    params: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Variant:
    """A named setting of a submission's parameters, with a row of its own: `mlp@decay5`.

    `budget_seconds` is by profile, of those in which it may take another time than the submission's other cells.
    """

    name: str
    about: str
    params: Mapping[str, Value]
    budget_seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubmissionCard:
    """A submission: where its code is, what it takes, and its parameters."""

    folder: Path
    name: str
    title: str
    entry: str
    about: str
    authors: str
    license: str
    source: str
    paper: str
    bibtex: str
    default: bool
    tasks: tuple[str, ...]
    accepts_inputs: tuple[str, ...]
    accepts_target: tuple[str, ...]
    needs: Needs
    threads: int
    memory_gib: float
    libraries: tuple[str, ...]
    params: Mapping[str, Value]
    budget_seconds: Mapping[str, float]
    overrides: tuple[Override, ...]
    variants: Mapping[str, Variant]
    transductive: bool = False  # where fit yields, it looks at the questions and learns of them
    deterministic: bool = False  # seeds do not matter, so one is enough
    zero_shot: bool = False  # it answers a split that has nothing to train on
    requires: tuple[str, ...] = ()  # packages that it needs beside genbench's own
    environment: tuple[str, ...] = ()  # names of variables that its cells are given
    network: bool = False
    files: tuple[str, ...] = ()  # parameters that name files, whose content decides
    neutral: Mapping[str, Value] = field(default_factory=dict)  # at which value a parameter does nothing

    def takes(self, task: TaskCard, split: SplitCard) -> bool:
        """Whether this submission applies to the split, by name, column types, and what there is to train on."""
        named = any(fnmatchcase(f"{task.name}/{split.name}", pattern) for pattern in self.tasks)
        inputs = all(_accepted(kind, self.accepts_inputs) for kind in task.inputs.values())
        target = _accepted(task.target_type, self.accepts_target)
        return named and inputs and target and (split.train > 0 or self.zero_shot)

    def budget(self, profile: str, variant: str = "") -> float:
        """Seconds of wall clock that a cell may take: the variant's own where it has some for the profile."""
        own = self.variants[variant].budget_seconds if variant else {}
        return own.get(profile, self.budget_seconds[profile])

    def settings(
        self, task: str, profile: str, variant: str = "", given: Mapping[str, Value] | None = None
    ) -> dict[str, Value]:
        """Parameters for one cell: the card's, then matching overrides, the variant's, and those given by hand.

        Raises `UnknownName` for a variant or parameter the card does not have, `BadValue` for one of another type.
        """
        values = dict(self.params)
        for override in self.overrides:
            if fnmatchcase(profile, override.profile) and fnmatchcase(task, override.task):
                values.update(override.params)
        if variant:
            if variant not in self.variants:
                raise UnknownName(f"{self.name} has no variant {variant!r}{nearest(variant, self.variants)}")
            values.update(self.variants[variant].params)
        return overridden(values, given or {}, self.name)


def _accepted(kind: str, accepts: tuple[str, ...]) -> bool:
    """Whether a type is among those that are accepted: all where none is named, `vector` for those of any length."""
    return not accepts or kind in accepts or family(kind) in accepts
