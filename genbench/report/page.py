"""Standings, shown: one self-contained HTML page, and tables for the terminal.

The page is drawn by the templates of a folder (`page.html`, `parts.html`, `style.css`); this module decides what they
get, as texts already rounded; `charts` decides where in a drawing a figure lies. The page holds no script and asks for
nothing; the same rows give the same bytes, for the only clock on it is that of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.analysis.frequency import AXIS, BY
from genbench.analysis.lengths import KINDS, METRIC
from genbench.analysis.standings import by_number
from genbench.errors import StoreFault
from genbench.report.charts import (
    Chart,
    Lanes,
    Look,
    Mark,
    Scale,
    Spectrum,
    along_frequency,
    along_length,
    along_names,
    along_numbers,
    diagnosed,
    learning,
    looks_of,
    spectrum,
)
from genbench.report.families import families
from genbench.report.wording import NONE, count, figure, seconds, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from genbench.analysis.frequency import Found
    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Board, CurvePoint, SliceStanding, Standing
    from genbench.report.families import Family, Grid

    Reported = Mapping[tuple[str, str, str], tuple[str, ...]]  # task, split, question set -> lines

STRIPS: Final = 60  # slices of a named axis that are drawn; of more, hundreds of classes, no one reads a picture
DRAWN: Final = 8  # lines in one chart; more cannot be told apart
REPORTED: Final = "Reported, not measured here and not ranked"
KIND: Final = {"ood": "out of distribution", "id": "drawn as in training", "trained": "training asked again", "": ""}
QUICK: Final = "quick profile: a smoke test, never ranked"
EMPTY: Final = "No rows yet: run `genbench evaluate`."


def render(
    board: Board,
    out: Path,
    template_folder: Path,
    difficulty: Mapping[tuple[str, str], str] | None = None,
    reported: Reported | None = None,
    trends: Sequence[Found] = (),
    reaches: Sequence[Reach] = (),
    pictures: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write the page to the file `out` and return it; folders above it are made. Raises `StoreFault` where it cannot.

    `difficulty` is a line of text for each task and split of which it is known, to stand under the split's heading.
    `reported` are lines on published figures, to stand below the full profile's rows of a question set. `trends` say
    how accuracy grows with frequency, and are drawn in place of the slices along that axis; so do `reaches`, axis after
    axis, which say up to which length or depth answers are right. `pictures` are SVG of what was reported on a task,
    for its end.

    Whatever a submission is called is escaped: a name is text, never markup.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template_folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.get_template("page.html").render(
        facts=_facts(board),
        tasks=_tasks(board, difficulty or {}, reported or {}, trends, reaches, pictures or {}),
        overview=_overview(board.standings),
        empty=EMPTY,
        quick=QUICK,
        reported=REPORTED,
    )
    partial = out.with_name(out.name + ".partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(out)
    except OSError as fault:
        raise StoreFault(f"cannot write the page {out}: {fault.strerror or fault}") from fault
    return out


def terminal(standings: Sequence[Standing], console: Console, reported: Reported | None = None) -> None:
    """Print one compact table per question set: rank, mean, interval, seeds, seconds of fit, and what failed.

    Below the full profile's rows of a question set stand the published figures on it (`reported`). Many settings of one
    split are one table of means.
    """
    from rich.table import Table
    from rich.text import Text

    if not standings:
        console.print(EMPTY, markup=False)
    alike = families(standings)
    for (task, split, question_set, profile), own in groupby(_apart(standings, alike), key=_contest):
        rows = list(own)
        one = rows[0]
        asked = f"{question_set} ({KIND.get(one.kind, one.kind)})" if question_set else ""
        about = " · ".join(part for part in (asked, one.metric, _chance(one)) if part)
        console.print(Text.assemble((f"{task}/{split}", "bold"), "  ", about))
        if profile == "quick":
            console.print(Text(QUICK, "dim"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        beside = ("above chance",) if normalised(rows) else ()
        for name in ("#", "submission", "mean", "95 % interval", *beside, "seeds", "fit s", ""):
            left = name in {"submission", ""}
            table.add_column(name, justify="left" if left else "right", no_wrap=not left, overflow="fold")
        for row in rows:
            texts = [
                NONE if row.rank is None else str(row.rank),
                row.submission,
                figure(row.mean, row.bounded),
                span(row.low, row.high, row.bounded),
                *(figure(row.above_chance, row.bounded) for _ in beside),
                str(row.seeds),
                seconds(row.fit_seconds),
                "; ".join(_notes(row)),
            ]
            table.add_row(
                *(Text(text) for text in texts), style="bold" if row.rank == 1 else "" if row.seeds else "dim"
            )
        console.print(table)
        told = of_contest(one, reported or {})
        for line in (f"{REPORTED}:", *told) if told else ():
            console.print(Text(line, "dim"))
        console.print()
    for family in alike:
        _print_family(family, console)


def _print_family(family: Family, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    for grid in family.grids:
        about = " · ".join(part for part in (*_asked(grid), grid.submission) if part)
        console.print(Text.assemble((f"{family.task}/{family.title}", "bold"), "  ", about))
        if family.profile == "quick":
            console.print(Text(QUICK, "dim"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column(family.up)
        for name in grid.columns:
            table.add_column(name, justify="right", no_wrap=True)
        for row in grid.rows:
            means = (_mean_at(grid, row, column) for column in grid.columns)
            table.add_row(Text(row, "dim"), *(Text(text) for text in means))
        console.print(table)
        console.print()


def _asked(grid: Grid) -> tuple[str, str, str]:
    """What a grid's cells have in common: question set, metric, chance."""
    kind = KIND.get(grid.one.kind, grid.one.kind)
    return f"{grid.question_set} ({kind})" if kind else grid.question_set, grid.one.metric, _chance(grid.one)


