"""Charts of the page: standings along an axis and by training step, placed in per cent of a drawing's width and height.

A drawing so placed fits any screen while its letters and lines keep their size. What is drawn here, `parts.html` of the
page's folder puts into SVG.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from genbench.analysis.standings import by_number
from genbench.evaluation.cell import DIAGNOSTIC
from genbench.report.wording import NONE, count, figure, point, seconds, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from genbench.analysis.frequency import Estimate, Found
    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import CurvePoint, SliceStanding, Standing

T = TypeVar("T")

HUES: Final = 7  # of Okabe & Ito 2008, told apart by colour-blind readers; style.css holds them
SHAPES: Final = 4  # markers; hue and shape together name 28 submissions
TICK: Final = 6.0  # per cent of a chart's width between two numbers below it
PARTS: Final = 4  # slices of a named axis that get a learning curve of their own


@dataclass(frozen=True, slots=True)
class Look:
    """How a submission is drawn, wherever it occurs on the page."""

    name: str
    hue: int
    shape: int


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


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a chart shows, as a table: a row per slice, a column per submission. Where `shown`, nobody need open it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A line chart: ticks as (place, text), the lines, and where chance lies."""

    title: str
    across: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    chance_at: float | None
    lines: tuple[Line, ...]
    numbers: Numbers | None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Lanes:
    """A chart for a named axis: one strip per slice, in it one lane per submission.

    A strip is the slice's name, where its chance lies, and the marks.
    """

    title: str
    across: str
    least: str
    most: str
    strips: tuple[tuple[str, float | None, tuple[Mark, ...]], ...]
    lanes: int
    wide: bool
    numbers: Numbers


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


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to per cent: 0 to 1 for bounded metrics, otherwise from the least to the most there is."""

    least: float
    most: float

    @staticmethod
    def of(values: Iterable[float | None], *, bounded: bool) -> Scale:
        """The scale that holds `values`."""
        known = [value for value in values if value is not None]
        if bounded or not known:
            return Scale(0.0, 1.0)
        least, most = min(known), max(known)
        return Scale(least, most) if least < most else Scale(least - 0.5, most + 0.5)

    def at(self, value: float) -> float:
        """The place of `value`, 0 to 100."""
        return round(100 * min(1.0, max(0.0, (value - self.least) / (self.most - self.least))), 2)

    def maybe(self, value: float | None) -> float | None:
        """The place of `value`, or none."""
        return None if value is None else self.at(value)


def looks_of(standings: Sequence[Standing]) -> dict[str, Look]:
    """One look per submission for the whole page; those who meet in a split differ in hue, or else in shape.

    Those who stand in most splits choose first.
    """
    meets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in standings:
        meets[one.submission].add((one.task, one.split))
    looks: dict[str, Look] = {}
    taken: dict[tuple[str, str], Counter[tuple[str, int]]] = defaultdict(Counter)
    for name in sorted(meets, key=lambda name: (-len(meets[name]), name)):
        met: Counter[tuple[str, int]] = Counter()
        for where in meets[name]:
            met.update(taken[where])
        hue = min(range(HUES), key=lambda hue: (met["hue", hue], hue))
        shape = min(range(SHAPES), key=lambda shape: (met[f"hue {hue}", shape], met["shape", shape], shape))
        looks[name] = Look(name, hue, shape)
        for where in meets[name]:
            taken[where].update([("hue", hue), ("shape", shape), (f"hue {hue}", shape)])
    return looks


def along_numbers(parts: list[SliceStanding], drawn: Mapping[str, Look]) -> Chart:
    """A line chart of one question set along a numeric axis."""
    one = parts[0]
    values = sorted({float(part.slice) for part in parts})
    across = Scale(values[0], values[-1]) if len(values) > 1 else Scale(values[0] - 1, values[0] + 1)
    down = Scale.of((value for part in parts for value in (part.mean, part.low, part.high)), bounded=one.bounded)
    lines = []
    for name, look in drawn.items():
        own = [part for part in parts if part.submission == name]
        marks = tuple(
            Mark(
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
            lines.append(Line(look, " ".join(f"{mark.at:g},{mark.y:g}" for mark in marks), marks))
    return Chart(
        title=one.question_set,
        across=one.axis,
        x_ticks=tuple((across.at(value), f"{value:g}") for value in _thinned(values, 7)),
        y_ticks=_y_ticks(down),
        chance_at=None if one.chance is None else round(100 - down.at(one.chance), 2),
        lines=tuple(lines),
        numbers=_numbers(parts, drawn),
    )


def along_frequency(found: Sequence[Found], drawn: Mapping[str, Look], chance: float | None) -> Chart:
    """A line chart of one question set by bins of log frequency; below it what the trends say in numbers.

    The bins that a trend leaves out, the first and the last, are drawn all the same.
    """
    present = {one.submission: one.analysis for one in found if one.submission in drawn}
    edges = [edge for of in present.values() for edge in (of.trend.edges[0], of.trend.edges[-1])]
    across, down = Scale(math.log10(min(edges)), math.log10(max(edges))), Scale(0.0, 1.0)
    lines = []
    for name, of in present.items():
        marks = tuple(
            Mark(
                at=across.at(math.log10(edge)),
                y=round(100 - down.at(accuracy.value), 2),
                low=None if math.isnan(accuracy.low) else round(100 - down.at(accuracy.low), 2),
                high=None if math.isnan(accuracy.high) else round(100 - down.at(accuracy.high), 2),
                look=drawn[name],
                says=f"{name}, frequency up to {edge:,.0f}: {figure(accuracy.value, bounded=True)}, "
                + count(int(concepts), "concept"),
            )
            for edge, concepts, accuracy in zip(of.trend.edges, of.trend.concepts, of.accuracy, strict=True)
            if concepts
        )
        lines.append(Line(drawn[name], " ".join(f"{mark.at:g},{mark.y:g}" for mark in marks), marks))
    return Chart(
        title=found[0].question_set,
        across="frequency in training",
        x_ticks=tuple((across.at(math.log10(step)), _short(step)) for step in _decades(across)),
        y_ticks=_y_ticks(down),
        chance_at=None if chance is None else round(100 - down.at(chance), 2),
        lines=tuple(lines),
        numbers=Numbers(
            head=("trend", *present),
            rows=(
                ("points a decade", *(_estimate(of.slope, 2) for of in present.values())),
                ("r over bins", *(_estimate(of.r, 3) for of in present.values())),
                ("r over concepts", *(_estimate(of.concept_r, 3) for of in present.values())),
                ("never seen", *(_estimate(of.unseen_accuracy, 3) for of in present.values())),
            ),
        ),
    )


def along_length(
    found: Sequence[Reach], drawn: Mapping[str, Look], sets: Mapping[str, float | None], metric: str
) -> Chart:
    """A line chart by length over all question sets, whose chance `sets` tells; below it how far each reaches."""
    chances = set(sets.values())
    chance = chances.pop() if len(chances) == 1 else None
    asked = sorted({length for one in found for length in one.lengths})
    bend = math.log if found[0].bent else float
    across, down = Scale(bend(asked[0]), bend(asked[-1])), Scale(0.0, 1.0)
    lines = []
    for one in found:
        name, counts = one.readings[0].submission, one.readings[0].counts
        if name not in drawn:
            continue
        marks = tuple(
            Mark(
                at=across.at(bend(length)),
                y=round(100 - down.at(share.value), 2),
                low=round(100 - down.at(share.low), 2),
                high=round(100 - down.at(share.high), 2),
                look=drawn[name],
                says=f"{name}, {one.readings[0].axis} {length:g}: {figure(share.value, bounded=True)} "
                f"({span(share.low, share.high, bounded=True)}), {count(questions, 'question')}",
            )
            for length, share, questions in zip(one.lengths, one.shares, counts, strict=True)
        )
        lines.append(Line(drawn[name], " ".join(f"{mark.at:g},{mark.y:g}" for mark in marks), marks))
    rows = [
        (
            one.readings[0].submission,
            *(point(of.value, of.low, of.high, one.lengths) for of in (one.break_point, one.half_length)),
            f"{one.area.value:.3f} ({span(one.area.low, one.area.high, bounded=True)})",
            str(len(one.readings)),
        )
        for one in sorted(found, key=lambda one: -one.area.value)
    ]
    return Chart(
        title=next(iter(sets)) if len(sets) == 1 else f"all question sets, {metric}",
        across=found[0].readings[0].axis,
        x_ticks=tuple((across.at(bend(length)), f"{length:g}") for length in _apart(asked, across, bend)),
        y_ticks=_y_ticks(down),
        chance_at=None if chance is None else round(100 - down.at(chance), 2),
        lines=tuple(lines),
        numbers=Numbers(("", ".9 up to", "half at", "area", "seeds"), tuple(rows), shown=True),
        wide=True,
    )


def _apart(asked: Sequence[float], across: Scale, bend: Callable[[float], float]) -> list[float]:
    """Of the lengths asked those whose numbers can stand side by side, from the longest down."""
    kept: list[float] = []
    for length in reversed(asked):
        if not kept or across.at(bend(kept[-1])) - across.at(bend(length)) >= TICK:
            kept.append(length)
    return kept


def spectrum(found: Sequence[Found], drawn: Mapping[str, Look], chance: float | None) -> Spectrum:
    """The concepts of one question set by frequency, and below them how well each submission knows them."""
    present = {one.submission: one.analysis for one in found if one.submission in drawn}
    counts = next(iter(present.values())).spectrum
    wide = Scale(0.0, float(len(counts)))
    # Half an image below the least that is drawn: what was never seen has no height.
    high, down = Scale(math.log10(0.5), max(1.0, math.log10(counts[0]))), Scale(0.0, 1.0)
    steps = [0, *(at for at in range(1, len(counts)) if counts[at] != counts[at - 1]), len(counts)]
    outline = [(0.0, 100.0)]
    for begin, end in pairwise(steps):
        top = round(100 - high.at(math.log10(max(0.5, counts[begin]))), 2)
        outline += [(wide.at(begin), top), (wide.at(end), top)]
    lines = []
    for name, of in present.items():
        path, begin = [], 0
        for inside, accuracy in zip(of.trend.concepts[::-1], of.accuracy[::-1], strict=True):
            if inside:
                y = round(100 - down.at(accuracy.value), 2)
                path += [(wide.at(begin), y), (wide.at(begin + inside), y)]
                begin += int(inside)
        lines.append(Line(drawn[name], _points(path), ()))
    ranks = sorted({len(counts) * quarter // 4 for quarter in range(5)})
    return Spectrum(
        title=found[0].question_set,
        concepts=len(counts),
        path=_points([*outline, (100.0, 100.0)]),
        x_ticks=tuple((wide.at(rank), f"{rank:,}") for rank in ranks),
        frequencies=tuple(
            (round(100 - high.at(math.log10(step)), 2), _short(step)) for step in _decades(Scale(0.0, high.most))
        ),
        y_ticks=_y_ticks(down),
        chance_at=None if chance is None else round(100 - down.at(chance), 2),
        lines=tuple(lines),
    )


def _points(places: Iterable[tuple[float, float]]) -> str:
    """Places as SVG writes points."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _estimate(of: Estimate, places: int) -> str:
    if math.isnan(of.value):
        return NONE
    within = "" if math.isnan(of.low) else f" ({of.low:.{places}f} {NONE} {of.high:.{places}f})"
    return f"{of.value:.{places}f}{within}"


