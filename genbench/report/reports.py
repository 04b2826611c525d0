"""What results say, shown to a person: the leaderboard, published figures, and the list of cells."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from genbench import registry
from genbench.cards import UNSEEN
from genbench.errors import BadValue, UnknownName, nearest
from genbench.report.derived import trends_of
from genbench.report.stored import page_place, store_at, tables_of, wanted_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Headline, SliceStanding, Standing
    from genbench.cards import TaskCard
    from genbench.evaluation.plan import Plan

WHOLE = "question_set"  # what means are told by where no axis is asked for


def leaderboard(results: Sequence[str], out: str | None, form: str, planned: Plan | None = None) -> None:
    """Print the standings of results folders and write the page.

    After an evaluation, what was `planned` keeps the printed tables to its splits, and knows the tasks that were named
    by folder.
    """
    from genbench.analysis.frequency import AXIS, BY
    from genbench.analysis.lengths import reaches as lengths_of
    from genbench.analysis.published import read, reported
    from genbench.analysis.standings import board
    from genbench.report import page, terminal_standings

    cells, scores, curves = tables_of(results, ("cells", "scores", "curves"))
    known = dict(registry.catalogue().tasks)
    only = None
    if planned is not None:
        known |= {cell.split.task.name: cell.split.task for cell in planned.cells}
        only = {(cell.split.task.name, cell.split.label) for cell in planned.cells}
    shown = board(cells, scores, curves, _headlines(known))
    standings = [one for one in shown.standings if only is None or (one.task, one.split) in only]
    figures = reported(read(registry.published_folder()))
    if form == "markdown":
        _lines_of_markdown(standings, figures)
    else:
        from rich.console import Console

        terminal_standings.show(standings, Console(), figures)
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


def beside(results: Sequence[str], tasks: Sequence[str], by: str, form: str, metric: str | None = None) -> None:
    """Print the means of each split as one table: a row a submission, a column a question set, or a slice of an axis.

    `by` is `question_set` or the name of an axis, of which each question set has a table. Chance, where it is known,
    is the first row. `metric` is shown in place of the headline, by the splits that have it, and its chance is not
    known. Raises `UnknownName` where no split has the axis or the metric, or none is named by `tasks`.
    """
    from itertools import groupby

    from genbench.analysis.standings import SliceStanding, by_slice, standings
    from genbench.report.wording import figure
    from genbench.scoring import metrics

    cells, scores = tables_of(results, ("cells", "scores"))
    headlines = _headlines(registry.catalogue().tasks)
    if metric is not None:
        bounded = metrics.of_questions(metrics.named(metric).name)
        headlines = {name: replace(one, metric=metric, chance={}, bounded=bounded) for name, one in headlines.items()}
    find = standings if by == WHOLE else by_slice
    rows: Sequence[Standing | SliceStanding] = find(cells, scores, headlines)
    wanted = wanted_by(tasks, ())
    named = [one for one in rows if wanted(f"{one.task}/{one.split}", one.submission)]
    if metric is not None:
        named = [one for one in named if one.mean is not None]
        if not named:
            raise UnknownName(f"there are no rows of the metric {metric!r} of {' or '.join(tasks) or 'any split'}")
    if not named:
        every = sorted({f"{one.task}/{one.split}" for one in rows})
        raise UnknownName(f"there are no rows of {' or '.join(tasks) or 'any split'}{nearest(''.join(tasks), every)}")
    own = [one for one in named if not isinstance(one, SliceStanding) or one.axis == by]
    if not own:
        axes = sorted({one.axis for one in named if isinstance(one, SliceStanding)})
        raise UnknownName(f"no split of these has the axis {by!r}{nearest(by, [WHOLE, *axes])}")

    def table(one: Standing | SliceStanding) -> tuple[str, ...]:
        return (one.task, one.split, one.profile, *(() if by == WHOLE else (one.question_set,)))

    for where, group in groupby(sorted(own, key=table), key=table):
        parts = list(group)
        columns = list(dict.fromkeys(_column(one) for one in parts))
        means = {(one.submission, _column(one)): figure(one.mean, one.bounded) for one in parts}
        seeds = {one.submission: str(one.seeds) for one in parts}
        chance = {_column(one): figure(one.chance, one.bounded) for one in parts if one.chance is not None}
        lines = [["chance level", "", *(chance.get(column, "") for column in columns)]] if chance else []
        for name, count in seeds.items():
            lines.append([name, count, *(means.get((name, column), "") for column in columns)])
        about = ", ".join([f"{where[0]}/{where[1]}", *where[3:], parts[0].metric, f"{where[2]} profile"])
        _matrix(about, ["submission", "seeds", *columns], lines, form)


def _column(one: Standing | SliceStanding) -> str:
    return getattr(one, "slice", one.question_set)


def _matrix(about: str, head: Sequence[str], lines: Sequence[Sequence[str]], form: str) -> None:
    if form == "markdown":
        escaped = [[text.replace("|", "\\|").replace("<", "&lt;") for text in line] for line in lines]
        print(f"\n{about}:\n\n| {' | '.join(head)} |\n| --- |{' --: |' * (len(head) - 1)}")
        print("\n".join(f"| {' | '.join(line)} |" for line in escaped))
        return
    wide = [max(len(line[place]) for line in [head, *lines]) for place in range(len(head))]
    print(about)
    for line in [head, *lines]:
        texts = [line[0].ljust(wide[0]), *(text.rjust(width) for text, width in zip(line[1:], wide[1:], strict=True))]
        print("  ".join(texts).rstrip())
    print()


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


def reproduction(results: Sequence[str], published: Path | None) -> None:
    """Print published figures beside our standings, as Markdown."""
    from genbench.analysis.published import read, table
    from genbench.analysis.standings import by_slice, standings

    cells, scores = tables_of(results, ("cells", "scores"))
    place = registry.published_folder() if published is None else published
    figures = read(place)
    if not figures:
        raise BadValue(f"there are no published figures in {place}; they are TOML files")
    known = _headlines(registry.catalogue().tasks)
    print(table(figures, standings(cells, scores, known), by_slice(cells, scores, known)), end="")


def _headlines(known: Mapping[str, TaskCard]) -> dict[str, Headline]:
    """What the cards say of each split, by its name as it stands on the card."""
    from genbench.analysis.standings import headline
    from genbench.scoring import metrics

    return {
        f"{card.name}/{split.name}": headline(card, split, bounded=metrics.of_questions(card.headline))
        for card in known.values()
        for split in card.splits.values()
    }


def results(place: str) -> None:
    """List the cells of a results folder."""
    store = store_at(place)
    columns = ["task", "split", "submission", "profile", "seed", "status", "cell_seconds", "detail"]
    read = store.read("cells", columns)
    rows = sorted(read.table.to_pylist(), key=lambda row: [str(row[name]) for name in columns[:5]])
    for row in rows:
        name = f"{row['task']}/{row['split']}"
        print(
            f"{row['status']:<13} {name:<40} {row['submission']:<24} {row['profile']:<5} seed {row['seed']:<3}"
            f"{row['cell_seconds']:9.1f} s  {row['detail']}".rstrip()
        )
    for line in read.skipped:
        print(f"skipped: {line}", file=sys.stderr)
    print(f"{len(rows)} cells in {place}")
