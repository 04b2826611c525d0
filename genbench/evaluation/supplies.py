"""What submissions need of this machine beside their own folder, looked for before any cell runs."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from genbench.errors import Unavailable
from genbench.evaluation import environments
from genbench.evaluation.environments import Environment, Resolved, Unresolved
from genbench.evaluation.named_files import Missing, NamedFile, digests, named_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from genbench.cards import SubmissionCard, Value
    from genbench.evaluation.plan import Cell


@dataclass(frozen=True, slots=True)
class Supply:
    """What one cell is supplied with: files that its parameters name, packages, variables."""

    files: tuple[NamedFile, ...] = ()
    environment: Environment | None = None
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)  # values are secrets

    @property
    def deciding(self) -> dict[str, object]:
        """What of it decides the cell's outcome beside versions; nothing where a card asks for nothing."""
        return {"files": {one.parameter: one.digest for one in self.files}} if self.files else {}

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the packages that were required, and of those that these need."""
        return {} if self.environment is None else self.environment.versions

    def settings(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Parameters as the cell is told them: files by absolute paths, for it runs in a folder of its own."""
        return {**given, **{one.parameter: str(one.path) for one in self.files if one.path is not None}}


NOTHING = Supply()


@dataclass(frozen=True, slots=True)
class Supplies:
    """The supplies of many cells; cells that need the same share one. `lacking` is what cannot be had, and why."""

    found: Mapping[tuple[Path, str], Supply] = field(default_factory=dict)
    lacking: Mapping[tuple[Path, str], tuple[str, ...]] = field(default_factory=dict)

    def of(self, cell: Cell) -> Supply:
        """The supply of a cell, which is one of those that were looked for."""
        return self.found.get(_needs(cell), NOTHING)

    def lacks(self, cell: Cell) -> tuple[str, ...]:
        """What a cell needs and cannot have, each with why; nothing where it can be run."""
        return self.lacking.get(_needs(cell), ()) if self.lacking else ()


def asks(card: SubmissionCard) -> bool:
    """Whether a card asks for anything beside its own folder."""
    return bool(card.files or card.requires or card.environment)


def supplies(cells: Sequence[Cell], *, apart: bool = True, some: bool = False, make: bool = True) -> Supplies:
    """Look for all that `cells` need, and make the environments that are not there yet.

    `apart` says that each cell has a process of its own, without which it can have no environment of its own. Raises
    `Unavailable` with everything that cannot be had, where no cell has all it needs, unless `some` says that others are
    run beside these. No environment is made before all requirements are resolved, and none where `make` is not: then
    what is not there yet cannot be had.
    """
    asking: dict[tuple[Path, str], Cell] = {}
    for cell in cells:
        if asks(cell.submission.card):
            asking.setdefault(_needs(cell), cell)
    if not asking:
        return Supplies()
    faults: dict[tuple[Path, str], list[str]] = {needs: [] for needs in asking}
    files: dict[tuple[Path, str], tuple[NamedFile, ...]] = {}
    known = digests()
    for needs, cell in asking.items():
        try:
            files[needs] = tuple(named_files(cell, known))
        except Missing as fault:
            faults[needs].append(str(fault))
    known.keep()
    variables = {needs: _variables(cell.submission.card, faults[needs]) for needs, cell in asking.items()}
    # What cannot run for another reason needs no environment; what is asked of it is resolved all the same, and told.
    wanted = {cell.submission.card.requires: False for cell in asking.values() if cell.submission.card.requires}
    for needs, cell in asking.items():
        if cell.submission.card.requires and not faults[needs]:
            wanted[cell.submission.card.requires] = True
    made, untold = _environments(wanted, apart=apart, make=make)
    for needs, cell in asking.items():
        required = cell.submission.card.requires
        if required in untold:
            faults[needs].append(f"requires {', '.join(required)}: {untold[required]}")
    lacking = {needs: tuple(told) for needs, told in faults.items() if told}
    if lacking and not some and all(_needs(cell) in lacking for cell in cells):
        raise Unavailable(
            [f"{asking[needs].submission.label}: {one}" for needs, told in lacking.items() for one in told]
        )
    return Supplies(
        {
            needs: Supply(files[needs], made.get(cell.submission.card.requires), variables[needs])
            for needs, cell in asking.items()
            if needs not in lacking
        },
        lacking,
    )


def _variables(card: SubmissionCard, faults: list[str]) -> dict[str, str]:
    """The variables that a card asks for; one that is not set, or empty, is a fault."""
    found = {name: os.environ.get(name, "") for name in card.environment}
    faults += [f"the environment variable {name} is not set" for name, value in found.items() if not value]
    return found


def _environments(
    wanted: Mapping[tuple[str, ...], bool], *, apart: bool, make: bool
) -> tuple[dict[tuple[str, ...], Environment], dict[tuple[str, ...], str]]:
    """The environments for requirements, by these, and why others cannot be had. `wanted` says which are made."""
    found: dict[tuple[str, ...], Environment] = {}
    faults: dict[tuple[str, ...], str] = {}
    to_make: dict[tuple[str, ...], Resolved] = {}
    for requirements in wanted:
        if not apart:
            faults[requirements] = "in this process it cannot have an environment of its own; take --executor process"
        elif (there := environments.kept(requirements)) is not None:
            found[requirements] = there
        elif not make:
            faults[requirements] = "no environment was made for it yet"
        else:
            try:
                to_make[requirements] = environments.resolve(requirements)
            except Unresolved as fault:
                faults[requirements] = str(fault)
    for requirements, resolved in to_make.items():
        if wanted[requirements]:
            try:
                found[requirements] = environments.make(resolved)
            except Unresolved as fault:
                faults[requirements] = str(fault)
    return found, faults


def _needs(cell: Cell) -> tuple[Path, str]:
    """What of a cell decides its needs: the card, and the parameters that name files, with who gave them."""
    card, given = cell.submission.card, cell.submission.given
    named = {name: [cell.settings[name], name in given] for name in card.files}
    return card.folder, json.dumps([named, cell.settings.get("revision")], sort_keys=True, default=str)