def along_names(parts: list[SliceStanding], drawn: Mapping[str, Look]) -> Lanes:
    """A chart of one question set along a named axis."""
    one = parts[0]
    scale = Scale.of((value for part in parts for value in (part.mean, part.low, part.high)), bounded=one.bounded)
    present = [name for name in drawn if any(part.submission == name for part in parts)]
    strips = []
    for name, of_slice in groupby(parts, key=lambda part: part.slice):
        own = list(of_slice)
        marks = tuple(
            Mark(
                at=scale.at(part.mean),
                low=scale.maybe(part.low),
                high=scale.maybe(part.high),
                look=drawn[part.submission],
                says=f"{part.submission}, {name}: {_spelled(part)}",
                y=round(100 * (present.index(part.submission) + 0.5) / len(present), 2),
            )
            for part in own
        )
        strips.append((name, scale.maybe(own[0].chance), marks))
    return Lanes(
        title=one.question_set,
        across=one.axis,
        least=f"{scale.least:.4g}",
        most=f"{scale.most:.4g}",
        strips=tuple(strips),
        lanes=len(present),
        wide=max(len(name) for name, _, _ in strips) > 24,
        numbers=_numbers(parts, drawn),
    )


def learning(points: list[CurvePoint], shown: list[Standing], drawn: Mapping[str, Look]) -> Iterable[Chart]:
    """Charts of the metric by training step: the whole question set, and the slices of an axis that has few names."""
    standing = {one.question_set: one for one in shown}
    for question_set, of_set in groupby(points, key=lambda one: one.question_set):
        if question_set not in standing:
            continue
        for axis, of_axis in groupby(of_set, key=lambda one: one.axis):
            panels = [list(own) for _, own in groupby(of_axis, key=lambda one: one.slice)]
            numeric = all(by_number(own[0].slice)[0] == 0 for own in panels)
            if not axis or (1 < len(panels) <= PARTS and not numeric):
                one = standing[question_set]
                for own in panels:
                    title = question_set + (f" · {axis} {own[0].slice}" if axis else "")
                    yield _by_step(title, own, drawn, bounded=one.bounded, chance=None if axis else one.chance)


