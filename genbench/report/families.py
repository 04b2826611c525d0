"""Many settings of one split, told as one table of means: a grid of 144 cells is a figure, not 144 sections of a page.

Splits belong to a family where their addresses give the same parameters, in other values, and the same submissions
answered them: `modular/addition_phases:corruption=0.2,share=0.4` and its like. Nothing is averaged: each setting keeps
its mean and its interval. There are no ranks, for a family compares settings and not submissions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from genbench.cards import address, spell
from genbench.errors import BadValue
from genbench.report.wording import figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.analysis.standings import Standing
    from genbench.cards import Value

MANY: Final = 9  # settings, from which on nobody wants a section for each


@dataclass(frozen=True, slots=True)
class Grid:
    """The standings of one submission on one question set: `cells` by the labels of their row and column."""

    question_set: str
    submission: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Standing]

    @property
    def one(self) -> Standing:
        """Any of its standings, for what they have in common: metric, direction, kind."""
        return next(iter(self.cells.values()))


@dataclass(frozen=True, slots=True)
class Family:
    """Settings of the split `base`: its grids have the parameters `up` down and `across` along."""

    task: str
    base: str
    profile: str
    labels: frozenset[str]
    up: str
    across: str
    grids: tuple[Grid, ...]

    @property
    def title(self) -> str:
        """The split and what varies: `addition_phases by corruption and share`."""
        return f"{self.base} by {self.up} and {self.across}" if self.up else f"{self.base} by {self.across}"


def families(standings: Sequence[Standing]) -> tuple[Family, ...]:
    """The families among `standings`, in their order; a split in none of them is told by itself."""
    submissions: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in standings:
        submissions[one.task, one.profile, one.split].add(one.submission)
    alike: dict[tuple[str, str, str, frozenset[str], frozenset[str]], list[str]] = defaultdict(list)
    for (task, profile, split), who in submissions.items():
        try:
            read = address(split)
        except BadValue:  # a stranger's row has whatever name it has
            continue
        if read.given:
            alike[task, profile, read.name, frozenset(read.given), frozenset(who)].append(split)
    found = []
    for (task, profile, *_), labels in alike.items():
        if len(labels) >= MANY:
            own = [one for one in standings if (one.task, one.profile) == (task, profile) and one.split in labels]
            found.append(_family(own, labels))
    return tuple(found)


def apart_from(standings: Sequence[Standing], alike: Sequence[Family]) -> list[Standing]:
    """The standings that no family tells."""
    told = {(family.task, family.profile, label) for family in alike for label in family.labels}
    return [one for one in standings if (one.task, one.profile, one.split) not in told]


def mean_at(grid: Grid, row: str, column: str) -> str:
    """The mean of a cell as text: a dash where it failed, nothing where there is none."""
    cell = grid.cells.get((row, column))
    return "" if cell is None else figure(cell.mean, cell.bounded)


def _family(standings: Sequence[Standing], labels: Sequence[str]) -> Family:
    given = {label: address(label).given for label in labels}
    known: dict[str, set[Value]] = defaultdict(set)
    for values in given.values():
        for key, value in values.items():
            known[key].add(value)
    varying = sorted((key for key in known if len(known[key]) > 1), key=lambda key: (len(known[key]), key))
    across = varying[-1:]  # the parameter of most values runs along the longer side
    up = varying[:-1]
    grids = []
    for question_set in dict.fromkeys(one.question_set for one in standings):
        for submission in dict.fromkeys(one.submission for one in standings):
            own = [one for one in standings if (one.question_set, one.submission) == (question_set, submission)]
            if own:
                cells = {(_label(given[one.split], up), _label(given[one.split], across)): one for one in own}
                rows, columns = (_ordered(given.values(), keys) for keys in (up, across))
                grids.append(Grid(question_set, submission, rows, columns, cells))
    first = standings[0]
    return Family(
        task=first.task,
        base=address(first.split).name,
        profile=first.profile,
        labels=frozenset(labels),
        up=", ".join(up),
        across=", ".join(across),
        grids=tuple(grids),
    )


def _label(values: Mapping[str, Value], keys: Sequence[str]) -> str:
    return ", ".join(spell(values[key]) for key in keys)


def _ordered(settings: Iterable[Mapping[str, Value]], keys: Sequence[str]) -> tuple[str, ...]:
    """The labels that occur, by their values: numbers as numbers, before texts."""

    def place(values: Mapping[str, Value]) -> tuple[tuple[bool, float, str], ...]:
        return tuple(
            (isinstance(value, str), 0.0 if isinstance(value, str) else float(value), str(value))
            for value in (values[key] for key in keys)
        )

    return tuple(dict.fromkeys(_label(values, keys) for values in sorted(settings, key=place)))
