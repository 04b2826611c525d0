"""The papers of the field: where each lives, what it found, what our rows say of that, and how to make them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from genbench import registry
from genbench.errors import BadValue
from genbench.report.figures import measured as standings_of
from genbench.report.named_papers import papers as named_papers
from genbench.report.papers import measured
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from genbench.analysis.papers import Finding, Measured, Paper, Reading
    from genbench.analysis.published import Figure
    from genbench.report.named_papers import Named
    from genbench.report.output import Output
    from genbench.report.tables import Row

WORDS: Final = ("reproduced", "compatible", "differs", "cannot tell", "no rows yet", "out of reach")
SEEDS: Final = 3  # of a command where there are no rows yet


def _ours(row: Row) -> str:
    if row["value"] is None:
        return NONE
    interval = "" if row["low"] is None else f" ({row['low']:.3f} to {row['high']:.3f})"
    return f"{row['value']:.3f}{interval}, {row['seeds']} seed{'s' if row['seeds'] != 1 else ''}"


COLUMNS: Final = (
    Column("paper", "text", "title, authors and year"),
    Column("arxiv", "text", "number of arXiv; empty where there is none"),
    Column("lives", "text", "tasks, submissions and verbs of the paper"),
    Column("finding", "text", "what it found, in a sentence", "finding"),
    Column("asked", "text", "bounds of the figure that shows it", "asked"),
    Column("value", "number", "the figure of our rows", "ours", _ours),
    Column("low", "number", "lower end of its 95 % interval"),
    Column("high", "number", "upper end of it"),
    Column("seeds", "integer", "training seeds of ours"),
    Column("verdict", "text", "what our rows say of the finding", "verdict"),
    Column("command", "text", "what makes the rows, or holds the finding"),
    Column("reading", "text", "what is read in our rows"),
    Column("mark", "text", "who found the bounds: verified, stated, rerun, ours or analogue"),
    Column("source", "text", "where they were read"),
)


HEADS: Final = ("paper", "lives in", "finding", "asked", "ours", "verdict", "command")  # of the page


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: a paper, and one of its findings or what stands in the place of one."""

    paper: str
    arxiv: str
    lives: str
    finding: Finding | None = None
    says: str = ""
    ours: Measured | None = None
    verdict: str = ""
    command: str = ""

    def row(self) -> list[object]:
        """Its values under COLUMNS."""
        finding, ours = self.finding, self.ours
        known = ours is not None and ours.value is not None
        figure = (ours.value, ours.low, ours.high, ours.seeds) if known and ours else (None, None, None, None)
        told = ("", "", "") if finding is None else (finding.shown, finding.mark, finding.source)
        asked = "" if finding is None else finding.asked
        lives, reading = self.lives.replace("`", ""), told[0].replace("`", "")
        marks = [self.verdict, self.command, reading, *told[1:]]
        return [self.paper, self.arxiv, lives, self.says, asked, *figure, *marks]


def papers(results: Sequence[str], folder: Path | None, output: Output) -> None:
    """Print what the papers found beside what our rows say of it."""
    from genbench.analysis.papers import read

    place = registry.papers_folder() if folder is None else folder
    known = read(place)
    if not known:
        raise BadValue(f"there are no papers in {place}; they are TOML files")
    lines = list(lines_of(known, results))
    if output.form == "markdown":  # with what is read, and where the bounds were, below it, as docs/papers.md has it
        print(markdown(lines), end="")
        return
    rows = [line.row() for line in lines]
    output.show(table_of("papers", COLUMNS, rows, sections=("paper", "arxiv", "lives"), heading=_heading))


def _heading(row: Row) -> str:
    number = f", arXiv:{row['arxiv']}" if row["arxiv"] else ""
    return f"{row['paper']}{number}; {row['lives'] or NONE}"


def lines_of(known: Sequence[Paper], results: Sequence[str]) -> Iterator[Line]:
    """The rows of the page: those of each paper that has a file, then papers that a card or a figure names alone."""
    from genbench.analysis.published import read

    cards = registry.catalogue()
    figures = read(registry.published_folder())
    named = named_papers(cards, figures)
    held = _verdicts(figures, results)
    readings = measured(known, results, cards.tasks)
    for paper in known:
        yield from _of_paper(paper, named.pop(paper.arxiv, None), readings, held)
    for key, one in sorted(named.items(), key=lambda pair: pair[1].title.lower()):
        number = key if key[:4].isdigit() else ""
        title = one.title.replace(f", arXiv:{number}", "") if number else one.title
        yield from _of_figures(title, number, _lives(one), one.figures, held) or [
            Line(title, number, _lives(one), says="named by its card; no figure is asked", verdict=NONE)
        ]