def diagnosed(points: list[CurvePoint], drawn: Mapping[str, Look]) -> Iterable[Chart]:
    """Charts of what submissions said of themselves by training step, one for each name."""
    told = [one for one in points if one.metric.startswith(DIAGNOSTIC)]
    for metric, own in groupby(told, key=lambda one: one.metric):
        yield _by_step(metric.removeprefix(DIAGNOSTIC), list(own), drawn, bounded=False, chance=None)


def _by_step(
    title: str, points: list[CurvePoint], drawn: Mapping[str, Look], *, bounded: bool, chance: float | None
) -> Chart:
    bounded = bounded and all(one.least >= 0 and one.most <= 1 for one in points)
    steps = sorted({max(1, one.step) for one in points})  # a step 0 has no logarithm: it is drawn at 1
    most = math.log10(steps[-1])
    across = Scale(min(math.log10(steps[0]), most - 1), most)
    down = Scale.of((value for one in points for value in (one.least, one.most)), bounded=bounded)
    lines = []
    for name, look in drawn.items():
        marks = tuple(
            Mark(
                at=across.at(math.log10(max(1, one.step))),
                y=round(100 - down.at(one.mean), 2),
                low=round(100 - down.at(one.least), 2),
                high=round(100 - down.at(one.most), 2),
                look=look,
                says=f"{name}, step {one.step:,}: {figure(one.mean, bounded)} after {seconds(one.fit_seconds)} s, "
                + count(one.seeds, "seed"),
            )
            for one in points
            if one.submission == name
        )
        if marks:
            lines.append(Line(look, " ".join(f"{mark.at:g},{mark.y:g}" for mark in marks), marks))
    return Chart(
        title=title,
        across="training step",
        x_ticks=tuple((across.at(math.log10(step)), _short(step)) for step in _decades(across)),
        y_ticks=_y_ticks(down),
        chance_at=None if chance is None else round(100 - down.at(chance), 2),
        lines=tuple(lines),
        numbers=None,
    )


