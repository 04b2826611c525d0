"""Pictures of results: means along an axis or by training step, as the site draws them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue, StoreFault, UnknownName, nearest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from genbench.analysis.standings import CurvePoint, Evidence, Headline, SliceStanding, Standing
    from genbench.report.plots.plot import Plot

STEP: Final = "step"  # in place of an axis: the learning curve
PANELS: Final = 24  # in one picture
DRAWN: Final = 8  # submissions in one panel; more cannot be told apart


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that a notebook shows; `svg` is its text."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<genbench.Picture, {len(self.svg):,} characters of SVG; .save('picture.svg') writes it>"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file that ends in .svg; folders above it are made.

        Raises `BadValue` for another ending, `StoreFault` where it cannot be written.
        """
        file = Path(path)
        if file.suffix != ".svg":
            raise BadValue(f"the picture is SVG; let {str(path)!r} end in .svg")
        partial = file.with_name(file.name + ".partial")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(self.svg, encoding="utf-8")
            partial.replace(file)
        except OSError as fault:
            raise StoreFault(f"cannot write the picture {file}: {fault.strerror or fault}") from fault
        return file


def plot(
    cells: Any,
    scores: Any,
    curves: Any,
    headlines: Mapping[str, Headline],
    axis: str,
    question_set: str | None,
    evidence: Evidence | None = None,
) -> Picture:
    """A panel for each split and question set; of a split with rows of the full profile, these alone.

    Exact match along an axis of numbers has one panel for all question sets of a split, as on the site. Raises
    `UnknownName` where no split has the axis or the question set.
    """
    from genbench.analysis.standings import by_slice, learning_curves, standings
    from genbench.report.plots import rendering

    shown = [one for one in standings(cells, scores, headlines, evidence) if one.mean is not None]
    profiles: dict[tuple[str, str], str] = {}
    for one in shown:  # full comes before quick
        profiles[one.task, one.split] = min(one.profile, profiles.get((one.task, one.split), one.profile))
    drawn = [one for one in shown if one.profile == profiles[one.task, one.split]]
    sets = {one.question_set for one in drawn}
    if question_set is not None and question_set not in sets:
        raise UnknownName(f"there is no question set {question_set!r} in these results{nearest(question_set, sets)}")

    def mine(one: SliceStanding | CurvePoint) -> bool:
        return one.profile == profiles.get((one.task, one.split)) and question_set in {None, one.question_set}

    if axis == STEP:
        found = list(_by_step([one for one in learning_curves(cells, curves, headlines) if mine(one)], drawn))
        if not found:
            raise UnknownName("there are no learning curves in these results: no fit yielded steps")
    else:
        parts = [one for one in by_slice(cells, scores, headlines, evidence) if mine(one)]
        axes = {one.axis for one in parts}
        if axis not in axes:
            raise UnknownName(f"no split of these results has the axis {axis!r}{nearest(axis, [*axes, STEP])}")
        whole = list(_by_length(cells, scores, axis, drawn)) if question_set is None else []
        told = {plot.title for plot in whole}
        rest = [one for one in parts if one.axis == axis and _heading(one) not in told]
        found = [*whole, *_by_axis(rest, drawn)]
    more = [f"the first {PANELS} of {len(found)} panels; where(...) chooses others"] if len(found) > PANELS else []
    return Picture(rendering.svg(found[:PANELS], _names(found[:PANELS], drawn), more))


def _heading(one: SliceStanding | CurvePoint | Standing) -> str:
    return f"{one.task}/{one.split}" + (" (quick)" if one.profile == "quick" else "")


def _names(plots: Iterable[Plot], drawn: Sequence[Standing]) -> list[str]:
    """The submissions that get looks: those of the panels, in the order of the leaderboard."""
    present = {name for plot in plots for name in plot.who}
    return [name for name in dict.fromkeys(one.submission for one in drawn) if name in present]


def _best(own: Sequence[Any], drawn: Sequence[Standing]) -> set[str]:
    """The first submissions of a question set, by its leaderboard."""
    where = (own[0].task, own[0].split, own[0].question_set)
    present = {one.submission for one in own}
    names = [one.submission for one in drawn if (one.task, one.split, one.question_set) == where]
    return set([name for name in dict.fromkeys(names) if name in present][:DRAWN])


def _titled(one: Plot, heading: str) -> Plot:
    return replace(one, title=heading, says=f"{one.title}, {one.says}")


def _by_length(cells: Any, scores: Any, axis: str, drawn: Sequence[Standing]) -> Iterator[Plot]:
    """A panel for each split whose headline is exact match along an axis of numbers: all question sets on one scale."""
    from genbench.analysis.lengths import KINDS, METRIC, reaches
    from genbench.report.plots.of_lengths import by_length

    try:
        far, _ = reaches(cells, scores, lambda _split, _submission: True, axis)
    except BadValue:  # an axis of names
        return
    for _, group in groupby(far, key=lambda one: one.readings[0].who[:2]):
        own = list(group)
        first = own[0].readings[0]
        here = [one for one in drawn if (one.task, one.split) == (first.task, first.split)]
        names = list(dict.fromkeys(one.submission for one in here))[:DRAWN]
        own = [one for one in own if one.readings[0].profile == here[0].profile] if here else []
        own = [one for one in own if one.readings[0].submission in names]
        if own and any(one.metric == METRIC and one.kind in KINDS for one in here):
            yield by_length(own, _heading(here[0]))


def _by_axis(parts: Sequence[SliceStanding], drawn: Sequence[Standing]) -> Iterator[Plot]:
    from genbench.analysis.standings import by_number
    from genbench.report.plots.of_slices import of_axis

    for _, group in groupby(parts, key=lambda one: (one.task, one.split, one.question_set)):
        own = list(group)
        best = _best(own, drawn)
        own = [one for one in own if one.submission in best]
        if own:
            numeric = all(by_number(one.slice)[0] == 0 for one in own)
            yield _titled(of_axis(own, _levels(own[0], drawn), numeric=numeric), _heading(own[0]))


def _by_step(points: Sequence[CurvePoint], drawn: Sequence[Standing]) -> Iterator[Plot]:
    from genbench.evaluation.cell import DIAGNOSTIC
    from genbench.report.plots.of_learning import by_step

    whole = [one for one in points if not one.axis and not one.metric.startswith(DIAGNOSTIC)]
    for _, group in groupby(whole, key=lambda one: (one.task, one.split, one.question_set)):
        own = list(group)
        best = _best(own, drawn)
        own = [one for one in own if one.submission in best]
        if own:
            bounded = all(one.least >= 0 and one.most <= 1 for one in own)
            plot = by_step(own[0].question_set, own, bounded=bounded, levels=_levels(own[0], drawn))
            yield replace(plot, title=_heading(own[0]), says=f"{own[0].question_set}, by training step")


def _levels(one: SliceStanding | CurvePoint, drawn: Sequence[Standing]) -> tuple[tuple[str, float], ...]:
    from genbench.report.contests import levels_of

    where = (one.task, one.split, one.question_set)
    return next((levels_of(each) for each in drawn if (each.task, each.split, each.question_set) == where), ())
