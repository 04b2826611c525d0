"""The cards that are known: bundled ones and those of plug-ins."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from genbench import registry
from genbench.cards import SubmissionCard, TaskCard
from genbench.errors import UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Card = TypeVar("Card", TaskCard, SubmissionCard)


class Cards(Mapping[str, Card]):
    """Cards by name; a name that is not there raises `UnknownName` with the nearest."""

    def __init__(self, cards: Mapping[str, Card]) -> None:
        self._cards: Mapping[str, Card] = dict(cards)

    def __getitem__(self, name: str) -> Card:
        if name not in self._cards:
            raise UnknownName(f"there is no {name!r}{nearest(str(name), self._cards)}")
        return self._cards[name]

    def __contains__(self, name: object) -> bool:
        return name in self._cards

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def get(self, name: str, default: Any = None) -> Any:
        """The card of that name, or `default`."""
        return self._cards.get(name, default)

    def __len__(self) -> int:
        return len(self._cards)

    def __repr__(self) -> str:
        wide = max(map(len, self._cards), default=0)
        return "\n".join(f"{name:<{wide}}  {title}" for name, title in self._lines()) or "no cards"

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(title)}</td></tr>" for name, title in self._lines())
        return f"<table>{rows}</table>"

    def _lines(self) -> Iterator[tuple[str, str]]:
        for name, card in self._cards.items():
            inner, noun = (card.splits, "splits") if isinstance(card, TaskCard) else (card.variants, "variants")
            yield name, card.title + (f" ({len(inner)} {noun})" if len(inner) > 1 else "")


def tasks() -> Cards[TaskCard]:
    """The cards of all tasks by name, read without running any task's code.

    Plug-ins are among them. Cards with faults are left out and named by one warning. A card holds the columns with
    their types, metrics, source, BibTeX, and `splits` by name with their sizes in rows.

    >>> import genbench
    >>> card = genbench.tasks()["scan"]
    >>> dict(card.inputs), card.target, card.headline
    ({'commands': 'string'}, 'actions', 'exact_match')
    >>> card.splits["length"].train
    16990
    """
    found = registry.catalogue()
    _warn_of(found.faults)
    return Cards(found.tasks)


def submissions() -> Cards[SubmissionCard]:
    """The cards of all submissions by name, read without running any submission's code.

    Plug-ins are among them. Cards with faults are left out and named by one warning. A card holds what the submission
    takes, its parameters, `variants` and budget in seconds.

    >>> import genbench
    >>> genbench.submissions()["mlp"].budget_seconds["quick"] > 0
    True
    >>> genbench.submissions()["mpl"]
    Traceback (most recent call last):
        ...
    genbench.errors.UnknownName: there is no 'mpl'; did you mean 'mlp'?
    """
    found = registry.catalogue()
    _warn_of(found.faults)
    return Cards(found.submissions)


def _warn_of(faults: Iterable[Exception]) -> None:
    lines = [str(fault) for fault in faults]
    if lines:
        warnings.warn("left out, for their cards have faults:\n" + "\n".join(lines), stacklevel=3)
