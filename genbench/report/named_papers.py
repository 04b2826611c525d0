"""The papers that cards and published figures name, in their own words: which tasks and submissions are of which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.published import Figure
    from genbench.registry import Catalogue

NUMBER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
TITLE = re.compile(r"(?:(?<=after )|(?<=of )|(?<=by )|(?<=: )|^)([A-ZÀ-Ž].*\b(?:19|20)\d\d\b.*?)(?: \([^)]*\))?$")


@dataclass
class Named:
    """A paper as the first card or figure that names it does; cards by name, and the figures published of it."""

    title: str
    tasks: list[str] = field(default_factory=list)
    submissions: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def papers(cards: Catalogue, figures: Sequence[Figure]) -> dict[str, Named]:
    """The papers by their number of arXiv, or by their words where they have none."""
    found: dict[str, Named] = {}
    for name, card in cards.tasks.items():
        for paper in named(card.paper, found):
            paper.tasks.append(name)
    for name, one in cards.submissions.items():
        for paper in named(one.paper, found):
            paper.submissions.append(name)
    for figure in figures:
        for paper in named(figure.paper, found):
            paper.figures.append(figure)
    return found


def named(text: str, found: dict[str, Named]) -> list[Named]:
    """The papers that a card or a figure names, new ones put among those that were found.

    A text may name several, between semicolons, or each with a number of arXiv; what names no year is no paper.
    """
    parts = [part.strip() for one in " ".join(text.split()).split(";") for part in _each(one)]
    told = [match for part in parts if (match := TITLE.search(part))]
    keys = [(number.group(1) if (number := NUMBER.search(one[1])) else one[1], one[1]) for one in told]
    return [found.setdefault(key, Named(title)) for key, title in keys]


def _each(text: str) -> list[str]:
    """A part of a text that has several numbers of arXiv, cut behind the words in brackets that follow each."""
    return re.split(r"(?<=\))(?:,| and) ", text) if len(NUMBER.findall(text)) > 1 else [text]
