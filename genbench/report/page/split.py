"""The section of a split on the page: its tables, and the charts of one profile."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.analysis.frequency import AXIS, BY
from genbench.analysis.lengths import KINDS, METRIC
from genbench.analysis.standings import by_number
from genbench.report.charts.frequency import along_frequency, spectrum
from genbench.report.charts.learning import diagnosed, learning
from genbench.report.charts.length import along_length
from genbench.report.charts.levels import levels_of, of_all
from genbench.report.charts.slices import along_names, along_numbers
from genbench.report.contests import contest
from genbench.report.page.anchors import anchor
from genbench.report.page.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Board, CurvePoint, SliceStanding, Standing
    from genbench.report.charts.chart import Chart, Lanes, Spectrum
    from genbench.report.charts.looks import Look
    from genbench.report.contests import Reported
    from genbench.report.page.table import Table

STRIPS: Final = 60  # slices of a named axis that are drawn; of more, hundreds of classes, no one reads a picture
DRAWN: Final = 8  # lines in one chart; more cannot be told apart


@dataclass(frozen=True, slots=True)
class SplitSection:
    """A split: what its card says, its tables, and the charts of `legend`, the submissions that are drawn."""

    name: str
    anchor: str
    about: str
    difficulty: str
    tables: tuple[Table, ...]
    legend: tuple[Look, ...]
    left_out: int
    quick: bool
    spectra: tuple[Spectrum, ...]
    charts: tuple[Chart, ...]
    lanes: tuple[Lanes, ...]
    curves: tuple[Chart, ...]
    diagnosed: tuple[Chart, ...]


def split_section(
    rows: list[Standing],
    board: Board,
    looks: Mapping[str, Look],
    about: str,
    difficulty: str,
    reported: Reported,
    trends: Sequence[Found],
    reaches: Sequence[Reach],
) -> SplitSection:
    """The section of the split that all `rows`, `trends` and `reaches` are of; its charts show one profile."""
    task, split = rows[0].task, rows[0].split
    profile = min(one.profile for one in rows)  # full comes before quick
    shown = [one for one in rows if one.profile == profile and one.mean is not None]
    best = list(dict.fromkeys(one.submission for one in shown))
    drawn = {name: looks[name] for name in best[:DRAWN]}

    def mine(one: SliceStanding | CurvePoint) -> bool:
        return (one.task, one.split, one.profile) == (task, split, profile) and one.submission in drawn

    found = [one for one in trends if one.profile == profile and one.submission in drawn]
    spectra, by_frequency, trended = _frequency_charts(found, shown, drawn)
    far = [one for one in reaches if one.readings[0].profile == profile]
    by_length, measured = _length_charts(far, shown, drawn)
    slices = [one for one in board.slices if mine(one) and (one.question_set, one.axis) not in trended | measured]
    by_slice, lanes = _slice_charts(slices, shown, drawn)
    points = [one for one in board.curves if mine(one)]
    return SplitSection(
        name=f"{task}/{split}",
        anchor=anchor(task, split),
        about=about,
        difficulty=difficulty,
        tables=tuple(table(list(own), looks, reported) for _, own in groupby(rows, key=contest)),
        legend=tuple(drawn.values()),
        left_out=len(best) - len(drawn),
        quick=profile == "quick",
        spectra=tuple(spectra),
        charts=(*by_frequency, *by_length, *by_slice),
        lanes=tuple(lanes),
        curves=tuple(learning(points, shown, drawn)),
        diagnosed=tuple(diagnosed(points, drawn)),
    )


def _frequency_charts(
    trends: Sequence[Found], shown: Sequence[Standing], drawn: Mapping[str, Look]
) -> tuple[list[Spectrum], list[Chart], set[tuple[str, str]]]:
    """Both charts of each question set that has a trend; then question sets and axes that need no other chart."""
    spectra, charts, better = [], [], set()
    for question_set, own in groupby(trends, key=lambda one: one.question_set):
        chance, levels = next(
            ((one.chance, levels_of(one)) for one in shown if one.question_set == question_set), (None, ())
        )
        found = list(own)
        spectra.append(spectrum(found, drawn, chance, levels))
        charts.append(along_frequency(found, drawn, chance, levels))
        better |= {(question_set, AXIS), (question_set, BY)}
    return spectra, charts, better


def _length_charts(
    reaches: Sequence[Reach], shown: Sequence[Standing], drawn: Mapping[str, Look]
) -> tuple[list[Chart], set[tuple[str, str]]]:
    """A chart of each axis along which exact match was measured; then question sets and axes that need no other."""
    sets = {one.question_set: one.chance for one in shown if one.metric == METRIC and one.kind in KINDS}
    if not sets:
        return [], set()
    along = [(axis, list(own)) for axis, own in groupby(reaches, key=lambda one: one.readings[0].axis)]
    levels = of_all(levels_of(one) for one in shown if one.metric == METRIC and one.kind in KINDS)
    charts = [along_length(own, drawn, sets, METRIC, levels) for _, own in along]
    return charts, {(question_set, axis) for axis, _ in along for question_set in sets}


def _slice_charts(
    slices: Sequence[SliceStanding], shown: Sequence[Standing], drawn: Mapping[str, Look]
) -> tuple[list[Chart], list[Lanes]]:
    """A line chart of each axis of numbers, and lanes for each of a few names."""
    levels = {one.question_set: levels_of(one) for one in shown}
    charts, lanes = [], []
    for _, own in groupby(slices, key=lambda one: (one.question_set, one.axis)):
        parts = list(own)
        names = {one.slice for one in parts}
        if len(names) == 1:
            continue  # an axis with one value says what the table above has said
        if all(by_number(name)[0] == 0 for name in names):
            charts.append(along_numbers(parts, drawn, levels.get(parts[0].question_set, ())))
        elif len(names) <= STRIPS:
            lanes.append(along_names(parts, drawn, levels.get(parts[0].question_set, ())))
    return charts, lanes
