"""Which charts a split has: by length, by frequency, along its other axes, while learning."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from genbench.analysis.frequency import AXIS, BY
from genbench.analysis.lengths import KINDS, METRIC
from genbench.report.contests import levels_of
from genbench.report.plots.of_frequency import by_frequency, spectrum
from genbench.report.plots.of_learning import diagnosed, learning
from genbench.report.plots.of_lengths import by_length
from genbench.report.plots.of_slices import along

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.plots.plot import Plot
    from genbench.report.site.subject import SplitRows


def charts(rows: SplitRows) -> tuple[list[Plot], list[Plot]]:
    """The charts of a split, and those of what submissions said of themselves; of one profile, full before quick."""
    profile = min(one.profile for one in rows.standings)
    shown = [one for one in rows.standings if one.profile == profile and one.mean is not None]
    levels = {one.question_set: levels_of(one) for one in shown}
    order = {name: place for place, name in enumerate(dict.fromkeys(one.submission for one in shown))}
    found, better = _by_length(rows, shown, profile, order)
    for question_set, group in groupby(
        (one for one in rows.trends if one.profile == profile), key=lambda one: one.question_set
    ):
        own = sorted(group, key=lambda one: order.get(one.submission, len(order)))
        found += [by_frequency(own, levels.get(question_set, ())), spectrum(own)]
        better |= {(question_set, AXIS), (question_set, BY)}
    slices = [one for one in rows.slices if one.profile == profile and (one.question_set, one.axis) not in better]
    found += along(slices, levels)
    points = [one for one in rows.curves if one.profile == profile]
    found += learning(points, {one.question_set: one.bounded for one in shown}, levels)
    return found, list(diagnosed(points))


def _by_length(
    rows: SplitRows, shown: Sequence[Standing], profile: str, order: dict[str, int]
) -> tuple[list[Plot], set[tuple[str, str]]]:
    """A chart of each axis along which exact match was measured; then question sets and axes that need no other."""
    own = [one for one in shown if one.metric == METRIC and one.kind in KINDS]
    sets = list(dict.fromkeys(one.question_set for one in own))
    if not sets:
        return [], set()
    shared = tuple(level for level in levels_of(own[0]) if all(level in levels_of(one) for one in own))
    title = sets[0] if len(sets) == 1 else "all question sets"
    plots, better = [], set()
    far = [one for one in rows.reaches if one.readings[0].profile == profile]
    for axis, group in groupby(far, key=lambda one: one.readings[0].axis):
        ordered = sorted(group, key=lambda one: order.get(one.readings[0].submission, len(order)))
        plots.append(by_length(ordered, title, shared))
        better |= {(name, axis) for name in sets}
    return plots, better
