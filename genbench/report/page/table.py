"""The table of a contest on the page: a row for each submission, with its mean and interval drawn on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.report.charts.chart import Mark
from genbench.report.charts.levels import levels_of, placed
from genbench.report.charts.scale import Scale
from genbench.report.contests import (
    chance_of,
    gap_of,
    kind_of,
    metric_of,
    normalised,
    notes_on,
    ranks_of,
    reported_on,
    units_of,
)
from genbench.report.wording import NONE, figure, seconds, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.analysis.standings import Standing
    from genbench.report.charts.looks import Look
    from genbench.report.contests import Reported


@dataclass(frozen=True, slots=True)
class Row:
    """One standing: texts as they are shown, and its mean drawn, where it has one."""

    rank: str
    provisional: bool
    first: bool
    look: Look
    mean: str
    span: str
    above_floor: str
    gap: str
    bar: Mark | None
    seeds: str
    failed: bool
    questions: str
    fit: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One contest: the rows of a question set and profile. `least` and `most` end the scale, `chance_at` lies on it.

    So do `levels_at`: the floor and the best attainable, where the card tells them. `normalised` says that scores above
    the floor are told beside the means, `gaps` that gaps are; `units` what the intervals are over, where not questions.
    """

    question_set: str
    kind: str
    trained: bool
    metric: str
    chance: str
    chance_at: float | None
    levels_at: tuple[tuple[str, float], ...]
    least: str
    most: str
    quick: bool
    normalised: bool
    gaps: bool
    units: str
    rows: tuple[Row, ...]
    reported: tuple[str, ...]


def table(rows: list[Standing], looks: Mapping[str, Look], reported: Reported) -> Table:
    """The table of the rows of one contest, on a scale that holds all their ends."""
    one = rows[0]
    ends = [value for row in rows for value in (row.low, row.high, row.mean, row.chance, row.floor, row.bayes)]
    scale = Scale.of([*ends, *(value for row in rows for _, value in row.seed_values)], bounded=one.bounded)
    return Table(
        question_set=one.question_set,
        kind=kind_of(one),
        trained=one.kind == "trained",
        metric=metric_of(one),
        chance=chance_of(one),
        chance_at=scale.maybe(one.chance),
        levels_at=placed(levels_of(one), scale.at),
        least=f"{scale.least:.4g}",
        most=f"{scale.most:.4g}",
        quick=one.profile == "quick",
        normalised=normalised(rows),
        gaps=any(row.gap is not None for row in rows),
        units=units_of(one),
        rows=tuple(_row(row, scale, looks[row.submission]) for row in rows),
        reported=reported_on(one, reported),
    )


def _row(row: Standing, scale: Scale, look: Look) -> Row:
    mean, within = figure(row.mean, row.bounded), span(row.low, row.high, row.bounded)
    bar = None
    if row.mean is not None:
        seeds = tuple(scale.at(value) for _, value in row.seed_values) if row.seeds > 1 else ()
        each = ", ".join(figure(value, row.bounded) for _, value in row.seed_values)
        says = f"{row.submission}: mean {mean}, 95 % interval {within}; {'seeds' if row.seeds > 1 else 'seed'} {each}"
        bar = Mark(scale.at(row.mean), scale.maybe(row.low), scale.maybe(row.high), look, says, seeds=seeds)
    return Row(
        rank=ranks_of(row.ranks),
        provisional=row.provisional,
        first=row.first,
        look=look,
        mean=mean,
        span=within,
        above_floor=figure(row.above_floor, row.bounded),
        gap=gap_of(row.gap, row.bounded),
        bar=bar,
        seeds=str(row.seeds),
        failed=bool(row.failed),
        questions=f"{row.questions:,}" if row.questions else NONE,
        fit=seconds(row.fit_seconds),
        notes=notes_on(row),
    )
