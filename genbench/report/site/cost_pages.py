"""What scores cost: for each split every submission's score beside what it spent, and whom nobody beats for less."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from genbench.report.contests import QUICK, metric_of
from genbench.report.plots.of_costs import of_costs
from genbench.report.reading import store_at
from genbench.report.site import charts
from genbench.report.site.costs import gib, large
from genbench.report.site.fronts import SPENT, Point, fronts
from genbench.report.site.laid import laid
from genbench.report.site.lives import machine
from genbench.report.site.pages import Made, Page
from genbench.report.site.places import data_path, slug, split_path, submission_path, up
from genbench.report.site.provenance import life_links
from genbench.report.site.table import Cell, Column, Row, Table, number
from genbench.report.wording import NONE, figure, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.site.costs import Cost
    from genbench.report.site.provenance import Who
    from genbench.report.site.subject import SplitRows, Subject

PATH: Final = "costs/index.html"
NAMED: Final = 6  # of a front that the page of all splits names


@dataclass(frozen=True, slots=True)
class Priced:
    """A split: its points in one profile, what their score is, and the front of each kind of cost."""

    task: str
    split: str
    profile: str
    score: str
    bounded: bool
    lower: bool
    points: Sequence[Point]
    fronts: Mapping[str, Sequence[str]]
    provisional: frozenset[str]

    @property
    def name(self) -> str:
        """As it is typed."""
        return f"{self.task}/{self.split}"


def cost_path(task: str, split: str) -> str:
    """The page of what scores on a split cost."""
    return f"costs/{slug(task)}/{slug(split)}.html"


def costed(about: Subject, rows: SplitRows) -> str:
    """The page of what scores on a split cost; empty where no cost of its scores is known."""
    return "" if _priced(rows.standings, about.spent) is None else cost_path(rows.task, rows.split)


def cost_pages(about: Subject) -> Iterator[Page]:
    """The page of all fronts, and one for each split of which anything is known."""
    found = [one for rows in about.splits.values() if (one := _priced(rows.standings, about.spent)) is not None]
    if not found:
        return
    speeds = _speeds(about)
    brief = [(one.name, one.score, one.profile, one.fronts) for one in found]
    yield Page(PATH, "What scores cost", "costs.html", (brief, speeds), lambda: _index(found, speeds))
    lives = life_links(about.board.standings)
    for one in found:
        own = {name: lives[one.task, one.split, name, one.profile] for name in (each.submission for each in one.points)}
        where = sorted({text for each in one.points for text in each.cost.where})

        def made(one: Priced = one, own: Mapping[str, str] = own, where: Sequence[str] = where) -> Made:
            return _page(one, own, where, speeds)

        yield Page(cost_path(one.task, one.split), f"What {one.name} costs", "cost.html", (one, own, speeds), made)


def _priced(standings: Sequence[Standing], spent: Mapping[Who, Cost]) -> Priced | None:
    """The scores of a split on what it asks beyond training, or else as in training, beside what their cells cost."""
    profile = min(one.profile for one in standings)  # full comes before quick
    shown = [one for one in standings if one.profile == profile and one.kind != "trained"]
    asked = [one for one in shown if one.kind == "ood"] or shown
    if not asked:
        return None
    sets = list(dict.fromkeys(one.question_set for one in asked))
    means: dict[str, dict[str, float]] = defaultdict(dict)
    for one in asked:
        if one.mean is not None:
            means[one.submission][one.question_set] = one.mean
    points = []
    for name in dict.fromkeys(one.submission for one in asked):
        cost = spent.get((asked[0].task, asked[0].split, name, profile))
        if cost is not None:
            own = means[name]
            whole = math.fsum(own.values()) / len(own) if own.keys() == set(sets) else None
            points.append(Point(name, whole, cost))
    if not any(one.score is not None for one in points):
        return None
    first = asked[0]
    lower = first.direction == "lower"
    score = metric_of(first) + (f", mean of {len(sets)} question sets" if len(sets) > 1 else f" on {sets[0]}")
    provisional = frozenset(one.submission for one in asked if one.provisional)
    bounded = all(one.bounded for one in asked)
    ordered = sorted(points, key=lambda one: (one.score is None, (one.score or 0) * (1 if lower else -1)))
    return Priced(
        first.task, first.split, profile, score, bounded, lower, ordered, fronts(points, lower=lower), provisional
    )


def _speeds(about: Subject) -> list[tuple[str, str]]:
    """Machines that `genbench timing` calibrated: each with the rate of its matrix product."""
    found: dict[str, list[float]] = defaultdict(list)
    for place in about.results:
        for row in store_at(place).read("timings", ["measure", "statistic", "value", "machine"]).table.to_pylist():
            if (row["measure"], row["statistic"]) == ("matmul", "median"):
                found[machine(row["machine"])].append(row["value"])
    return [(name, f"{large(sorted(values)[len(values) // 2])}FLOP/s") for name, values in sorted(found.items())]


def _index(found: Sequence[Priced], speeds: Sequence[tuple[str, str]]) -> Made:
    columns = (
        Column("split", "split", "text"),
        *(Column(key, label, "plain", about=what) for key, label, what in SPENT),
    )
    rows = []
    for one in found:
        quick = " (quick)" if one.profile == "quick" else ""
        cells = [Cell(one.name + quick, head=True, link="../" + cost_path(one.task, one.split))]
        for key, _, _ in SPENT:
            names = one.fronts[key]
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            cells.append(Cell((", ".join(names[:NAMED]) + more) or NONE))
        rows.append(Row(one.name, tuple(cells), {"profile": one.profile}))
    table = Table("fronts", "fronts", "Whom nobody beats for less, from the cheapest up", columns, tuple(rows))
    shown = laid([table], PATH)
    return Made({"table": shown.tables[0], "filters": [], "speeds": speeds}, shown.beside, shown.rest)


def _page(one: Priced, lives: Mapping[str, str], where: Sequence[str], speeds: Sequence[tuple[str, str]]) -> Made:
    path = cost_path(one.task, one.split)
    root = up(path)
    columns = (
        Column("submission", "submission", "text"),
        Column("score", "score"),
        *(Column(key, label, about=what) for key, label, what in SPENT),
        Column("fit", "fit, s"),
        Column("predict", "predict, s"),
        Column("front", "nobody beats it for less", "text"),
    )
    labels = {key: label for key, label, _ in SPENT}
    rows = []
    for point in one.points:
        cost, name = point.cost, point.submission
        on = [labels[key] for key in labels if name in one.fronts[key]]
        rows.append(
            Row(
                name,
                (
                    Cell(name, head=True, look="who", link=root + submission_path(name)),
                    Cell(figure(point.score, one.bounded), look="n mean", value=point.score, link=root + lives[name]),
                    Cell(large(cost.flops), look="n", value=cost.flops),
                    Cell(number(seconds(cost.cpu_seconds)), look="n", value=cost.cpu_seconds),
                    Cell(large(cost.parameters), look="n", value=cost.parameters),
                    Cell(f"{gib(cost.peak_memory)} GiB" if cost.peak_memory else "", look="n", value=cost.peak_memory),
                    Cell(number(seconds(cost.fit_seconds)), look="n", value=cost.fit_seconds),
                    Cell(number(seconds(cost.predict_seconds)), look="n", value=cost.predict_seconds),
                    Cell(", ".join(on) + (" (provisional)" if on and name in one.provisional else "")),
                ),
                {"profile": one.profile},
                "first" if on else "",
            )
        )
    table = Table("costs", "costs", one.score, columns, tuple(rows), "standings")
    shown = laid([table], path)
    plots = of_costs(one.points, one.fronts, one.score, bounded=one.bounded)
    values = {
        "charts": charts.figures(plots),
        "data": data_path(path, "charts"),
        "split": (one.name, root + split_path(one.task, one.split)),
        "score": one.score,
        "quick": QUICK if one.profile == "quick" else "",
        "table": shown.tables[0],
        "filters": [],
        "where": where,
        "speeds": [(name, rate) for name, rate in speeds if name in where],
    }
    beside = charts.beside(data_path(path, "charts"), charts.data(plots))
    return Made(values, {**beside, **shown.beside}, shown.rest)
