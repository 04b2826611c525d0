"""Standings, shown: one self-contained HTML page, and tables for the terminal.

The page is drawn by the templates of a folder (`page.html`, `parts.html`, `style.css`); this module decides what they
get: texts already rounded, and places in per cent of a drawing's width and height, so that a drawing fits any screen
while its letters and lines keep their size. The page holds no script and asks for nothing; the same rows give the same
bytes, for the only clock on it is that of the rows.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

from genbench.errors import StoreFault
from genbench.standings import by_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from genbench.standings import Board, CurvePoint, SliceStanding, Standing

    Reported = Mapping[tuple[str, str, str], tuple[str, ...]]  # task, split, question set -> lines

T = TypeVar("T")

NONE: Final = "\N{EN DASH}"  # where there is no figure
DRAWN: Final = 8  # lines in one chart; more cannot be told apart
HUES: Final = 7  # of Okabe & Ito 2008, told apart by colour-blind readers; style.css holds them
SHAPES: Final = 4  # markers; hue and shape together name 28 submissions
PARTS: Final = 4  # slices of a named axis that get a learning curve of their own

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
) -> Path:
    """Write the page to the file `out` and return it; folders above it are made. Raises `StoreFault` where it cannot.

    `difficulty` is a line of text for each task and split of which it is known, to stand under the split's heading.
    `reported` are lines on published figures, to stand below the full profile's rows of a question set.

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
        tasks=_tasks(board, difficulty or {}, reported or {}),
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

    Below the full profile's rows of a question set stand the published figures on it (`reported`).
    """
    from rich.table import Table
    from rich.text import Text

    if not standings:
        console.print(EMPTY, markup=False)
    for (task, split, question_set, profile), own in groupby(standings, key=_contest):
        rows = list(own)
        one = rows[0]
        asked = f"{question_set} ({KIND.get(one.kind, one.kind)})" if question_set else ""
        about = " · ".join(part for part in (asked, one.metric, _chance(one)) if part)
        console.print(Text.assemble((f"{task}/{split}", "bold"), "  ", about))
        if profile == "quick":
            console.print(Text(QUICK, "dim"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in ("#", "submission", "mean", "95 % interval", "seeds", "fit s", ""):
            left = name in {"submission", ""}
            table.add_column(name, justify="left" if left else "right", no_wrap=not left, overflow="fold")
        for row in rows:
            texts = [
                NONE if row.rank is None else str(row.rank),
                row.submission,
                figure(row.mean, row.bounded),
                _span(row.low, row.high, row.bounded),
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


def of_contest(one: Standing, reported: Reported) -> tuple[str, ...]:
    """The lines of published figures that belong below a table with this row: none below the quick profile's."""
    return reported.get((one.task, one.split, one.question_set), ()) if one.profile == "full" else ()


def figure(value: float | None, bounded: bool) -> str:
    """A score as it is shown: three decimals within [0, 1], four significant digits otherwise, a dash for none."""
    if value is None:
        return NONE
    return f"{value:.3f}" if bounded else f"{value:.4g}"


def seconds(value: float | None) -> str:
    """Seconds with about three digits: 0.042, 1.25, 38.1, 1,204.

    >>> [seconds(value) for value in (0.0421, 1.254, 38.06, 1203.6)]
    ['0.042', '1.25', '38.1', '1,204']
    """
    if value is None:
        return NONE
    if 0 < value < 0.0005:
        return "<0.001"
    return f"{value:,.{3 if value < 0.1 else 2 if value < 10 else 1 if value < 100 else 0}f}"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a submission is drawn, wherever it occurs on the page."""

    name: str
    hue: int
    shape: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mean with its interval, in per cent of the scale: `at` across, `low` to `high`; `y` down, for a lane."""

    at: float
    low: float | None
    high: float | None
    look: _Look
    says: str
    y: float = 50.0
    seeds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    rank: str
    first: bool
    look: _Look
    mean: str
    span: str
    bar: _Mark | None
    seeds: str
    failed: bool
    questions: str
    fit: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """One contest: the rows of a question set and profile. `least` and `most` end the scale, `chance_at` lies on it."""

    question_set: str
    kind: str
    trained: bool
    metric: str
    chance: str
    chance_at: float | None
    least: str
    most: str
    quick: bool
    rows: tuple[_Row, ...]
    reported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    look: _Look
    path: str
    marks: tuple[_Mark, ...]


