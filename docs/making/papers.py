"""The page of papers, out of the cards and the published figures: where each lives, and what became of its figures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from making.markdown import cell

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.analysis.published import Figure

NUMBER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
TITLE = re.compile(r"(?:(?<=after )|(?<=of )|(?<=by )|(?<=: )|^)([A-ZÀ-Ž].*\b(?:19|20)\d\d\b.*?)(?: \([^)]*\))?$")
VERDICTS = ("reproduced", "compatible", "differs", "cannot tell")


@dataclass
class Paper:
    """A paper as the first card or figure that names it does; cards by name, and the verdicts on its figures."""

    title: str
    tasks: list[str] = field(default_factory=list)
    submissions: list[str] = field(default_factory=list)
    figures: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)


def page(root: Path) -> str:
    """Each paper with its tasks, its submissions and the verdicts on its figures."""
    found = papers(root)
    lines = [
        "# Papers\n",
        (
            "Every paper that a card or a published figure names, by the cards' own words. Verdicts are those of "
            "[published figures beside ours](../reproduction.md), which has each figure with its source, ours with its "
            "interval, and what ours departs in; `genbench reproduction leaderboard/results` makes it. A figure "
            "without a verdict has no row of ours beside it.\n"
        ),
        f"| paper | tasks | submissions | figures | {' | '.join(VERDICTS)} |",
        "| --- | --- | --- " + "| --: " * (1 + len(VERDICTS)) + "|",
    ]
    for paper in found:
        counts = [paper.figures, *(paper.verdicts[one] for one in VERDICTS)]
        numbers = " | ".join(str(count or "") for count in counts)
        tasks = ", ".join(f"[{name}](../../tasks/{name}/README.md)" for name in paper.tasks)
        submissions = ", ".join(f"`{name}`" for name in paper.submissions)
        lines.append(f"| {cell(paper.title)} | {tasks} | {submissions} | {numbers} |")
    return "\n".join([*lines, ""])


def papers(root: Path) -> list[Paper]:
    """The papers in the order of their titles."""
    from genbench.analysis import published
    from genbench.registry import catalogue

    found: dict[str, Paper] = {}
    cards = catalogue()
    for name, card in cards.tasks.items():
        for paper in named(card.paper, found):
            paper.tasks += [name] if (root / "tasks" / name / "README.md").is_file() else []
    for name, one in cards.submissions.items():
        for paper in named(one.paper, found):
            paper.submissions.append(name)
    figures = published.read(root / "leaderboard" / "published")
    for figure, said in zip(figures, verdicts(root, figures), strict=True):
        for paper in named(figure.paper, found):
            paper.figures += 1
            paper.verdicts.update(one for one in VERDICTS if said.startswith(one))
    return sorted(found.values(), key=lambda paper: paper.title.lower())


def named(text: str, found: dict[str, Paper]) -> list[Paper]:
    """The papers that a card or a figure names, new ones put among those that were found.

    A text may name several, between semicolons, or each with a number of arXiv; what names no year is no paper.
    """
    parts = [part.strip() for one in " ".join(text.split()).split(";") for part in _each(one)]
    told = [match for part in parts if (match := TITLE.search(part))]
    keys = [(number.group(1) if (number := NUMBER.search(one[1])) else one[1], one[1]) for one in told]
    return [found.setdefault(key, Paper(title)) for key, title in keys]


def _each(text: str) -> list[str]:
    """A part of a text that has several numbers of arXiv, cut behind the words in brackets that follow each."""
    return re.split(r"(?<=\))(?:,| and) ", text) if len(NUMBER.findall(text)) > 1 else [text]


def verdicts(root: Path, figures: list[Figure]) -> list[str]:
    """What is said of each figure, by the rows that are published."""
    from genbench.analysis.published import beside, verdict
    from genbench.registry import catalogue
    from genbench.report.figures import measured

    ours, slices = measured([str(root / "leaderboard" / "results")], figures, catalogue().tasks)
    return [verdict(one, beside(one, ours, slices)) for one in figures]
