"""A page for each split: what is asked, the standings with intervals, and charts that load their data when seen."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from genbench.report.contests import QUICK, REPORTED, contest, reported_on
from genbench.report.site import charts as drawn
from genbench.report.site.contests import table
from genbench.report.site.pages import Made, Page
from genbench.report.site.places import data_path, split_path, submission_path, task_path, up
from genbench.report.site.provenance import life_links, who_of
from genbench.report.site.scripts import script
from genbench.report.site.split_charts import charts
from genbench.report.site.table import FIRST, html, rest_of
from genbench.report.wording import BIMODAL, TRANSDUCTIVE, clustered, within_strata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench.analysis.standings import Headline, Standing
    from genbench.report.site.provenance import Who
    from genbench.report.site.subject import SplitRows, Subject


def splits(about: Subject) -> Iterator[Page]:
    """The page of each split that has one."""
    lives = {} if about.cells is None else life_links(about.board.standings)
    for rows in about.splits.values():
        told = _told(_fact(about, rows))
        reported = [about.reported.get((rows.task, rows.split, name), ()) for name in _sets(rows)]
        inputs = (
            about.title(rows.task),
            told,
            reported,
            rows.difficulty,
            rows.standings,
            rows.slices,
            rows.curves,
            [(one, one.analysis.spectrum.tobytes()) for one in rows.trends],
            rows.reaches,
            sorted({lives.get(who_of(one), "").partition("#")[0] for one in rows.standings}),
        )

        def made(rows: SplitRows = rows, told: str = told) -> Made:
            return _made(about, rows, told, lives)

        yield Page(split_path(rows.task, rows.split), rows.name, "split.html", inputs, made)


def _made(about: Subject, rows: SplitRows, told: str, lives: Mapping[Who, str]) -> Made:
    path = split_path(rows.task, rows.split)
    root = up(path)
    contests = [list(own) for _, own in groupby(rows.standings, key=contest)]
    first = max(20, FIRST // max(1, len(contests) // 2))

    def life(one: Standing) -> str:
        found = lives.get(who_of(one), "")
        return root + found if found else ""

    def page(one: Standing) -> str:
        return root + submission_path(one.submission)

    tables = [table(own, number, life, page) for number, own in enumerate(contests)]
    rest = {one.name: rest_of(one, first) for one in tables if len(one.rows) > first}
    plots, told_of_themselves = charts(rows)
    beside = {data_path(path, "rows"): script("rows", rest)} if rest else {}
    beside |= drawn.beside(data_path(path, "charts"), drawn.data(plots) | drawn.data(told_of_themselves, "said"))
    values = {
        "filters": _filters(rows),
        "task": (about.title(rows.task), root + task_path(rows.task)),
        "about": told,
        "difficulty": rows.difficulty,
        "contests": [
            (html(one, root + data_path(path, "rows"), first), reported_on(own[0], about.reported))
            for one, own in zip(tables, contests, strict=True)
        ],
        "charts": drawn.figures(plots),
        "said": drawn.figures(told_of_themselves, "said"),
        "data": data_path(path, "charts"),
        "reported": REPORTED,
        "quick": QUICK if all(one.profile == "quick" for one in rows.standings) else "",
    }
    return Made(values, beside)


def _filters(rows: SplitRows) -> list[tuple[str, str, list[str]]]:
    """What may be chosen of rows, where there is a choice."""
    profiles = sorted({one.profile for one in rows.standings})
    return [("profile", "profile", profiles)] if len(profiles) > 1 else []


def _sets(rows: SplitRows) -> list[str]:
    return list(dict.fromkeys(one.question_set for one in rows.standings))


def _fact(about: Subject, rows: SplitRows) -> Headline | None:
    known = about.board.headlines
    return known.get(rows.name) or known.get(rows.name.partition(":")[0])


def _told(fact: Headline | None) -> str:
    """What a split's card says of it that a reader of its standings must know."""
    if fact is None:
        return ""
    told = [f"transductive: {TRANSDUCTIVE.removeprefix('yes: ')}"] if fact.transductive else []
    told += [f"by {clustered(fact.cluster)}"] if fact.cluster else []
    told += [f"strata, {within_strata(fact.strata)}"] if fact.strata else []
    told += [f"bimodal: {BIMODAL}"] if fact.bimodal else []
    return fact.about + (f" ({'; '.join(told)})" if told else "")
