"""The first page: every submission by task, as asked beyond training beside as in training, and all tasks together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from genbench.analysis.standings.overall import overall
from genbench.report.contests import EMPTY, QUICK
from genbench.report.overall import FAR
from genbench.report.plots.of_tasks import by_task
from genbench.report.site import charts, marks
from genbench.report.site.laid import laid
from genbench.report.site.pages import Made, Page
from genbench.report.site.places import data_path, submission_path, task_path
from genbench.report.site.table import Cell, Column, Row, Table
from genbench.report.site.tallies import Tally, tallies
from genbench.report.wording import NONE, count, figure, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.analysis.standings.overall import Overall
    from genbench.report.plots.plot import Plot
    from genbench.report.site.subject import Subject
    from genbench.report.site.takers import Taker

PATH: Final = "index.html"
GROUP: Final = "all tasks"


def overview(about: Subject) -> Iterator[Page]:
    """The page of all submissions and tasks."""
    found = tallies(about.board.standings)
    whole, agreement = overall(about.board.standings)
    inputs = (found, whole, agreement, about.takers, _facts(about), about.tasks, sorted(about.splits))
    yield Page(PATH, "genbench leaderboard", "overview.html", inputs, lambda: _made(about, found, whole, agreement.tau))


def _made(
    about: Subject, found: dict[tuple[str, str], dict[str, Tally]], whole: list[Overall], tau: float | None
) -> Made:
    table = _table(about, found, {one.submission: one for one in whole})
    shown = laid([table], PATH, 60)  # its rows are wide
    plots, data = _plots(about, found), data_path(PATH, "charts")
    values = {
        "facts": _facts(about),
        "charts": charts.figures(plots),
        "data": data,
        "empty": EMPTY,
        "table": shown.tables[0] if table.rows else "",
        "tasks": [(about.title(task), task, task_path(task)) for task in about.tasks],
        "filters": _filters(about, table),
        "tau": None if tau is None else f"{tau:.2f}",
        "smoke": QUICK
        if about.board.standings and all(one.profile == "quick" for one in about.board.standings)
        else "",
        "disagree": [(one.submission, marks.places(one.moved)) for one in whole if abs(one.moved) >= FAR],
    }
    return Made(values, {**shown.beside, **charts.beside(data, charts.data(plots))}, shown.rest)


def _plots(about: Subject, found: dict[tuple[str, str], dict[str, Tally]]) -> list[Plot]:
    """The chart of all tasks, of one profile: full before quick."""
    profile = min((profile for profile, _ in found), default="")
    plot = by_task(
        (submission, task, one.ood, one.id)
        for (own, submission), tallied in found.items()
        for task in about.tasks
        if own == profile and (one := tallied.get(task)) is not None and one.bounded and not one.lower
    )
    return [] if plot is None else [plot]


def _table(about: Subject, found: dict[tuple[str, str], dict[str, Tally]], whole: dict[str, Overall]) -> Table:
    columns = [Column("submission", "submission", "text")]
    if whole:
        columns += [
            Column("overall", "above floor", about=marks.OVERALL, group=GROUP),
            Column("overall_span", "95 % interval", "plain", group=GROUP),
            Column("borda", "Borda", about=marks.BORDA, group=GROUP),
            Column("splits", "splits", about="splits that it has a score on, of those that count", group=GROUP),
        ]
    for task in about.tasks:
        columns += [
            Column(f"{task}.ood", "ood", about=marks.OOD, group=task),
            Column(f"{task}.id", "id", about=marks.ID, group=task),
            Column(f"{task}.gap", "gap", about=marks.GAP, group=task),
            Column(f"{task}.first", "first", about=marks.FIRST, group=task),
        ]
    ordered = sorted(found, key=lambda key: _place(key, whole))
    rows = [
        _row(key, found[key], about, whole.get(key[1]) if key[0] == "full" else None, bool(whole)) for key in ordered
    ]
    return Table("submissions", "submissions by task", "Submissions by task", tuple(columns), tuple(rows), "overview")


def _place(key: tuple[str, str], whole: dict[str, Overall]) -> tuple[object, ...]:
    profile, submission = key
    one = whole.get(submission) if profile == "full" else None
    return profile != "full", one is None, -one.mean if one is not None else 0.0, submission


def _row(key: tuple[str, str], own: dict[str, Tally], about: Subject, one: Overall | None, together: bool) -> Row:
    profile, submission = key
    taker = about.takers[submission]
    quick = f" ({profile})" if profile != "full" else ""
    cells = [Cell(submission + quick, head=True, look="who", link=submission_path(submission))]
    if together and one is None:
        cells += [Cell(NONE, look="n"), Cell(look="n"), Cell(NONE, look="n"), Cell(look="n")]
    elif one is not None:
        cells += [
            Cell(figure(one.mean, bounded=True), shade=one.mean, look="n"),
            Cell(span(one.low, one.high, bounded=True), look="n span"),
            Cell(f"{one.borda:.2f}", look="n", tip=marks.places(one.moved) if abs(one.moved) >= FAR else ""),
            Cell(f"{one.splits}/{one.of}", look="n", value=one.splits),
        ]
    for task in about.tasks:
        cells += _of_task(own.get(task))
    return Row(submission, tuple(cells), _facets(taker, profile, own))


def _of_task(one: Tally | None) -> list[Cell]:
    if one is None:
        return [Cell(look="n")] * 4
    part = "" if one.ood_splits == one.of else f"over {one.ood_splits} of the {count(one.of, 'split')} that have rows"
    look = "n part" if part and one.ood is not None else "n"
    provisional = "provisional" if one.provisional else ""
    return [
        Cell(
            figure(one.ood, one.bounded),
            one.shade(one.ood),
            look=look,
            tip="; ".join(filter(None, (part, provisional))),
        ),
        Cell(figure(one.id, one.bounded), one.shade(one.id), look="n"),
        Cell(NONE if one.gap is None else figure(one.gap, one.bounded), look="n"),
        Cell(f"{one.first}/{one.ranked}" if one.ranked else "", value=one.first if one.ranked else None, look="n"),
    ]


def _facets(taker: Taker, profile: str, own: dict[str, Tally]) -> dict[str, str]:
    return {
        "kind": taker.kind,
        "profile": profile,
        "sealing": " ".join(taker.sealing),
        "size": taker.size,
        "provisional": "yes" if any(one.provisional for one in own.values()) else "no",
    }


def _filters(about: Subject, table: Table) -> list[tuple[str, str, list[str]]]:
    """What may be chosen of rows: the name in the address bar, its label, and the values that occur."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in table.rows:
        for name, value in row.facets.items():
            found[name].update(dict.fromkeys(value.split(" ") if name == "sealing" else [value]))
    labels = {
        "kind": "kind",
        "profile": "profile",
        "sealing": "sealing",
        "size": "parameters",
        "provisional": "provisional",
    }
    chosen = [(name, label, sorted(filter(None, found[name]))) for name, label in labels.items()]
    several = [one for one in chosen if len(one[2]) > 1]
    return [("family", "task", list(about.tasks)), *several] if len(about.tasks) > 1 else several


def _facts(about: Subject) -> tuple[str, ...]:
    """What the head of the page says: counts, profiles, days and versions."""
    board = about.board
    days = sorted({f"{when:%Y-%m-%d}" for when in (board.first, board.last) if when is not None})
    failed = f", {board.failed:,} of them failed" if board.failed else ""
    older = f"; {count(board.superseded, 'older cell')} superseded" if board.superseded else ""
    told = [
        f"{count(board.cells, 'cell')}{failed}{older}",
        " and ".join(sorted({one.profile for one in board.standings})) + " profile",
        " to ".join(days),
        *(f"{name} {', '.join(found)}" for name, found in board.versions),
    ]
    return tuple(told) if board.standings else ()
