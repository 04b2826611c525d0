"""The leaderboard printed, and its page written."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from genbench import registry
from genbench.cards import UNSEEN
from genbench.errors import BadValue
from genbench.report.contests import EMPTY, contest
from genbench.report.figures import held
from genbench.report.overall import beside, overall_table
from genbench.report.results import evidence_of, headlines, page_place, tables_of, trends_of, wanted_by
from genbench.report.summary import summary
from genbench.report.terminal.standings import long_tables, standings_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from genbench.analysis.grokking import Summary
    from genbench.analysis.lengths import Reach
    from genbench.analysis.published import Figure
    from genbench.analysis.standings import Board, Standing
    from genbench.cards import SubmissionCard, TaskCard
    from genbench.evaluation.plan import Plan
    from genbench.report.contests import Reported
    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.tables import Table


@dataclass(frozen=True, slots=True)
class Told:
    """What results folders say: their board, the standings to print, published figures, and what it was made of."""

    results: tuple[str, ...]
    known: Mapping[str, TaskCard]
    cells: Any
    scores: Any
    curves: Any
    board: Board
    standings: Sequence[Standing]
    figures: Sequence[Figure]
    takers: Sequence[SubmissionCard]

    @property
    def reported(self) -> Reported:
        """Published figures as lines, by task, split and question set."""
        from genbench.analysis import published

        return published.reported(self.figures)


def leaderboard(
    results: Sequence[str], out: str | None, chosen: Filter, output: Output, *, long: bool = False, home: str = ""
) -> Told:
    """Print the standings of results folders as one summary, the long tables before it where asked; write the page.

    `home` is the address at which the page will be found, where there is one. Returns what was read.
    """
    told = read(results)
    output.tell(f"read {told.cells.num_rows:,} cells of {', '.join(results)}")
    output.show(*tables(told, chosen, output, long=long))
    if not told.standings:
        output.say(EMPTY)
    output.say(f"page: {write_page(told, out, home)}")
    return told


def read(results: Sequence[str], planned: Plan | None = None, own: Sequence[TaskCard] = ()) -> Told:
    """Read results folders.

    After an evaluation, what was `planned` keeps the printed tables to its splits, and knows the tasks that were named
    by folder; `own` are others that were named so.
    """
    from genbench.analysis import published
    from genbench.analysis.standings import board

    cells, scores, curves = tables_of(results, ("cells", "scores", "curves"))
    found = registry.catalogue()
    known = {**found.tasks, **{card.name: card for card in own}}
    only = None
    if planned is not None:
        known |= {cell.split.task.name: cell.split.task for cell in planned.cells}
        only = {(cell.split.task.name, cell.split.label) for cell in planned.cells}
    takers = [
        *found.submissions.values(),
        *(() if planned is None else (cell.submission.card for cell in planned.cells)),
    ]
    shown = board(cells, scores, curves, headlines(known, takers), evidence_of(results, known))
    standings = [one for one in shown.standings if only is None or (one.task, one.split) in only]
    figures = published.read(registry.published_folder())
    return Told(tuple(results), known, cells, scores, curves, shown, standings, figures, takers)


def tables(told: Told, chosen: Filter, output: Output, *, long: bool) -> list[Table]:
    """The tables to print: the summary, and before it the long ones where asked, kept to what was chosen.

    Scripts get all standings as one table; a person gets families of settings as grids. All splits together stand last,
    but in CSV, which is one table for whoever reads it: there they are columns of the summary.
    """
    kept = chosen.chosen(told.standings)
    before = standings_of(kept, told.reported, chosen, output) if long else []
    brief, whole = summary(told.standings, chosen), overall_table(told.standings, chosen)
    if output.form == "csv":
        return [*before, beside(brief, whole)]
    return [*before, brief, *([] if whole is None else [whole])]


def standings_of(standings: Sequence[Standing], reported: Reported, chosen: Filter, output: Output) -> list[Table]:
    """Standings as long tables, of each contest the best that are chosen: as one table for scripts."""
    kept = chosen.chosen(standings)
    best = [one for _, own in groupby(kept, key=contest) for one in chosen.best(list(own))]
    return [standings_table(best, reported)] if output.form in {"json", "csv"} else long_tables(best, reported)


def write_page(told: Told, out: str | None, home: str = "") -> Path:
    """Write the site, which holds all that the results say, and return its first page; beside it what others read."""
    from genbench.analysis import difficulty as measures
    from genbench.analysis import published
    from genbench.analysis.frequency import AXIS, BY
    from genbench.analysis.lengths import reaches as lengths_of
    from genbench.report import site

    folder = page_place(told.results[0], out)
    trends, _ = trends_of(told.results, told.cells, told.scores, wanted_by((), ()), AXIS, BY)
    reaches: list[Reach] = []
    numeric = {axis for card in told.known.values() for axis, kind in card.axes.items() if kind in {"int64", "float64"}}
    there = set(told.scores["axis"].unique().to_pylist())
    for axis in sorted(numeric & there - {AXIS}):
        with contextlib.suppress(BadValue):  # no split of these is asked at two of its values
            reaches += lengths_of(told.cells, told.scores, wanted_by((), ()), axis)[0]
    about = site.subject(
        told.board,
        told.cells,
        results=told.results,
        known=told.known,
        cards={card.name: card for card in told.takers},
        difficulty=_told_difficulty(told.results, told.known),
        trends=trends,
        reaches=reaches,
        against=published.against(registry.published_folder()),
        courses={place: found for place, found in _courses(told) if found},
        hardness={where: rows for place in told.results for where, rows in measures.stored(place).items()},
        held=held(told.results, told.cells, told.scores, told.board, told.figures, told.known),
        address=home,
    )
    place = site.write(about, folder, registry.page_folder(), site.KINDS)
    write_exports(told, folder, home)
    return place


def _courses(told: Told) -> Iterator[tuple[str, list[Summary]]]:
    """Learning curves on training asked again, put together over seeds: of these rows, and of grids that lie apart.

    A grid has many settings of one split; in a folder of its own, called as it is, inside a results folder it is in no
    standings.
    """
    from genbench.rows.store import Store

    yield ", ".join(told.results), _courses_of(told.cells, told.curves)
    names = [path.stem for path in registry.grids()]
    for place in (f"{place.rstrip('/')}/{name}" for place in told.results for name in names):
        if Store(place).exists():
            yield place, _courses_of(*tables_of((place,), ("cells", "curves")))


def _courses_of(cells: Any, curves: Any) -> list[Summary]:
    """The courses of some rows; none where nobody was asked its training again."""
    import pyarrow.compute as pc

    from genbench.analysis import grokking

    asked = curves.filter(pc.equal(curves["kind"], "trained"))
    rows = asked.select(["task", "split", "submission"]).group_by(["task", "split", "submission"]).aggregate([])
    who = {(f"{row['task']}/{row['split']}", row["submission"]) for row in rows.to_pylist()}
    if not who:
        return []
    try:
        found, _ = grokking.courses(cells, curves, lambda split, submission: (split, submission) in who)
    except BadValue:  # none is whole
        return []
    return grokking.summaries(found)


def write_exports(told: Told, folder: Path, home: str = "") -> list[str]:
    """Write the leaderboard for spreadsheets, scripts, papers and feed readers; the names of the files that changed."""
    from genbench.report import exports
    from genbench.report.families import families
    from genbench.report.site.places import split_path, task_path

    folded = {(one.task, label) for one in families(told.board.standings) for label in one.labels}

    def page(task: str, split: str) -> str:
        return task_path(task) if (task, split) in folded else split_path(task, split)

    cards: list[TaskCard | SubmissionCard] = [*told.known.values(), *told.takers]
    return exports.write(told.board, told.cells, cards, told.reported, folder, page, home)


def _told_difficulty(results: Sequence[str], known: Mapping[str, TaskCard]) -> dict[tuple[str, str], str]:
    """The line that a page shows under a split, from figures kept in results folders; outdated ones are named."""
    from genbench.analysis import difficulty as measures

    told = {}
    for place in results:
        for (task, label), rows in measures.stored(place).items():
            split = known[task].splits.get(label) if task in known else None
            if split is not None and split.fingerprint not in {UNSEEN, rows[0]["data_fingerprint"]}:
                print(
                    f"skipped: the difficulty of {task}/{label} in {place} is of older data; "
                    f"`genbench difficulty {task}/{label} --out {place}` measures it again",
                    file=sys.stderr,
                )
                continue
            told[task, label] = measures.line(rows)
    return told
