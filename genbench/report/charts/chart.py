"""What charts are made of, as the page's templates get it: marks, lines, tables of numbers, three kinds of chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genbench.report.charts.levels import Levels
    from genbench.report.charts.looks import Look


@dataclass(frozen=True, slots=True)
class Mark:
    """A mean with its interval, in per cent of the scale: `at` across, `low` to `high`; `y` down, for a lane."""

    at: float
    low: float | None
    high: float | None
    look: Look
    says: str
    y: float = 50.0
    seeds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in a chart: its marks, and the path through them as SVG writes points."""

    look: Look
    path: str
    marks: tuple[Mark, ...]

    @staticmethod
    def through(look: Look, marks: tuple[Mark, ...]) -> Line:
        """The line through `marks`, in their order."""
        return Line(look, points((mark.at, mark.y) for mark in marks), marks)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a chart shows, as a table: a row per slice, a column per submission. Where `shown`, nobody need open it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A line chart: ticks as (place, text), the lines, and where chance, the floor and the best attainable lie."""

    title: str
    across: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    chance_at: float | None
    lines: tuple[Line, ...]
    numbers: Numbers | None
    wide: bool = False
    levels_at: Levels = ()


@dataclass(frozen=True, slots=True)
class Lanes:
    """A chart for a named axis: one strip per slice, in it one lane per submission.

    A strip is the slice's name, where its chance lies, and the marks; `levels_at` are those of the whole question set.
    """

    title: str
    across: str
    least: str
    most: str
    strips: tuple[tuple[str, float | None, tuple[Mark, ...]], ...]
    lanes: int
    wide: bool
    numbers: Numbers
    levels_at: Levels = ()


@dataclass(frozen=True, slots=True)
class Spectrum:
    """All concepts of a question set in order of frequency, the most frequent on the left, in two charts.

    Above lie the frequencies, as the outline `path` of an area; below the accuracy of each submission in each bin of
    frequency, as wide as the bin has concepts.
    """

    title: str
    concepts: int
    path: str
    x_ticks: tuple[tuple[float, str], ...]
    frequencies: tuple[tuple[float, str], ...]  # ticks of the upper chart's height
    y_ticks: tuple[tuple[float, str], ...]
    chance_at: float | None
    lines: tuple[Line, ...]
    levels_at: Levels = ()


def points(places: Iterable[tuple[float, float]]) -> str:
    """Places as SVG writes points."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)
