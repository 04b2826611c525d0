"""Which rows are asked for, by their labels, and which files may hold them: what cannot is never opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from genbench.errors import BadValue
from genbench.report.filters import takes

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Wanted:
    """Globs over labels; an empty tuple takes all.

    A task's glob without a slash names the task with all its splits, or a whole `task/split`.
    """

    tasks: tuple[str, ...] = ()
    submissions: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()

    def in_folder(self, task: str, submission: str) -> bool:
        """Whether rows that are wanted may lie in the folder of a task and a submission, both without parameters."""
        return (not self.tasks or any(_may_begin(pattern, task, "/") for pattern in self.tasks)) and (
            not self.submissions or any(_may_begin(pattern, submission, "@:") for pattern in self.submissions)
        )

    def row(self, row: Mapping[str, object]) -> bool:
        """Whether a row with task, split, submission, profile and seed is wanted."""
        task, split = str(row["task"]), f"{row['task']}/{row['split']}"
        return (
            (not self.tasks or any(takes(pattern, task, split) for pattern in self.tasks))
            and (not self.submissions or any(fnmatchcase(str(row["submission"]), one) for one in self.submissions))
            and (not self.profiles or row["profile"] in self.profiles)
            and (not self.seeds or row["seed"] in self.seeds)
        )


def _may_begin(pattern: str, name: str, ends: str) -> bool:
    """Whether a label that begins with `name` and goes on with one of `ends`, or stops there, may match."""
    literal = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    first = re.split(f"[{ends}]", literal, maxsplit=1)[0]
    whole = literal == pattern or first != literal
    return name == first if whole else name.startswith(first)


def wanted(
    task: str | Sequence[str] | None = None,
    submission: str | Sequence[str] | None = None,
    profile: str | Sequence[str] | None = None,
    seed: int | Sequence[int] | None = None,
) -> Wanted:
    """The filter as a person gives it: one value, or several, or none. Raises `BadValue` for values of another type."""
    seeds = () if seed is None else (seed,) if not isinstance(seed, Sequence) else tuple(seed)
    if any(isinstance(one, bool) or not hasattr(one, "__index__") for one in seeds):
        raise BadValue(f"seed is {seed!r}; it must be a number, or a list of them")
    return Wanted(
        _texts(task, "task"), _texts(submission, "submission"), _texts(profile, "profile"), tuple(map(int, seeds))
    )


def _texts(given: str | Sequence[str] | None, what: str) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Sequence) or not all(isinstance(one, str) for one in given):
        raise BadValue(f"{what} is {given!r}; it must be a name, a glob, or a list of them")
    return tuple(given)
