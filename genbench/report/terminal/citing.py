"""BibTeX printed, of what was named."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from genbench import strangers
from genbench.errors import UnknownName, nearest
from genbench.registry import catalogue
from genbench.report.citations import bibtex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.cards import SubmissionCard, TaskCard
    from genbench.registry import Catalogue


def cite(names: Sequence[str]) -> None:
    """Print the entries of what is named, behind genbench's own; on standard error whose card gives none.

    Raises `UnknownName` for a name that nothing has.
    """
    found = catalogue()
    cards: dict[str, TaskCard | SubmissionCard] = {}
    for name in names:
        cards |= {f"{card.folder}": card for card in _named(name, found)}
    text, faults = bibtex(list(cards.values()))
    without = [f"{card.name}: its card names no paper" for card in cards.values() if not card.bibtex]
    for line in (*faults, *without):
        print(strangers.plain(line), file=sys.stderr)
    print(text, end="")


def _named(name: str, found: Catalogue) -> list[TaskCard | SubmissionCard]:
    """The cards of a task, a split or a submission, as rows are labelled: variants and parameters have no paper."""
    bare = name.partition(":")[0]
    task, _, split = bare.partition("/")
    tasks = [
        card
        for card in found.tasks.values()
        if fnmatchcase(card.name, task) and (not split or any(fnmatchcase(one, split) for one in card.splits))
    ]
    base = bare.partition("@")[0]
    submissions = [] if split else [card for card in found.submissions.values() if fnmatchcase(card.name, base)]
    if not tasks and not submissions:
        splits = [f"{card.name}/{one}" for card in found.tasks.values() for one in card.splits]
        hint = nearest(bare, [*found.tasks, *splits, *found.submissions])
        raise UnknownName(f"no task, split or submission is called {name!r}{hint}")
    return [*tasks, *submissions]
