"""The page of one submission: its card, where it is strong, its standings, its learning curves, its cells and costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.registry.folders import FOLDERS, home
from genbench.report.contests import contest, kind_of, notes_on, ranks_of
from genbench.report.plots.of_learning import of_submission
from genbench.report.site import charts
from genbench.report.site.costs import Cost, gib, large, params_of
from genbench.report.site.laid import laid
from genbench.report.site.lives import command
from genbench.report.site.pages import Made
from genbench.report.site.places import data_path, split_path, submission_path, task_path, up
from genbench.report.site.provenance import who_of
from genbench.report.site.table import Cell, Column, Row, Table, number
from genbench.report.wording import LEARNS_OF_QUESTIONS, NONE, count, figure, seconds, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.standings import CurvePoint, Standing
    from genbench.cards import SubmissionCard
    from genbench.report.site.provenance import Who
    from genbench.report.site.takers import Taker

REPOSITORY: Final = "https://github.com/genbench/genbench/tree/main"
NAMED: Final = 3  # question sets that are named as the strongest, and as the weakest
LEAST: Final = 0.0005  # a distance that its three decimals tell
_ARXIV: Final = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
Contest = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """All that a submission's page tells. `middles` and `ranked` are by contest: the median there, and how many rank.

    `lives` lead to the cells behind a figure; `paged` are the splits with a page of their own.
    """

    name: str
    taker: Taker
    card: SubmissionCard | None
    rows: Sequence[Standing]
    middles: Mapping[Contest, float | None]
    ranked: Mapping[Contest, int]
    spent: Mapping[Who, Cost]
    curves: Sequence[CurvePoint]
    lives: Mapping[Who, str]
    paged: frozenset[tuple[str, str]]


def page_of(known: Known) -> Made:
    """What the page shows, and the rows that it leaves to a script beside it."""
    path = submission_path(known.name)
    root = up(path)
    shown = laid([_standings(known, root), _cells(known, root)], path)
    plots = of_submission(known.curves, {(one.task, one.split, one.question_set): one.bounded for one in known.rows})
    card = known.card
    values: dict[str, Any] = {
        "kind": known.taker.kind,
        "headline": card.title if card is not None else "",
        "about": _about(known),
        "leads": _links(card),
        "assumes": _assumes(known),
        "params": _params(known),
        "strong": _strengths(known, root),
        "charts": charts.figures(plots),
        "data": data_path(path, "charts"),
        "tables": shown.tables,
    }
    beside = charts.beside(data_path(path, "charts"), charts.data(plots))
    return Made(values, {**beside, **shown.beside}, shown.rest)


def _about(known: Known) -> str:
    card = known.card
    if card is None:
        return ""
    variant = card.variants.get(known.name.partition(" (")[0].partition(":")[0].partition("@")[2])
    told = [*card.about.split("\n\n"), f"Here: {variant.about}." if variant is not None else ""]
    return "\n\n".join(" ".join(part.split()) for part in told if part.strip())


def _links(card: SubmissionCard | None) -> list[tuple[str, str]]:
    """What leads elsewhere: text, and an address or nothing."""
    if card is None:
        return []
    code = f"{REPOSITORY}/{FOLDERS['submission']}/{card.folder.name}"
    ours = card.folder.parent == home() / FOLDERS["submission"]
    found = [("code", code)] if ours else []
    if card.source.startswith("https://"):
        found.append((f"source: {card.source}", card.source))
    if card.paper:
        arxiv = _ARXIV.search(card.paper)
        found.append((f"paper: {' '.join(card.paper.split())}", f"https://arxiv.org/abs/{arxiv[1]}" if arxiv else ""))
    told = [("by", card.authors), ("license", card.license)]
    return [*found, *((f"{name}: {text}", "") for name, text in told if text)]


def _assumes(known: Known) -> list[tuple[str, str]]:
    """What it asks of a task, of the machine, and of the reader's belief."""
    card, taker = known.card, known.taker
    told: list[tuple[str, str]] = []
    if card is not None:
        told = [
            ("tasks", "all" if card.tasks == ("*",) else ", ".join(card.tasks)),
            ("inputs", ", ".join(card.accepts_inputs) or "of any type"),
            ("target", ", ".join(card.accepts_target) or "of any type"),
            ("training", "none: it answers as it is" if card.zero_shot else ""),
            ("questions", LEARNS_OF_QUESTIONS.removeprefix("yes: ") if card.transductive else ""),
            ("seeds", "make no difference, so one is enough" if card.deterministic else ""),
            ("needs", f"{card.needs}, {count(card.threads, 'thread')}, {card.memory_gib:g} GiB"),
            ("libraries", ", ".join((*card.libraries, *card.requires))),
            ("files", ", ".join(card.files)),
            ("variables", ", ".join(card.environment)),
            ("network", "needed, so its rows are never ranked" if card.network else ""),
        ]
    told += [
        ("parameters", f"{taker.parameters:,} trained at most" if taker.parameters else ""),
        ("wall", ", ".join(taker.sealing)),
    ]
    return [(name, text) for name, text in told if text]