@dataclass(frozen=True, slots=True)
class _Chart:
    """A line chart: ticks as (place, text), the lines, and where chance lies."""

    title: str
    across: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    chance_at: float | None
    lines: tuple[_Line, ...]
    numbers: _Numbers | None


@dataclass(frozen=True, slots=True)
class _Lanes:
    """A chart for a named axis: one strip per slice, in it one lane per submission."""

    title: str
    across: str
    least: str
    most: str
    chance_at: float | None
    strips: tuple[tuple[str, tuple[_Mark, ...]], ...]
    lanes: int
    wide: bool
    numbers: _Numbers


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What a chart shows, as a table: a row per slice, a column per submission."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Split:
    name: str
    anchor: str
    about: str
    difficulty: str
    tables: tuple[_Table, ...]
    legend: tuple[_Look, ...]
    left_out: int
    quick: bool
    charts: tuple[_Chart, ...]
    lanes: tuple[_Lanes, ...]
    curves: tuple[_Chart, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    title: str
    splits: tuple[_Split, ...]


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


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values to per cent: 0 to 1 for bounded metrics, otherwise from the least to the most there is."""

    least: float
    most: float

    @staticmethod
    def of(values: Iterable[float | None], *, bounded: bool) -> _Scale:
        """The scale that holds `values`."""
        known = [value for value in values if value is not None]
        if bounded or not known:
            return _Scale(0.0, 1.0)
        least, most = min(known), max(known)
        return _Scale(least, most) if least < most else _Scale(least - 0.5, most + 0.5)

    def at(self, value: float) -> float:
        """The place of `value`, 0 to 100."""
        return round(100 * min(1.0, max(0.0, (value - self.least) / (self.most - self.least))), 2)

    def maybe(self, value: float | None) -> float | None:
        """The place of `value`, or none."""
        return None if value is None else self.at(value)


def _facts(board: Board) -> dict[str, object]:
    """What the head of the page says: counts, profiles, days and versions."""
    days = sorted({f"{when:%Y-%m-%d}" for when in (board.first, board.last) if when is not None})
    failed = f", {board.failed} of them failed" if board.failed else ""
    older = f"; {_count(board.superseded, 'older cell')} superseded" if board.superseded else ""
    return {
        "cells": f"{_count(board.cells, 'cell')}{failed}{older}",
        "profiles": " and ".join(sorted({one.profile for one in board.standings})),
        "days": " to ".join(days),
        "versions": [(name, ", ".join(found)) for name, found in board.versions],
    }


def _overview(standings: Sequence[Standing]) -> list[_Overview]:
    """Who is first on each question set that asks for generalization; quick rows only where there are no full ones."""
    found = []
    full = {(one.task, one.split) for one in standings if one.profile != "quick"}
    for (task, split, question_set, profile), own in groupby(standings, key=_contest):
        rows = list(own)
        first = rows[0]
        if first.kind == "trained" or (profile == "quick" and (task, split) in full):
            continue
        leaders = [one.submission for one in rows if one.rank == 1] or [first.submission]
        found.append(
            _Overview(
                name=f"{task}/{split}",
                anchor=_anchor(task, split),
                question_set=question_set,
                kind=KIND.get(first.kind, first.kind),
                chance=NONE if first.chance is None else figure(first.chance, first.bounded),
                leaders=tuple(leaders[:3]) if first.mean is not None else (),
                more=max(0, len(leaders) - 3),
                mean=figure(first.mean, first.bounded),
                why="" if first.rank == 1 else first.unranked,
                quick=profile == "quick",
            )
        )
    return found


def _tasks(board: Board, difficulty: Mapping[tuple[str, str], str], reported: Reported) -> list[_Task]:
    looks = _looks(board.standings)
    tasks = []
    for task, of_task in groupby(board.standings, key=lambda one: one.task):
        splits = []
        title = ""
        for split, of_split in groupby(of_task, key=lambda one: one.split):
            fact = board.headlines.get(f"{task}/{split}") or board.headlines.get(f"{task}/{split.partition(':')[0]}")
            title = title or (fact.title if fact else "")
            told = difficulty.get((task, split), "")
            splits.append(_split(list(of_split), board, looks, fact.about if fact else "", told, reported))
        tasks.append(_Task(task, title, tuple(splits)))
    return tasks


def _looks(standings: Sequence[Standing]) -> dict[str, _Look]:
    """One look per submission for the whole page; those who meet in a split differ in hue, or else in shape.

    Those who stand in most splits choose first.
    """
    meets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in standings:
        meets[one.submission].add((one.task, one.split))
    looks: dict[str, _Look] = {}
    taken: dict[tuple[str, str], Counter[tuple[str, int]]] = defaultdict(Counter)
    for name in sorted(meets, key=lambda name: (-len(meets[name]), name)):
        met: Counter[tuple[str, int]] = Counter()
        for where in meets[name]:
            met.update(taken[where])
        hue = min(range(HUES), key=lambda hue: (met["hue", hue], hue))
        shape = min(range(SHAPES), key=lambda shape: (met[f"hue {hue}", shape], met["shape", shape], shape))
        looks[name] = _Look(name, hue, shape)
        for where in meets[name]:
            taken[where].update([("hue", hue), ("shape", shape), (f"hue {hue}", shape)])
    return looks


def _split(
    rows: list[Standing],
    board: Board,
    looks: Mapping[str, _Look],
    about: str,
    difficulty: str,
    reported: Reported,
) -> _Split:
    task, split = rows[0].task, rows[0].split
    profile = min(one.profile for one in rows)  # full comes before quick; charts show one profile
    shown = [one for one in rows if one.profile == profile and one.mean is not None]
    best = list(dict.fromkeys(one.submission for one in shown))
    drawn = {name: looks[name] for name in best[:DRAWN]}

    def mine(one: SliceStanding | CurvePoint) -> bool:
        return (one.task, one.split, one.profile) == (task, split, profile) and one.submission in drawn

    charts: list[_Chart] = []
    lanes: list[_Lanes] = []
    for _, own in groupby((one for one in board.slices if mine(one)), key=lambda one: (one.question_set, one.axis)):
        parts = list(own)
        if len({one.slice for one in parts}) == 1:
            continue  # an axis with one value says what the table above has said
        if all(by_number(one.slice)[0] == 0 for one in parts):
            charts.append(_along_numbers(parts, drawn))
        else:
            lanes.append(_along_names(parts, drawn))
    return _Split(
        name=f"{task}/{split}",
        anchor=_anchor(task, split),
        about=about,
        difficulty=difficulty,
        tables=tuple(_table(list(own), looks, reported) for _, own in groupby(rows, key=_contest)),
        legend=tuple(drawn.values()),
        left_out=len(best) - len(drawn),
        quick=profile == "quick",
        charts=tuple(charts),
        lanes=tuple(lanes),
        curves=tuple(_learning([one for one in board.curves if mine(one)], shown, drawn)),
    )


def _table(rows: list[Standing], looks: Mapping[str, _Look], reported: Reported) -> _Table:
    one = rows[0]
    ends = [value for row in rows for value in (row.low, row.high, row.mean, row.chance)]
    scale = _Scale.of([*ends, *(value for row in rows for _, value in row.seed_values)], bounded=one.bounded)
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
        rows=tuple(_row(row, scale, looks[row.submission]) for row in rows),
        reported=of_contest(one, reported),
    )


def _row(row: Standing, scale: _Scale, look: _Look) -> _Row:
    mean, span = figure(row.mean, row.bounded), _span(row.low, row.high, row.bounded)
    bar = None
    if row.mean is not None:
        seeds = tuple(scale.at(value) for _, value in row.seed_values) if row.seeds > 1 else ()
        each = ", ".join(figure(value, row.bounded) for _, value in row.seed_values)
        says = f"{row.submission}: mean {mean}, 95 % interval {span}; {'seeds' if row.seeds > 1 else 'seed'} {each}"
        bar = _Mark(scale.at(row.mean), scale.maybe(row.low), scale.maybe(row.high), look, says, seeds=seeds)
    return _Row(
        rank=NONE if row.rank is None else str(row.rank),
        first=row.rank == 1,
        look=look,
        mean=mean,
        span=span,
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


def _along_numbers(parts: list[SliceStanding], drawn: Mapping[str, _Look]) -> _Chart:
    one = parts[0]
    values = sorted({float(part.slice) for part in parts})
    across = _Scale(values[0], values[-1]) if len(values) > 1 else _Scale(values[0] - 1, values[0] + 1)
    down = _Scale.of((value for part in parts for value in (part.mean, part.low, part.high)), bounded=one.bounded)
    lines = []
    for name, look in drawn.items():
        own = [part for part in parts if part.submission == name]
        marks = tuple(
            _Mark(
                at=across.at(float(part.slice)),
                y=round(100 - down.at(part.mean), 2),
                low=None if part.low is None else round(100 - down.at(part.low), 2),
                high=None if part.high is None else round(100 - down.at(part.high), 2),
                look=look,
                says=f"{name}, {one.axis} {part.slice}: {_spelled(part)}",
            )
            for part in own
        )
        if marks:
            lines.append(_Line(look, " ".join(f"{mark.at:g},{mark.y:g}" for mark in marks), marks))
    return _Chart(
        title=one.question_set,
        across=one.axis,
        x_ticks=tuple((across.at(value), f"{value:g}") for value in _thinned(values, 7)),
        y_ticks=_y_ticks(down),
        chance_at=None if one.chance is None else round(100 - down.at(one.chance), 2),
        lines=tuple(lines),
        numbers=_numbers(parts, drawn),
    )


def _along_names(parts: list[SliceStanding], drawn: Mapping[str, _Look]) -> _Lanes:
    one = parts[0]
    scale = _Scale.of((value for part in parts for value in (part.mean, part.low, part.high)), bounded=one.bounded)
    present = [name for name in drawn if any(part.submission == name for part in parts)]
    strips = []
    for name, own in groupby(parts, key=lambda part: part.slice):
        marks = tuple(
            _Mark(
                at=scale.at(part.mean),
                low=scale.maybe(part.low),
                high=scale.maybe(part.high),
                look=drawn[part.submission],
                says=f"{part.submission}, {name}: {_spelled(part)}",
                y=round(100 * (present.index(part.submission) + 0.5) / len(present), 2),
            )
            for part in own
        )
        strips.append((name, marks))
    return _Lanes(
        title=one.question_set,
        across=one.axis,
        least=f"{scale.least:.4g}",
        most=f"{scale.most:.4g}",
        chance_at=scale.maybe(one.chance),
        strips=tuple(strips),
        lanes=len(present),
        wide=max(len(name) for name, _ in strips) > 24,
        numbers=_numbers(parts, drawn),
    )


def _numbers(parts: list[SliceStanding], drawn: Mapping[str, _Look]) -> _Numbers:
    means = {(part.slice, part.submission): figure(part.mean, part.bounded) for part in parts}
    asked = {part.slice: part.questions for part in parts}
    present = [name for name in drawn if any(part.submission == name for part in parts)]
    return _Numbers(
        head=(parts[0].axis, *present, "questions"),
        rows=tuple((name, *(means.get((name, who), NONE) for who in present), f"{asked[name]:,}") for name in asked),
    )


def _learning(points: list[CurvePoint], shown: list[Standing], drawn: Mapping[str, _Look]) -> Iterable[_Chart]:
    """Charts of the metric by training step: the whole question set, and the slices of an axis that has few names."""
    standing = {one.question_set: one for one in shown}
    for question_set, of_set in groupby(points, key=lambda one: one.question_set):
        if question_set not in standing:
            continue
        for axis, of_axis in groupby(of_set, key=lambda one: one.axis):
            panels = [list(own) for _, own in groupby(of_axis, key=lambda one: one.slice)]
            numeric = all(by_number(own[0].slice)[0] == 0 for own in panels)
            if not axis or (1 < len(panels) <= PARTS and not numeric):
                for own in panels:
                    title = question_set + (f" · {axis} {own[0].slice}" if axis else "")
                    yield _by_step(title, own, standing[question_set], drawn, whole=not axis)


def _by_step(
    title: str, points: list[CurvePoint], standing: Standing, drawn: Mapping[str, _Look], *, whole: bool
) -> _Chart:
    bounded = standing.bounded and all(one.least >= 0 and one.most <= 1 for one in points)
    steps = sorted({max(1, one.step) for one in points})  # a step 0 has no logarithm: it is drawn at 1
    most = math.log10(steps[-1])
    across = _Scale(min(math.log10(steps[0]), most - 1), most)
    down = _Scale.of((value for one in points for value in (one.least, one.most)), bounded=bounded)
    lines = []
    for name, look in drawn.items():
        marks = tuple(
            _Mark(
                at=across.at(math.log10(max(1, one.step))),
                y=round(100 - down.at(one.mean), 2),
                low=round(100 - down.at(one.least), 2),
                high=round(100 - down.at(one.most), 2),
                look=look,
                says=f"{name}, step {one.step:,}: {figure(one.mean, bounded)} after {seconds(one.fit_seconds)} s, "
                + _count(one.seeds, "seed"),
            )
            for one in points
            if one.submission == name
        )
        if marks:
            lines.append(_Line(look, " ".join(f"{mark.at:g},{mark.y:g}" for mark in marks), marks))
    chance = standing.chance if whole else None
    return _Chart(
        title=title,
        across="training step",
        x_ticks=tuple((across.at(math.log10(step)), _short(step)) for step in _decades(across)),
        y_ticks=_y_ticks(down),
        chance_at=None if chance is None else round(100 - down.at(chance), 2),
        lines=tuple(lines),
        numbers=None,
    )


def _decades(across: _Scale) -> list[int]:
    """Round numbers on a logarithmic scale: powers of ten, with 2 and 5 where those are few."""
    inside = [
        digit * 10**power
        for power in range(math.floor(across.least), math.ceil(across.most) + 1)
        for digit in (1, 2, 5)
        if power >= 0 and across.least - 1e-9 <= math.log10(digit * 10**power) <= across.most + 1e-9
    ]
    tens = [step for step in inside if str(step).strip("0") == "1"]
    return _thinned(tens if len(tens) > 2 else inside, 7)


def _y_ticks(scale: _Scale) -> tuple[tuple[float, str], ...]:
    span = scale.most - scale.least
    return tuple((100 - 25 * quarter, f"{scale.least + span * quarter / 4:.4g}") for quarter in range(5))


def _thinned(values: list[T], most: int) -> list[T]:
    return values[:: math.ceil(len(values) / most)] if len(values) > most else values


def _short(number: int) -> str:
    for size, letter in ((10**6, "M"), (10**3, "k")):
        if number >= size and number % (size // 10) == 0:
            return f"{number / size:g}{letter}"
    return str(number)


def _spelled(part: SliceStanding) -> str:
    mean, span = figure(part.mean, part.bounded), _span(part.low, part.high, part.bounded)
    return f"{mean} ({span}), {_count(part.seeds, 'seed')}, {_count(part.questions, 'question')}"


def _span(low: float | None, high: float | None, bounded: bool) -> str:
    return NONE if low is None or high is None else f"{figure(low, bounded)} {NONE} {figure(high, bounded)}"


def _chance(one: Standing) -> str:
    return "" if one.chance is None else f"chance {figure(one.chance, one.bounded)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _contest(one: Standing) -> tuple[str, str, str, str]:
    return one.task, one.split, one.question_set, one.profile


def _anchor(task: str, split: str) -> str:
    return "_".join(f"{task}/{split}".split())
