"""Submissions of a split two by two on the same questions: those that stand first as tables, more of them as data.

Which of all pairs these are is a question of weight: of a thousand submissions there are half a million pairs. Of the
`AMONG` that stand first every pair is there to be chosen in the browser; any two others are compared by
`genbench compare`, and the page says so.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from genbench.report.contests import QUICK, contest
from genbench.report.site.laid import laid
from genbench.report.site.pages import Made, Page
from genbench.report.site.pair_data import asked_of, brief, p_of, whole
from genbench.report.site.pairing import pairs
from genbench.report.site.places import data_path, slug, split_path, submission_path, up
from genbench.report.site.scripts import script
from genbench.report.site.table import Cell, Column, Row, Table, html
from genbench.report.wording import figure, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.comparison import Comparison
    from genbench.analysis.standings import Standing
    from genbench.report.site.pairing import Pair
    from genbench.report.site.subject import SplitRows, Subject

PATH: Final = "compare/index.html"
AMONG: Final = 12  # submissions of a split, of which all pairs are there
FIRST: Final = 3  # of them, of which the page itself has tables
SLICES: Final = 24  # rows of slices of a pair; of more the question sets alone
Where = tuple[str, str, str]  # task, split, profile
Chosen = tuple[str, list[str], str]  # profile, submissions, axis


def compare_path(task: str, split: str) -> str:
    """The page on which submissions of a split are compared."""
    return f"compare/{slug(task)}/{slug(split)}.html"


def comparable(about: Subject, rows: SplitRows) -> bool:
    """Whether there is such a page."""
    return about.kept.any and len(_first(rows)[1]) > 1


def comparisons(about: Subject) -> Iterator[Page]:
    """The page of all splits, and one for each on which two submissions can be compared."""
    chosen = {key: _first(rows) for key, rows in about.splits.items() if comparable(about, rows)}
    if not chosen:
        return
    yield Page(PATH, "Compare", "compares.html", (chosen, about.results), lambda: listing(chosen, about.results))
    for (task, split), (profile, names, axis) in chosen.items():
        rows = about.splits[task, split]
        known = about.kept.known(about.kept.of(task, split, names, profile))
        own = [one for one in rows.standings if one.submission in names and one.profile == profile]

        def made(where: Where = (task, split, profile), names: list[str] = names, axis: str = axis) -> Made:
            found = list(pairs(names, where, about.kept, about.board.headlines, axis, about.hand))
            return page_of(where, names, found, _command(where, axis, about.results))

        title = f"Compare on {task}/{split}"
        inputs = (profile, names, axis, known, own, about.results, about.hand.mark(task, split))
        yield Page(compare_path(task, split), title, "compare.html", inputs, made, rows.name)


def _command(where: Where, axis: str, results: Sequence[str]) -> str:
    typed = ["genbench", "compare", "ONE", "OTHER", *results, "--task", f"{where[0]}/{where[1]}"]
    return shlex.join([*typed, *(["--by", axis] if axis else [])])


def _first(rows: SplitRows) -> Chosen:
    """The profile that is shown, the submissions that stand first there, and the axis to compare along."""
    profile = min(one.profile for one in rows.standings)
    shown = [one for one in rows.standings if one.profile == profile and one.kind != "trained" and one.mean is not None]
    of_first = [one.submission for one in shown if contest(one) == contest(shown[0])] if shown else []
    return profile, of_first[:AMONG], _axis(rows, shown)


def _axis(rows: SplitRows, shown: Sequence[Standing]) -> str:
    """The first axis along which question sets part into a few slices; none where there is no such."""
    parts: dict[str, set[str]] = {}
    names = {one.question_set for one in shown}
    for one in rows.slices:
        if one.question_set in names:
            parts.setdefault(one.axis, set()).add(one.slice)
    return next((axis for axis, own in parts.items() if 1 < len(own) <= SLICES), "")


def listing(chosen: Mapping[tuple[str, str], Chosen], results: Sequence[str]) -> Made:
    """What the page of all splits shows: of each who can be compared there, in the order of its standings."""
    columns = (
        Column("split", "split", "text"),
        *(Column(f"name{n}", f"{n}.", "text") for n in range(1, FIRST + 1)),
        Column("more", "more to choose"),
    )
    rows, splits = [], []
    for (task, split), (profile, names, _) in chosen.items():
        quick = " (quick)" if profile == "quick" else ""
        path = compare_path(task, split)
        link = "../" + path
        first = [*map(Cell, names[:FIRST]), *[Cell()] * (FIRST - len(names))]
        more = Cell(str(len(names) - FIRST) if len(names) > FIRST else "", look="n")
        rows.append(Row(f"{task}/{split}", (Cell(f"{task}/{split}{quick}", head=True, link=link), *first, more)))
        splits.append([f"{task}/{split}", link, data_path(path, "pairs"), names])
    shown = laid([Table("compared", "splits", "Those that stand first", columns, tuple(rows))], PATH)
    every = list(dict.fromkeys(name for _, names, _ in chosen.values() for name in names))
    command = shlex.join(["genbench", "compare", "ONE", "OTHER", *results])
    data = data_path(PATH, "listing")
    values = {
        "table": shown.tables[0],
        "filters": [],
        "names": sorted(every),
        "among": AMONG,
        "command": command,
        "data": data,
    }
    return Made(values, {**shown.beside, data: script("listing", {"splits": splits})}, shown.rest)


def page_of(where: Where, names: Sequence[str], found: Sequence[Pair], command: str) -> Made:
    """What the page of a split (task, split, profile) shows of all pairs of `names`, and their data beside it."""
    task, split, profile = where
    path = compare_path(task, split)
    root = up(path)
    name = f"{task}/{split}"
    first = [pair for pair in found if pair.one in names[:FIRST] and pair.other in names[:FIRST]]
    data = data_path(path)
    values = {
        "split": (name, root + split_path(task, split)),
        "quick": QUICK if profile == "quick" else "",
        "names": names,
        "among": AMONG,
        "command": command,
        "data": data,
        "pairs": [
            (
                [(one, root + submission_path(one)) for one in (pair.one, pair.other)],
                html(_table(pair, number), first=10**6) if pair.compared else "",
                pair.left_out,
                pair.differing,
                pair.seeds,
            )
            for number, pair in enumerate(first)
        ],
    }
    return Made(values, {data_path(path, "pairs"): brief(name, names, found), data: whole(name, names, found)})


def _table(pair: Pair, number: int) -> Table:
    columns = (
        Column("asked", "asked", "plain"),
        Column("one", pair.one, "number"),
        Column("other", pair.other, "number"),
        Column("difference", "difference", "number", about="the one less the other, on the same questions"),
        Column("span", "95 % interval", "plain"),
        Column("p", "p", "number", about="adjusted by Holm over the question sets; of a slice as it is"),
        Column("won", "won", "number", about="questions on which the mean over seeds of the one is better"),
        Column("lost", "lost", "number", about="questions on which it is worse"),
        Column("seeds", "seeds", "plain"),
        Column("verdict", "the one is", "plain"),
    )
    rows = tuple(Row("", _row(each)) for each in pair.compared)
    return Table(f"pair-{number}", f"{pair.one} and {pair.other}", "", columns, rows, "own")


def _row(one: Comparison) -> tuple[Cell, ...]:
    return (
        Cell(asked_of(one), head=True, look="part" if one.axis else ""),
        Cell(figure(one.mean, one.bounded), look="n"),
        Cell(figure(one.other_mean, one.bounded), look="n"),
        Cell(figure(one.found.difference, one.bounded), look="n"),
        Cell(span(one.found.low, one.found.high, one.bounded), look="n span"),
        Cell(p_of(one), look="n"),
        Cell(f"{one.won}", look="n"),
        Cell(f"{one.lost}", look="n"),
        Cell(f"{one.seeds}, {one.other_seeds}", look="n"),
        Cell(one.verdict),
    )
