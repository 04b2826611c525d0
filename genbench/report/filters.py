"""Which rows are told of: by globs of splits and submissions, by profile, and how many of the best."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from genbench.errors import UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def takes(pattern: str, task: str, split: str) -> bool:
    """Whether a glob names a split, `split` being `task/split`: by its whole label, or by its task's name."""
    return fnmatchcase(split, pattern) or ("/" not in pattern and fnmatchcase(task, pattern))


@dataclass(frozen=True, slots=True)
class Filter:
    """What `--task --submission --profile --top` say; without any of them every row is taken.

    A split is named as its rows are labelled, `scan/length`, or by its task alone. `top` is how many of the best
    submissions each table keeps.
    """

    tasks: tuple[str, ...] = ()
    submissions: tuple[str, ...] = ()
    profile: str | None = None
    top: int | None = None

    def takes_split(self, split: str) -> bool:
        """Whether a split, `task/split`, is among those named."""
        return not self.tasks or any(takes(one, split.partition("/")[0], split) for one in self.tasks)

    def takes_submission(self, submission: str) -> bool:
        """Whether a submission is among those named, by the label of its rows."""
        return not self.submissions or any(fnmatchcase(submission, one) for one in self.submissions)

    def takes(self, split: str, submission: str, profile: str) -> bool:
        """Whether a row is told of."""
        return (
            self.takes_split(split)
            and self.takes_submission(submission)
            and (self.profile is None or profile == self.profile)
        )

    def chosen(self, rows: Sequence[Any]) -> list[Any]:
        """Of rows with task, split, submission and profile, those that are told of.

        Raises `UnknownName` where there are rows and none is taken, naming what comes near.
        """
        kept = [one for one in rows if self.takes(f"{one.task}/{one.split}", one.submission, one.profile)]
        if rows and not kept:
            splits = {f"{one.task}/{one.split}" for one in rows}
            raise UnknownName(self._nothing(splits, {one.submission for one in rows}))
        return kept

    def best(self, rows: Sequence[Any]) -> list[Any]:
        """The first `top` of rows that are in order; all of them where no number was given."""
        return list(rows if self.top is None else rows[: self.top])

    def _nothing(self, splits: Iterable[str], submissions: Iterable[str]) -> str:
        if not any(map(self.takes_split, splits)):
            return f"there are no rows of {' or '.join(self.tasks)}{nearest(''.join(self.tasks), splits)}"
        if not any(map(self.takes_submission, submissions)):
            named = " or ".join(self.submissions)
            return f"there are no rows of {named}{nearest(''.join(self.submissions), submissions)}"
        profile = f" in the {self.profile} profile" if self.profile else ""
        return f"there are no rows of these submissions on these splits{profile}"
