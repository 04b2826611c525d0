"""All submissions in one table, and a page for each: what it is, what it scored, where it is strong, what it cost."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from genbench.analysis.standings.overall import overall
from genbench.cards.addresses import card_name
from genbench.report.contests import contest
from genbench.report.site.costs import Cost, large
from genbench.report.site.laid import laid
from genbench.report.site.pages import Made, Page
from genbench.report.site.places import submission_path
from genbench.report.site.provenance import life_links
from genbench.report.site.submission import Known, page_of
from genbench.report.site.table import Cell, Column, Row, Table, number
from genbench.report.wording import NONE, figure, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import Standing
    from genbench.cards import SubmissionCard
    from genbench.report.site.provenance import Who
    from genbench.report.site.subject import Subject

PATH: Final = "submissions/index.html"
Contest = tuple[str, str, str, str]


def submissions(about: Subject) -> Iterator[Page]:
    """The page of all submissions, and one for each."""
    if not about.takers:
        return
    by_name: dict[str, list[Standing]] = defaultdict(list)
    for one in about.board.standings:
        by_name[one.submission].append(one)
    spent_by: dict[str, dict[Who, Cost]] = defaultdict(dict)
    for who, cost in about.spent.items():
        spent_by[who[2]][who] = cost
    whole = {one.submission: one.mean for one in overall(about.board.standings)[0]}
    yield _index(about, by_name, spent_by, whole)
    middles, ranked = _middles(about.board.standings)
    lives = life_links(about.board.standings)
    curves = defaultdict(list)
    for point in about.board.curves:
        if not point.axis:
            curves[point.submission].append(point)
    for name, rows in by_name.items():
        known = Known(
            name,
            about.takers[name],
            card_of(name, about.cards),
            rows,
            {contest(one): middles[contest(one)] for one in rows},
            {contest(one): ranked[contest(one)] for one in rows},
            spent_by[name],
            curves[name],
            {who: lives[who] for who in {(one.task, one.split, one.submission, one.profile) for one in rows}},
            frozenset((one.task, one.split) for one in rows if (one.task, one.split) in about.splits),
        )

        def made(known: Known = known) -> Made:
            return page_of(known)

        yield Page(submission_path(name), name, "submission.html", (known,), made)


def card_of(name: str, cards: Mapping[str, SubmissionCard]) -> SubmissionCard | None:
    """The card of a submission, by the label of its rows."""
    return cards.get(card_name(name.partition(" (")[0]))


def _middles(standings: Sequence[Standing]) -> tuple[dict[Contest, float | None], dict[Contest, int]]:
    """Of each contest the median of the means there are, and how many submissions are ranked."""
    means: dict[Contest, list[float]] = defaultdict(list)
    ranked: dict[Contest, int] = defaultdict(int)
    every = dict.fromkeys(contest(one) for one in standings)
    for one in standings:
        if one.mean is not None:
            means[contest(one)].append(one.mean)
        ranked[contest(one)] += one.ranks is not None
    return {key: statistics.median(means[key]) if means[key] else None for key in every}, dict(ranked)


def _index(
    about: Subject,
    by_name: Mapping[str, Sequence[Standing]],
    spent: Mapping[str, Mapping[Who, Cost]],
    whole: Mapping[str, float],
) -> Page:
    ordered = sorted(by_name, key=lambda name: (name not in whole, -whole.get(name, 0.0), name))
    lines = [_line(about, name, by_name[name], spent[name], whole.get(name)) for name in ordered]

    def made() -> Made:
        columns = (
            Column("submission", "submission", "text"),
            Column("kind", "kind", "text"),
            Column("title", "what it is", "text"),
            Column("overall", "above floor", about="all tasks together, as on the overview"),
            Column(
                "first", "may be first on", about="question sets that ask beyond training, of those it is ranked on"
            ),
            Column("parameters", "parameters", about="trained ones, the most of any cell"),
            Column("cpu", "CPU s", about="all its cells together"),
            Column("cells", "cells"),
            Column("failed", "failed"),
        )
        rows = [
            Row(name, cells, {"kind": about.takers[name].kind, "size": about.takers[name].size})
            for name, cells in lines
        ]
        table = Table("submissions", "submissions", "Submissions", columns, tuple(rows))
        found = laid([table], PATH)
        kinds = sorted({one.kind for one in about.takers.values()})
        filters = [("kind", "kind", kinds)] if len(kinds) > 1 else []
        return Made({"table": found.tables[0], "filters": filters}, found.beside, found.rest)

    return Page(PATH, "submissions", "submissions.html", (lines, about.takers), made)


def _line(
    about: Subject, name: str, rows: Sequence[Standing], spent: Mapping[Who, Cost], whole: float | None
) -> tuple[str, tuple[Cell, ...]]:
    taker, card = about.takers[name], card_of(name, about.cards)
    beyond = [one for one in rows if one.kind == "ood" and one.ranks is not None]
    first = sum(one.first for one in beyond)
    cells = sum(one.cells for one in spent.values())
    failed = sum(one.failed for one in spent.values())
    cpu = [one.cpu_seconds * (one.cells - one.failed) for one in spent.values() if one.cpu_seconds is not None]
    return name, (
        Cell(name, head=True, look="who", link="../" + submission_path(name)),
        Cell(taker.kind),
        Cell(card.title if card is not None else ""),
        Cell(NONE if whole is None else figure(whole, bounded=True), look="n"),
        Cell(f"{first}/{len(beyond)}" if beyond else "", look="n", value=float(first) if beyond else None),
        Cell(large(taker.parameters or None), look="n", value=float(taker.parameters) or None),
        Cell(number(seconds(sum(cpu))) if cpu else "", look="n", value=sum(cpu) if cpu else None),
        Cell(str(cells or ""), look="n"),
        Cell(str(failed or ""), look="n"),
    )
