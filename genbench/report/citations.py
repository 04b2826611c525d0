"""BibTeX of what was reported: the papers of tasks and submissions, each entry once, and genbench itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from genbench import strangers
from genbench.edition import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genbench.cards import SubmissionCard, TaskCard

OURS: Final = f"""@software{{genbench,
  title   = {{genbench: the benchmark suite and leaderboard for generalization in machine learning}},
  author  = {{{{genbench contributors}}}},
  version = {{{VERSION}}},
  url     = {{https://github.com/genbench/genbench}}
}}"""
_START: Final = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_TITLE: Final = re.compile(r"\btitle\s*=\s*(.+)", re.IGNORECASE)


def bibtex(cards: Sequence[TaskCard | SubmissionCard]) -> tuple[str, list[str]]:
    """Entries of the cards behind genbench's own, and a line for each card whose entries cannot be told.

    An entry of several cards stands once; another of the same key gets a letter behind it.
    """
    found: dict[str, str] = {"genbench": OURS}
    faults = []
    for card in cards:
        try:
            own = list(entries(card.bibtex))
        except ValueError as fault:
            faults.append(f"{card.folder.name}: its bibtex is left out: {fault}")
            continue
        for key, entry in own:
            _put(found, key, entry)
    return "\n\n".join(found.values()) + "\n", faults


def entries(text: str) -> Iterator[tuple[str, str]]:
    """(key, entry) of BibTeX. Raises `ValueError` where an entry does not end, or there is text but no entry."""
    place = 0
    while (start := _START.search(text, place)) is not None:
        end = _end(text, text.index("{", start.start()))
        yield start[2], strangers.plain(text[start.start() : end])
        place = end
    if place == 0 and text.strip():
        raise ValueError(f"it has no entry: {text.strip()[:40]!r}")


def _end(text: str, start: int) -> int:
    """Behind the brace that closes the one at `start`; a brace behind a backslash counts, as BibTeX has it."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError("a brace is not closed")


def _put(found: dict[str, str], key: str, entry: str) -> None:
    """Keep an entry; where its key is taken by another, by the next free letter."""
    for letter in ("", *"abcdefghijklmnopqrstuvwxyz"):
        taken = found.get(key + letter)
        own = entry.replace(key, key + letter, 1)
        if taken is None:
            found[key + letter] = own
        if taken is None or _same(taken, own):
            return


def _same(one: str, other: str) -> bool:
    """Whether two entries of a key are of one work: of one title, or else alike but for blanks."""
    titles = [_TITLE.search(entry) for entry in (one, other)]
    told = [entry if title is None else title[1] for entry, title in zip((one, other), titles, strict=True)]
    return len({re.sub(r"\W", "", text).lower() for text in told}) == 1
