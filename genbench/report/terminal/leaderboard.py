"""The leaderboard printed, and its page written."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from genbench import registry
from genbench.cards import UNSEEN
from genbench.errors import BadValue
from genbench.report.results import headlines, page_place, tables_of, trends_of, wanted_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Standing
    from genbench.cards import TaskCard
    from genbench.evaluation.plan import Plan


def leaderboard(results: Sequence[str], out: str | None, form: str, planned: Plan | None = None) -> None:
    """Print the standings of results folders and write the page.

    After an evaluation, what was `planned` keeps the printed tables to its splits, and knows the tasks that were named
    by folder.
    """
    from genbench.analysis.frequency import AXIS, BY
    from genbench.analysis.lengths import reaches as lengths_of
    from genbench.analysis.published import read, reported
    from genbench.analysis.standings import board
    from genbench.report import page
    from genbench.report.terminal.standings import show

    cells, scores, curves = tables_of(results, ("cells", "scores", "curves"))
    known = dict(registry.catalogue().tasks)
    only = None
    if planned is not None:
        known |= {cell.split.task.name: cell.split.task for cell in planned.cells}
        only = {(cell.split.task.name, cell.split.label) for cell in planned.cells}
    shown = board(cells, scores, curves, headlines(known))
    standings = [one for one in shown.standings if only is None or (one.task, one.split) in only]
    figures = reported(read(registry.published_folder()))
    if form == "markdown":
        _lines_of_markdown(standings, figures)
    else:
        from rich.console import Console

        show(standings, Console(), figures)
    told = _told_difficulty(results, known)
    trends, _ = trends_of(results, cells, scores, wanted_by((), ()), AXIS, BY)
    reaches: list[Reach] = []
    numeric = {axis for card in known.values() for axis, kind in card.axes.items() if kind in {"int64", "float64"}}
    for axis in sorted(numeric - {AXIS}):
        with contextlib.suppress(BadValue):  # no split of these has it
            reaches += lengths_of(cells, scores, wanted_by((), ()), axis)[0]
    place = page_place(results[0], out) / "index.html"
    path = page.render(shown, place, registry.page_folder(), told, figures, trends, reaches, _against())
    print(f"page: {path}", file=sys.stderr if form == "markdown" else sys.stdout)


def _against() -> dict[str, list[str]]:
    """Pictures of published models held against another test set, by task."""
    from genbench.analysis import published
    from genbench.report.drawings import reported_models

    found: dict[str, list[str]] = {}
    for one in published.against(registry.published_folder()):
        picture = reported_models.draw(one, published.slopes(one), published.BORDER)
        found.setdefault(one.task, []).append(picture)
    return found


def _lines_of_markdown(standings: Sequence[Standing], reported: Mapping[tuple[str, str, str], tuple[str, ...]]) -> None:
    """The printed tables as GitHub Markdown, one for each question set and profile."""
    from itertools import groupby

    from genbench.report.contests import REPORTED, normalised, reported_on
    from genbench.report.wording import figure

    if not standings:
        print("No rows.")
    for (task, split, asked, profile), own in groupby(
        standings, key=lambda one: (one.task, one.split, one.question_set, one.profile)
    ):
        rows = list(own)
        chance = "" if rows[0].chance is None else f", chance {rows[0].chance:.3g}"
        print(f"\n#### {task}/{split}, {asked or 'not graded'} ({rows[0].metric}{chance}, {profile} profile)\n")
        beside = normalised(rows)
        head = "| # | submission | mean | 95 % interval | above chance | seeds | failed |"
        print(head if beside else head.replace(" above chance |", ""))
        print("| --: | --- | --: | --: | --: |" + (" --: |" if beside else "") + " --- |")
        for one in rows:
            span = "" if one.low is None else f"{figure(one.low, one.bounded)} to {figure(one.high, one.bounded)}"
            failed = "; ".join(f"{count} {status}" for status, count in one.failed)
            name = one.submission.replace("|", "\\|").replace("<", "&lt;")
            rank = "" if one.rank is None else one.rank
            mean = figure(one.mean, one.bounded)
            above = f" {figure(one.above_chance, one.bounded)} |" if beside else ""
            print(f"| {rank} | {name} | {mean} | {span} |{above} {one.seeds} | {failed} |")
        told = reported_on(rows[0], reported)
        if told:
            print(f"\n{REPORTED}:\n")
        for line in told:
            print(f"- {line}")


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
