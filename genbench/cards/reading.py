"""The card of a folder, read and validated: what is wrong with one is said at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from genbench.cards.read_submission import submission_card
from genbench.cards.read_task import task_card
from genbench.cards.table import Table, content, of_content
from genbench.errors import BadCard

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.cards.submission import SubmissionCard
    from genbench.cards.task import TaskCard

FILE: Final = "card.toml"


def read(folder: Path, kind: Literal["task", "submission"] | None = None) -> TaskCard | SubmissionCard:
    """The card in `folder`, validated and frozen. `kind` says which is wanted; None takes either.

    Raises `BadCard` with every fault of the card, or where there is no readable card.
    """
    return _read(folder, kind, content(folder / FILE, "a contribution's folder holds a card.toml"))


@lru_cache(maxsize=512)  # of every card, where catalogues are read again and again, as in a notebook
def _read(folder: Path, kind: Literal["task", "submission"] | None, given: bytes) -> TaskCard | SubmissionCard:
    path = folder / FILE
    table = of_content(path, given)
    faults: list[str] = []
    top = Table(table, faults, "card")
    found = top.choice("kind", ("task", "submission"))
    if kind and found in {"task", "submission"} and found != kind:
        raise BadCard(str(path), [f"key 'kind' is {found!r}; a {kind} is wanted here"])
    top.form = "submission" if (kind or found) == "submission" else "task"
    card = submission_card(folder, top) if top.form == "submission" else task_card(folder, top)
    top.done()
    if faults:
        raise BadCard(str(path), faults)
    return card
