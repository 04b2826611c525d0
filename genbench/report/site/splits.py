"""A page for each split: what is asked, the standings with intervals, and charts that load their data when seen."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from genbench.report.contests import QUICK, contest
from genbench.report.site import charts as drawn
from genbench.report.site.asked import examples, hardness
from genbench.report.site.comparisons import comparable, compare_path
from genbench.report.site.contests import table
from genbench.report.site.cost_pages import costed
from genbench.report.site.laid import laid
from genbench.report.site.missed import lookers, missed
from genbench.report.site.pages import Made, Page
from genbench.report.site.places import data_path, picture_path, split_path, submission_path, task_path, up
from genbench.report.site.provenance import life_links, who_of
from genbench.report.site.split_charts import charts
from genbench.report.site.table import FIRST, html
from genbench.report.site.verdicts import verdicts
from genbench.report.wording import BIMODAL, TRANSDUCTIVE, clustered, within_strata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import Headline, Standing
    from genbench.report.site.missed import Missed
    from genbench.report.site.pages import Content
    from genbench.report.site.provenance import Who
    from genbench.report.site.subject import SplitRows, Subject


def splits(about: Subject) -> Iterator[Page]:
    """The page of each split that has one."""
    lives = {} if about.cells is None else life_links(about.board.standings)
    for rows in about.splits.values():
        told = _told(_fact(about, rows))
        names = lookers(rows.standings) if about.kept.any else {}
        held = about.held.get((rows.task, rows.split), ())
        hardness = about.hardness.get((rows.task, rows.split), ())
        inputs = (
            about.title(rows.task),
            told,
            held,
            rows.difficulty,
            hardness,
            rows.standings,
            rows.slices,
            rows.curves,
            [(one, one.analysis.spectrum.tobytes()) for one in rows.trends],
            rows.reaches,
            sorted({lives.get(who_of(one), "").partition("#")[0] for one in rows.standings}),
            about.hand.mark(rows.task, rows.split),
            names,
            about.kept.known(_looked_at(about, rows, names)) if names else (),
        )

        def made(rows: SplitRows = rows, told: str = told, names: Mapping[str, Sequence[str]] = names) -> Made:
            most = _missed(about, rows, names) if names else ()
            return _made(about, rows, told, lives, most)

        yield Page(split_path(rows.task, rows.split), rows.name, "split.html", inputs, made, rows.name)


def _looked_at(about: Subject, rows: SplitRows, names: Mapping[str, Sequence[str]]) -> Any:
    profile = min(one.profile for one in rows.standings)
    return about.kept.of(rows.task, rows.split, {name for own in names.values() for name in own}, profile)


def _missed(about: Subject, rows: SplitRows, names: Mapping[str, Sequence[str]]) -> tuple[Missed, ...]:
    profile = min(one.profile for one in rows.standings)
    first = next(one for one in rows.standings if one.question_set in names and one.profile == profile)
    return missed((rows.task, rows.split, profile), first.metric, names, about.kept, about.board.headlines, about.hand)


def _made(about: Subject, rows: SplitRows, told: str, lives: Mapping[Who, str], most: tuple[Missed, ...]) -> Made:
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
    held = about.held.get((rows.task, rows.split), ())
    published = [verdicts(held, lambda name: root + submission_path(name))] if held else []
    shown = laid([*tables, *published], path, first)
    plots, told_of_themselves = charts(rows)
    why, some, sheet = examples(about.hand, rows.task, rows.split)
    drawings = [picture_path(path, f"example-{place}") if one.drawing else "" for place, one in enumerate(some)]
    hard = hardness(about.hardness.get((rows.task, rows.split), ()))
    values = {
        "filters": _filters(rows),
        "task": (about.title(rows.task), root + task_path(rows.task)),
        "about": told,
        "why": why,
        "examples": [(one, root + name if name else "") for one, name in zip(some, drawings, strict=True)],
        "sheet": root + picture_path(path, "sheet") if sheet else "",
        "difficulty": rows.difficulty,
        "hardness": "" if hard is None else html(hard, first=len(hard.rows)),
        "contests": shown.tables[: len(tables)],
        "published": shown.tables[len(tables) :],
        "missed": most,
        "charts": drawn.figures(plots),
        "said": drawn.figures(told_of_themselves, "said"),
        "data": data_path(path, "charts"),
        "costs": root + costs if (costs := costed(about, rows)) else "",
        "compared": root + compare_path(rows.task, rows.split) if comparable(about, rows) else "",
        "quick": QUICK if all(one.profile == "quick" for one in rows.standings) else "",
    }
    beside: dict[str, Content] = dict(shown.beside)
    beside |= drawn.beside(data_path(path, "charts"), drawn.data(plots) | drawn.data(told_of_themselves, "said"))
    beside |= {name: one.drawing for one, name in zip(some, drawings, strict=True) if name}
    beside |= {picture_path(path, "sheet"): sheet} if sheet else {}
    return Made(values, beside, shown.rest)


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