def _params(known: Known) -> list[tuple[str, list[tuple[str, str]]]]:
    """The parameters that its cells ran with, each setting with the splits that had it."""
    found: dict[str, list[str]] = {}
    for (task, split, _, profile), cost in known.spent.items():
        quick = " (quick)" if profile == "quick" else ""
        found.setdefault(cost.params, []).append(f"{task}/{split}{quick}")
    several = len(found) > 1
    return [
        (", ".join(splits) if several else "", params_of(text)) for text, splits in found.items() if params_of(text)
    ]


def _turned(one: Standing, middle: float | None) -> float | None:
    """How far it is above the median, so turned that more is better."""
    if one.mean is None or middle is None:
        return None
    return middle - one.mean if one.direction == "lower" else one.mean - middle


def _strengths(known: Known, root: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The question sets on which it is furthest above the median of all submissions, and furthest below."""
    found = [
        (by, one)
        for one in known.rows
        if one.profile == "full"
        and one.bounded
        and one.kind != "trained"
        and (by := _turned(one, known.middles[contest(one)]))
    ]
    found.sort(key=lambda each: -each[0])
    above = [each for each in found if each[0] >= LEAST][:NAMED]
    below = [each for each in reversed(found) if each[0] <= -LEAST][:NAMED]
    told = [("Strongest against the median", above), ("Weakest", below)]
    return [
        (
            heading,
            [
                (f"{one.task}/{one.split}, {one.question_set}", _page(known, one, root), f"{by:+.3f}")
                for by, one in each
            ],
        )
        for heading, each in told
        if each
    ]


def _page(known: Known, one: Standing, root: str) -> str:
    return root + (split_path(one.task, one.split) if (one.task, one.split) in known.paged else task_path(one.task))


def _standings(known: Known, root: str) -> Table:
    columns = (
        Column("split", "split", "text"),
        Column("set", "questions", "text"),
        Column("kind", "drawn", "text"),
        Column("mean", "mean"),
        Column("span", "95 % interval", "plain"),
        Column("rank", "rank", about="ranks it may have, of those that are ranked"),
        Column("median", "median", about="of the means of all submissions"),
        Column("by", "against it", about="mean less median, so turned that more is better"),
        Column("gap", "gap", about="mean on questions drawn as in training, less this mean"),
        Column("seeds", "seeds"),
        Column("status", "status", "text"),
    )
    rows = []
    for one in known.rows:
        middle = known.middles[contest(one)]
        by = _turned(one, middle)
        rank = "" if one.ranks is None else f"{ranks_of(one.ranks)} of {known.ranked[contest(one)]}"
        quick = " (quick)" if one.profile == "quick" else ""
        notes = "; ".join(notes_on(one))
        cells = (
            Cell(f"{one.task}/{one.split}{quick}", head=True, link=_page(known, one, root)),
            Cell(one.question_set),
            Cell(kind_of(one)),
            Cell(figure(one.mean, one.bounded), look="n mean", value=one.mean, link=root + known.lives[who_of(one)]),
            Cell(span(one.low, one.high, one.bounded), look="n span"),
            Cell(rank, look="n", value=None if one.ranks is None else float(one.ranks[0])),
            Cell(figure(middle, one.bounded), look="n"),
            Cell(
                NONE if by is None else f"{by:+.3f}" if one.bounded else f"{by:+.4g}",
                shade=by if one.bounded and by is not None and by > 0 else None,
                value=by,
                look="n",
            ),
            Cell("" if one.gap is None else figure(one.gap.value, one.bounded), look="n"),
            Cell(str(one.seeds), look="n"),
            Cell(notes or "ok", look="notes failed" if one.failed else "notes"),
        )
        rows.append(Row(f"{one.task}/{one.split}", cells, {"profile": one.profile}, "first" if one.first else ""))
    return Table("standings", "standings", "Standings", columns, tuple(rows), "own")


def _cells(known: Known, root: str) -> Table:
    columns = (
        Column("split", "split", "text"),
        Column("cells", "cells"),
        Column("failed", "failed"),
        Column("fit", "fit, s"),
        Column("predict", "predict, s"),
        Column("cpu", "CPU s"),
        Column("memory", "peak GiB"),
        Column("parameters", "parameters"),
        Column("flops", "training FLOPs"),
        Column("where", "machine", "text"),
        Column("command", "what repeats them", "plain"),
    )
    rows = []
    for (task, split, name, profile), cost in known.spent.items():
        life = known.lives.get((task, split, name, profile), "")
        typed = command(name.partition(" (")[0], f"{task}/{split}", profile, cost.cells)
        cells = (
            Cell(f"{task}/{split}", head=True, link=root + life if life else ""),
            Cell(str(cost.cells), look="n"),
            Cell(str(cost.failed or ""), look="n"),
            Cell(number(seconds(cost.fit_seconds)), look="n", value=cost.fit_seconds),
            Cell(number(seconds(cost.predict_seconds)), look="n", value=cost.predict_seconds),
            Cell(number(seconds(cost.cpu_seconds)), look="n", value=cost.cpu_seconds),
            Cell(gib(cost.peak_memory), look="n", value=cost.peak_memory),
            Cell(large(cost.parameters), look="n", value=cost.parameters),
            Cell(large(cost.flops), look="n", value=cost.flops),
            Cell("; ".join(cost.where)),
            Cell(typed, look="typed"),
        )
        rows.append(Row(f"{task}/{split}", cells, {"profile": profile}))
    return Table("cells", "cells and costs", "Cells, and means of what they cost", columns, tuple(rows), "own")