def _numbers(parts: list[SliceStanding], drawn: Mapping[str, Look]) -> Numbers:
    means = {(part.slice, part.submission): figure(part.mean, part.bounded) for part in parts}
    asked = {part.slice: part.questions for part in parts}
    present = [name for name in drawn if any(part.submission == name for part in parts)]
    return Numbers(
        head=(parts[0].axis, *present, "questions"),
        rows=tuple((name, *(means.get((name, who), NONE) for who in present), f"{asked[name]:,}") for name in asked),
    )


def _decades(across: Scale) -> list[int]:
    """Round numbers on a logarithmic scale: powers of ten, with 2 and 5 where those are few."""
    inside = [
        digit * 10**power
        for power in range(math.floor(across.least), math.ceil(across.most) + 1)
        for digit in (1, 2, 5)
        if power >= 0 and across.least - 1e-9 <= math.log10(digit * 10**power) <= across.most + 1e-9
    ]
    tens = [step for step in inside if str(step).strip("0") == "1"]
    return _thinned(tens if len(tens) > 2 else inside, 7)


def _y_ticks(scale: Scale) -> tuple[tuple[float, str], ...]:
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
    mean, within = figure(part.mean, part.bounded), span(part.low, part.high, part.bounded)
    return f"{mean} ({within}), {count(part.seeds, 'seed')}, {count(part.questions, 'question')}"