def _mean_at(grid: Grid, row: str, column: str) -> str:
    """The mean of a cell as text: a dash where it failed, nothing where there is none."""
    cell = grid.cells.get((row, column))
    return "" if cell is None else figure(cell.mean, cell.bounded)


def _apart(standings: Sequence[Standing], alike: Sequence[Family]) -> list[Standing]:
    """The standings that no family tells."""
    told = {(family.task, family.profile, label) for family in alike for label in family.labels}
    return [one for one in standings if (one.task, one.profile, one.split) not in told]


def normalised(rows: Sequence[Standing]) -> bool:
    """Whether scores above chance say more than the means: chance is known, and not 0."""
    return bool(rows[0].chance) and any(row.above_chance is not None for row in rows)


def of_contest(one: Standing, reported: Reported) -> tuple[str, ...]:
    """The lines of published figures that belong below a table with this row: none below the quick profile's."""
    return reported.get((one.task, one.split, one.question_set), ()) if one.profile == "full" else ()


@dataclass(frozen=True, slots=True)
class _Row:
    rank: str
    first: bool
    look: Look
    mean: str
    span: str
    above_chance: str
    bar: Mark | None
    seeds: str
    failed: bool
    questions: str
    fit: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """One contest: the rows of a question set and profile. `least` and `most` end the scale, `chance_at` lies on it.

    `normalised` says that scores above chance are told beside the means.
    """

    question_set: str
    kind: str
    trained: bool
    metric: str
    chance: str
    chance_at: float | None
    least: str
    most: str
    quick: bool
    normalised: bool
    rows: tuple[_Row, ...]
    reported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Split:
    name: str
    anchor: str
    about: str
    difficulty: str
    tables: tuple[_Table, ...]
    legend: tuple[Look, ...]
    left_out: int
    quick: bool
    spectra: tuple[Spectrum, ...]
    charts: tuple[Chart, ...]
    lanes: tuple[Lanes, ...]
    curves: tuple[Chart, ...]
    diagnosed: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class _Heat:
    """A grid of means: its head, and its rows of (text, shade in per cent, what the cell says)."""

    question_set: str
    kind: str
    trained: bool
    metric: str
    chance: str
    submission: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, float, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    anchor: str
    settings: int
    up: str
    across: str
    quick: bool
    heats: tuple[_Heat, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    title: str
    splits: tuple[_Split, ...]
    families: tuple[_Family, ...]
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Overview:
    """One line of the page's first table."""

    name: str
    anchor: str
    question_set: str
    kind: str
    chance: str
    leaders: tuple[str, ...]
    more: int
    mean: str
    why: str
    quick: bool


def _facts(board: Board) -> dict[str, object]:
    """What the head of the page says: counts, profiles, days and versions."""
    days = sorted({f"{when:%Y-%m-%d}" for when in (board.first, board.last) if when is not None})
    failed = f", {board.failed} of them failed" if board.failed else ""
    older = f"; {count(board.superseded, 'older cell')} superseded" if board.superseded else ""
    return {
        "cells": f"{count(board.cells, 'cell')}{failed}{older}",
        "profiles": " and ".join(sorted({one.profile for one in board.standings})),
        "days": " to ".join(days),
        "versions": [(name, ", ".join(found)) for name, found in board.versions],
    }


def _overview(standings: Sequence[Standing]) -> list[_Overview]:
    """Who is first on each question set that asks for generalization; quick rows only where there are no full ones."""
    full = {(one.task, one.split) for one in standings if one.profile != "quick"}
    alike = families(standings)
    found: dict[str, list[_Overview]] = {one.task: [] for one in standings}  # tasks in the page's order
    for (task, split, _, profile), own in groupby(_apart(standings, alike), key=_contest):
        rows = list(own)
        if rows[0].kind != "trained" and not (profile == "quick" and (task, split) in full):
            found[task].append(_at_a_glance(rows))
    for family in alike:
        asked = (grid for grid in family.grids if grid.one.kind != "trained")
        found[family.task] += [_family_at_a_glance(family, grid) for grid in asked]
    return [line for lines in found.values() for line in lines]


def _at_a_glance(rows: Sequence[Standing]) -> _Overview:
    first = rows[0]
    leaders = [one.submission for one in rows if one.rank == 1] or [first.submission]
    return _Overview(
        name=f"{first.task}/{first.split}",
        anchor=_anchor(first.task, first.split),
        question_set=first.question_set,
        kind=KIND.get(first.kind, first.kind),
        chance=NONE if first.chance is None else figure(first.chance, first.bounded),
        leaders=tuple(leaders[:3]) if first.mean is not None else (),
        more=max(0, len(leaders) - 3),
        mean=figure(first.mean, first.bounded),
        why=f"unranked: {first.unranked}" if first.rank != 1 and first.unranked else "",
        quick=first.profile == "quick",
    )


def _family_at_a_glance(family: Family, grid: Grid) -> _Overview:
    means = [cell.mean for cell in grid.cells.values() if cell.mean is not None]
    one = grid.one
    return _Overview(
        name=f"{family.task}/{family.title}",
        anchor=_anchor(family.task, family.title),
        question_set=grid.question_set,
        kind=KIND.get(one.kind, one.kind),
        chance=NONE if one.chance is None else figure(one.chance, one.bounded),
        leaders=(grid.submission,) if means else (),
        more=0,
        mean=span(min(means, default=None), max(means, default=None), one.bounded),
        why=f"{len(family.labels)} settings",
        quick=family.profile == "quick",
    )


def _tasks(
    board: Board,
    difficulty: Mapping[tuple[str, str], str],
    reported: Reported,
    trends: Sequence[Found],
    reaches: Sequence[Reach],
    pictures: Mapping[str, Sequence[str]],
) -> list[_Task]:
    alike = families(board.standings)
    apart = _apart(board.standings, alike)
    looks = looks_of(apart)
    tasks = []
    for task in dict.fromkeys(one.task for one in board.standings):
        splits = []
        title = next((fact.title for label, fact in board.headlines.items() if label.startswith(f"{task}/")), "")
        of_task = [one for one in apart if one.task == task]
        for split, of_split in groupby(of_task, key=lambda one: one.split):
            fact = board.headlines.get(f"{task}/{split}") or board.headlines.get(f"{task}/{split.partition(':')[0]}")
            told = difficulty.get((task, split), "")
            own = [one for one in trends if (one.task, one.split) == (task, split)]
            far = [one for one in reaches if one.readings[0].who[:2] == (task, split)]
            splits.append(_split(list(of_split), board, looks, fact.about if fact else "", told, reported, own, far))
        folded = tuple(_family(one) for one in alike if one.task == task)
        tasks.append(_Task(task, title, tuple(splits), folded, tuple(pictures.get(task, ()))))
    return tasks


def _family(family: Family) -> _Family:
    return _Family(
        name=f"{family.task}/{family.title}",
        anchor=_anchor(family.task, family.title),
        settings=len(family.labels),
        up=family.up,
        across=family.across,
        quick=family.profile == "quick",
        heats=tuple(_heat(grid) for grid in family.grids),
    )


def _heat(grid: Grid) -> _Heat:
    one = grid.one
    scale = Scale.of((cell.mean for cell in grid.cells.values()), bounded=one.bounded)

    def square(row: str, column: str) -> tuple[str, float, str]:
        cell = grid.cells.get((row, column))
        if cell is None or cell.mean is None:
            return _mean_at(grid, row, column), 0.0, "" if cell is None else "; ".join(_notes(cell))
        within = span(cell.low, cell.high, cell.bounded)
        says = f"{cell.split}: mean {figure(cell.mean, cell.bounded)}, 95 % interval {within}, "
        return _mean_at(grid, row, column), scale.at(cell.mean), says + count(cell.seeds, "seed")

    return _Heat(
        question_set=grid.question_set,
        kind=KIND.get(one.kind, one.kind),
        trained=one.kind == "trained",
        metric=one.metric + (", lower is better" if one.direction == "lower" else ""),
        chance=_chance(one),
        submission=grid.submission,
        head=grid.columns,
        rows=tuple((row, tuple(square(row, column) for column in grid.columns)) for row in grid.rows),
    )


def _split(
    rows: list[Standing],
    board: Board,
    looks: Mapping[str, Look],
    about: str,
    difficulty: str,
    reported: Reported,
    trends: Sequence[Found],
    reaches: Sequence[Reach],
) -> _Split:
    task, split = rows[0].task, rows[0].split
    profile = min(one.profile for one in rows)  # full comes before quick; charts show one profile
    shown = [one for one in rows if one.profile == profile and one.mean is not None]
    best = list(dict.fromkeys(one.submission for one in shown))
    drawn = {name: looks[name] for name in best[:DRAWN]}

    def mine(one: SliceStanding | CurvePoint) -> bool:
        return (one.task, one.split, one.profile) == (task, split, profile) and one.submission in drawn

    charts: list[Chart] = []
    spectra: list[Spectrum] = []
    replaced = set()  # question sets and axes of which there is a better chart
    for question_set, found in groupby(
        (one for one in trends if one.profile == profile and one.submission in drawn), key=lambda one: one.question_set
    ):
        chance = next((one.chance for one in shown if one.question_set == question_set), None)
        own_trends = list(found)
        spectra.append(spectrum(own_trends, drawn, chance))
        charts.append(along_frequency(own_trends, drawn, chance))
        replaced |= {(question_set, AXIS), (question_set, BY)}
    by_match = [one for one in shown if one.metric == METRIC and one.kind in KINDS]
    far = [one for one in reaches if one.readings[0].profile == profile]
    sets = {one.question_set: one.chance for one in by_match}
    for axis, along in groupby(far if by_match else (), key=lambda one: one.readings[0].axis):
        charts.append(along_length(list(along), drawn, sets, METRIC))
        replaced |= {(question_set, axis) for question_set in sets}
    lanes: list[Lanes] = []
    for _, own in groupby((one for one in board.slices if mine(one)), key=lambda one: (one.question_set, one.axis)):
        parts = list(own)
        slices = len({one.slice for one in parts})
        if slices == 1 or (parts[0].question_set, parts[0].axis) in replaced:
            continue  # an axis with one value says what the table above has said; the other is drawn already
        if all(by_number(one.slice)[0] == 0 for one in parts):
            charts.append(along_numbers(parts, drawn))
        elif slices <= STRIPS:
            lanes.append(along_names(parts, drawn))
    return _Split(
        name=f"{task}/{split}",
        anchor=_anchor(task, split),
        about=about,
        difficulty=difficulty,
        tables=tuple(_table(list(own), looks, reported) for _, own in groupby(rows, key=_contest)),
        legend=tuple(drawn.values()),
        left_out=len(best) - len(drawn),
        quick=profile == "quick",
        spectra=tuple(spectra),
        charts=tuple(charts),
        lanes=tuple(lanes),
        curves=tuple(learning([one for one in board.curves if mine(one)], shown, drawn)),
        diagnosed=tuple(diagnosed([one for one in board.curves if mine(one)], drawn)),
    )


def _table(rows: list[Standing], looks: Mapping[str, Look], reported: Reported) -> _Table:
    one = rows[0]
    ends = [value for row in rows for value in (row.low, row.high, row.mean, row.chance)]
    scale = Scale.of([*ends, *(value for row in rows for _, value in row.seed_values)], bounded=one.bounded)
    return _Table(
        question_set=one.question_set,
        kind=KIND.get(one.kind, one.kind),
        trained=one.kind == "trained",
        metric=one.metric + (", lower is better" if one.direction == "lower" else ""),
        chance=_chance(one),
        chance_at=scale.maybe(one.chance),
        least=f"{scale.least:.4g}",
        most=f"{scale.most:.4g}",
        quick=one.profile == "quick",
        normalised=normalised(rows),
        rows=tuple(_row(row, scale, looks[row.submission]) for row in rows),
        reported=of_contest(one, reported),
    )


def _row(row: Standing, scale: Scale, look: Look) -> _Row:
    mean, within = figure(row.mean, row.bounded), span(row.low, row.high, row.bounded)
    bar = None
    if row.mean is not None:
        seeds = tuple(scale.at(value) for _, value in row.seed_values) if row.seeds > 1 else ()
        each = ", ".join(figure(value, row.bounded) for _, value in row.seed_values)
        says = f"{row.submission}: mean {mean}, 95 % interval {within}; {'seeds' if row.seeds > 1 else 'seed'} {each}"
        bar = Mark(scale.at(row.mean), scale.maybe(row.low), scale.maybe(row.high), look, says, seeds=seeds)
    return _Row(
        rank=NONE if row.rank is None else str(row.rank),
        first=row.rank == 1,
        look=look,
        mean=mean,
        span=within,
        above_chance=figure(row.above_chance, row.bounded),
        bar=bar,
        seeds=str(row.seeds),
        failed=bool(row.failed),
        questions=f"{row.questions:,}" if row.questions else NONE,
        fit=seconds(row.fit_seconds),
        notes=_notes(row),
    )


def _notes(row: Standing) -> tuple[str, ...]:
    """What a reader must know before believing the row, shortest first said."""
    notes = [f"{count} {status.replace('_', ' ')}" for status, count in row.failed]
    if row.one_seed:
        notes.append("one seed")
    if row.unranked and row.profile != "quick" and row.kind != "trained" and not row.failed and not row.one_seed:
        notes.append(row.unranked)
    if row.editions > 1:
        notes.append(f"{row.editions} editions mixed")
    if row.superseded:
        notes.append(f"{row.superseded} superseded")
    return tuple(notes)


def _chance(one: Standing) -> str:
    return "" if one.chance is None else f"chance {figure(one.chance, one.bounded)}"


def _contest(one: Standing) -> tuple[str, str, str, str]:
    return one.task, one.split, one.question_set, one.profile


def _anchor(task: str, split: str) -> str:
    return "_".join(f"{task}/{split}".split())
