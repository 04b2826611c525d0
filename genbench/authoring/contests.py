"""Contests of stored rows, and what today's code would call their cells."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from genbench import registry
from genbench.evaluation import build, keys
from genbench.evaluation.plan import Cell
from genbench.evaluation.supplies import NOTHING, supplies
from genbench.rows import clocks, provenance
from genbench.rows.schema import CELLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.evaluation.cell import Profile
    from genbench.evaluation.supplies import Supply
    from genbench.registry import Catalogue, ChosenSplit, ChosenSubmission

LOOKED_AT = [name for name in CELLS.names if name != "log"]  # which may be long


class Contest(NamedTuple):
    """A submission on a split under a profile, by the labels of rows."""

    task: str
    split: str
    submission: str
    profile: Profile

    @property
    def label(self) -> str:
        """`scan/length  mlp@decay5  full`."""
        return f"{self.task}/{self.split}  {self.submission}  {self.profile}"


def by_contest(rows: Iterable[Mapping[str, Any]]) -> dict[Contest, list[Mapping[str, Any]]]:
    """Rows of CELLS by their contest, in order; of each contest the newest first."""
    found: dict[Contest, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (clocks.when(row["started"]), row["cell"]), reverse=True):
        found[Contest(row["task"], row["split"], row["submission"], row["profile"])].append(row)
    return dict(sorted(found.items()))


@dataclass
class Today:
    """What a contest is by today's cards and folders."""

    split: ChosenSplit
    submission: ChosenSubmission
    profile: Profile
    settings: Mapping[str, Any]
    folders: Mapping[Any, str] = field(repr=False)
    supply: Supply = NOTHING

    def key(self, seed: int, data: str, salt: str | None = None) -> str:
        """The name that a cell of this contest has today; `salt` is what rows call so."""
        cell = Cell(self.split, self.submission, seed, self.profile, self.settings, salt=salt or "")
        return keys.key_of(cell, data, self.folders, self.supply)

    def former(self, seed: int, data: str) -> str:
        """The name that it had until tasks were named by their data."""
        cell = Cell(self.split, self.submission, seed, self.profile, self.settings)
        return keys.former_key(cell, data, self.folders, self.supply)

    @property
    def columns(self) -> dict[str, str | int]:
        """The columns of CELLS that follow from the name, but for the edition."""
        return {
            "task_fingerprint": self.folders[self.split.task.folder, self.split.split.name],
            "submission_fingerprint": self.folders[self.submission.card.folder, ""],
            "task_params": json.dumps(self.split.counted, sort_keys=True),
            "submission_params": json.dumps(self.submission.counted(self.settings), sort_keys=True),
        }

    @property
    def versions(self) -> dict[str, str]:
        """The versions of today that decide."""
        libraries = (*self.split.task.libraries, *self.submission.card.libraries)
        return keys.deciding(provenance.versions(libraries) | dict(self.supply.versions))

    def against(self, row: Mapping[str, Any]) -> str:
        """Why a stored row is not of this contest as it is today, whatever it answered; "" where nothing speaks so.

        A parameter that the card has got since takes its default and says nothing: equal answers show that the row had
        it so.
        """
        then = keys.deciding(json.loads(row["versions"]))
        for name in sorted(then.keys() & self.versions.keys()):
            if then[name] != self.versions[name]:
                return f"run with {name} {then[name]}, here is {self.versions[name]}"
        for column, given in (("task_params", self.split.params), ("submission_params", self.settings)):
            for name, value in json.loads(row[column]).items():
                if name not in given:
                    return f"run with parameter {name} = {value!r}, which the card does not have any more"
                if given[name] != value:
                    return f"run with {name} = {value!r}, which is {given[name]!r} today"
        budget = self.submission.card.budget(self.profile, self.submission.variant)
        if row["budget_seconds"] != budget:
            return f"run with a budget of {row['budget_seconds']:g} seconds, which is {budget:g} today"
        if row["device"] != provenance.device():
            return f"run on {row['device']}, here is {provenance.device()}"
        return ""

    def added(self, row: Mapping[str, Any]) -> str:
        """The submission's parameters that the row does not know of, as JSON: they have their defaults."""
        known = json.loads(row["submission_params"])
        counted = self.submission.counted(self.settings)
        return json.dumps({name: value for name, value in counted.items() if name not in known}, sort_keys=True)

    def data(self) -> str:
        """The fingerprint of today's data: the card's where nothing was set by hand, measured otherwise.

        Raises `GenbenchError` where the data cannot be had.
        """
        declared = self.split.split.fingerprint
        if not self.split.given and declared.startswith("sha256:"):
            return declared
        return build.build(self.split).fingerprint


def today_of(contest: Contest, found: Catalogue, folders: dict[Any, str]) -> Today:
    """Today's cards of a contest; `folders` keeps fingerprints from one contest to the next.

    Raises `UnknownName` or `BadValue` where there is no such split, submission or parameter any more, `Unavailable`
    where this machine has not what the submission needs.
    """
    (split,) = registry.choose_splits([f"{contest.task}/{contest.split}"], found, typed_now=False)
    (submission,) = registry.choose_submissions([contest.submission], found)
    name = f"{contest.task}/{split.split.name}"
    settings = submission.card.settings(name, contest.profile, submission.variant, submission.given)
    wanted = [(split.task.folder, split.split.name), (submission.card.folder, "")]
    cell = Cell(split, submission, 0, contest.profile, settings)
    if not all(one in folders for one in wanted):
        folders |= keys.folders_of([cell])
    return Today(split, submission, contest.profile, settings, folders, supplies([cell]).of(cell))


def signature(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What seeds of one contest must share for one to speak for another; also of an entry of a lineage."""
    versions = row["versions"] if isinstance(row["versions"], dict) else json.loads(row["versions"])
    return (
        *(row[name] for name in ("task_fingerprint", "submission_fingerprint", "task_params", "submission_params")),
        tuple(sorted(keys.deciding(versions).items())),
    )


def seeds_told(seeds: Sequence[int]) -> str:
    """`seed 3`, or `seeds 0, 1, 2`."""
    return f"seed{'s' * (len(seeds) != 1)} {', '.join(str(seed) for seed in sorted(seeds))}"