def _of_paper(
    paper: Paper, named: Named | None, readings: Mapping[Reading, Measured], held: Mapping[Figure, str]
) -> Iterator[Line]:
    from genbench.analysis.papers import joined, verdict

    title = f"{paper.title} ({paper.authors})"
    lives = ", ".join(part for part in (_lives(named), paper.lives) if part) or NONE
    for finding in paper.findings:
        ours = joined(finding, readings)
        said, command = verdict(finding, ours), _command(finding, ours)
        yield Line(title, paper.arxiv, lives, finding, finding.says, ours, said, command)
    if named is not None:
        yield from _of_figures(title, paper.arxiv, lives, named.figures, held)
    absent = {"not here yet": paper.not_yet, "left out": paper.left_out}
    for word, says in absent.items():
        if says:
            yield Line(title, paper.arxiv, lives, says=says, verdict=word)
    if not (paper.findings or any(absent.values()) or (named is not None and named.figures)):
        yield Line(title, paper.arxiv, lives, says="no figure is asked", verdict=NONE)


def _of_figures(
    title: str, arxiv: str, lives: str, figures: Sequence[Figure], held: Mapping[Figure, str]
) -> list[Line]:
    """One row for all published figures of a paper: how many have which verdict."""
    if not figures:
        return []
    count = Counter(next(word for word in WORDS if held[one].startswith(word)) for one in figures)
    told = ", ".join(f"{count[word]} {word}" for word in WORDS if count[word])
    says = f"its published figures, {len(figures)} of them" if len(figures) > 1 else "its published figure"
    return [Line(title, arxiv, lives, says=says, verdict=told, command="genbench reproduction leaderboard/results")]


def _verdicts(figures: Sequence[Figure], results: Sequence[str]) -> dict[Figure, str]:
    from genbench.analysis.published import beside, verdict

    ours, slices = standings_of(results, figures, registry.catalogue().tasks)
    return {one: verdict(one, beside(one, ours, slices)) for one in figures}


def _lives(named: Named | None) -> str:
    """The tasks and submissions whose cards name the paper."""
    if named is None:
        return ""
    return ", ".join([f"`tasks/{one}`" for one in named.tasks] + [f"`baselines/{one}`" for one in named.submissions])


def _command(finding: Finding, ours: Measured | None) -> str:
    """What makes the rows that a finding is read in, or runs the test that holds it."""
    if finding.test:
        return f"uv run pytest {finding.test}"
    submissions = dict.fromkeys(one.submission for one in finding.readings)
    splits = dict.fromkeys(one.split for one in finding.readings)
    tasks = " ".join(f"--task {split}" for split in splits)
    seeds = SEEDS if ours is None or not ours.seeds else ours.seeds
    return f"genbench evaluate {' '.join(submissions)} {tasks} --profile full --seeds {seeds}"


def markdown(lines: Sequence[Line]) -> str:
    """The page's table, a row a finding, and below it what is read in our rows and where the bounds come from."""
    told = ["| " + " | ".join(HEADS) + " |", "| " + " | ".join("---" for _ in HEADS) + " |"]
    notes: dict[str, list[str]] = {}
    before = ""
    for line in lines:
        row = dict(zip((column.name for column in COLUMNS), line.row(), strict=True))
        paper = line.paper + (f", arXiv:{line.arxiv}" if line.arxiv else "")
        own = notes.setdefault(paper, [])  # numbered paper by paper, so that a finding more moves no other's number
        if line.finding is not None:
            own.append(f"[{len(own) + 1}] {line.finding.shown} ({line.finding.mark}; {line.finding.source})")
        cells = [
            "" if paper == before else paper,
            "" if paper == before else line.lives,
            line.says + (f" [{len(own)}]" if line.finding is not None else ""),
            str(row["asked"]),
            _ours(row) if line.finding is not None and not line.finding.test else "",
            line.verdict,
            f"`{line.command}`" if line.command else "",
        ]
        before = paper
        told.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    below = [f"- {paper}: {'; '.join(own)}." for paper, own in notes.items() if own]
    return "\n".join([*told, "", *below]) + "\n"
