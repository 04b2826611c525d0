"""Curves by training step: the metric of a question set, and what submissions said of themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.standings import by_number
from genbench.evaluation.cell import DIAGNOSTIC
from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import CurvePoint
    from genbench.report.plots.specs import Levels

PARTS: Final = 4  # slices of a named axis that get a learning curve of their own
TIPS: Final = (("seconds", "seconds of fit"), ("seeds", "seeds"))


def learning(points: Sequence[CurvePoint], bounded: Mapping[str, bool], levels: Mapping[str, Levels]) -> Iterator[Plot]:
    """Plots of the metric by training step: whole question sets, and the slices of an axis that has few names.

    `bounded` and `levels` are by question set; those without are not drawn.
    """
    told = [one for one in points if one.question_set in bounded and not one.metric.startswith(DIAGNOSTIC)]
    for question_set, of_set in groupby(told, key=lambda one: one.question_set):
        for axis, of_axis in groupby(of_set, key=lambda one: one.axis):
            parts = [list(own) for _, own in groupby(of_axis, key=lambda one: one.slice)]
            numeric = all(by_number(own[0].slice)[0] == 0 for own in parts)
            if not axis or (1 < len(parts) <= PARTS and not numeric):
                for own in parts:
                    title = question_set + (f", {axis} {own[0].slice}" if axis else "")
                    yield by_step(
                        title, own, bounded=bounded[question_set], levels=() if axis else levels[question_set]
                    )


def diagnosed(points: Sequence[CurvePoint]) -> Iterator[Plot]:
    """Plots of what submissions said of themselves by training step, one for each name."""
    told = [one for one in points if one.metric.startswith(DIAGNOSTIC)]
    for metric, own in groupby(told, key=lambda one: one.metric):
        yield by_step(metric.removeprefix(DIAGNOSTIC), list(own), bounded=False)


def by_step(title: str, points: Sequence[CurvePoint], *, bounded: bool, levels: Levels = ()) -> Plot:
    """The plot of one curve for each submission; bands are from the least seed to the most."""
    rows = [
        {
            "who": one.submission,
            "x": max(1, one.step),
            "y": one.mean,
            "low": one.least,
            "high": one.most,
            "seeds": one.seeds,
            "seconds": round(one.fit_seconds, 3),
        }  # a step 0 has no logarithm: it is drawn at 1
        for one in points
    ]
    metric = points[0].metric.removeprefix(DIAGNOSTIC)
    return Plot(
        title=title,
        says="while learning",
        spec=lines("training step", metric, log=True, bounded=bounded, levels=levels, tips=TIPS),
        rows=tuple(rows),
        bounded=bounded,
    )


def of_submission(points: Sequence[CurvePoint], bounded: Mapping[tuple[str, str, str], bool]) -> list[Plot]:
    """The curves of one submission, a plot for each split, with a line for each question set in place of submissions.

    `bounded` is by task, split and question set; those without are not drawn.
    """
    told = [
        one
        for one in points
        if (one.task, one.split, one.question_set) in bounded and not one.axis and not one.metric.startswith(DIAGNOSTIC)
    ]
    plots = []
    for (task, split, profile), group in groupby(told, key=lambda one: (one.task, one.split, one.profile)):
        own = list(group)
        within = all(bounded[one.task, one.split, one.question_set] for one in own)
        plot = by_step(f"{task}/{split}" + (" (quick)" if profile == "quick" else ""), own, bounded=within)
        rows = tuple({**row, "set": one.question_set} for row, one in zip(plot.rows, own, strict=True))
        for row in rows:
            del row["who"]
        plots.append(replace(plot, spec=by_set(plot.spec), rows=rows))
    return plots


def by_set(spec: Any) -> Any:
    """A specification with question sets where submissions are, in colours of their own."""
    if isinstance(spec, list):
        return [by_set(one) for one in spec]
    if not isinstance(spec, dict):
        return spec
    if spec.get("field") == "who":
        own = {name: value for name, value in spec.items() if name not in {"scale", "legend"}}
        return own | {"field": "set", "title": "question set"}
    made = {name: by_set(value) for name, value in spec.items()}
    for name in ("strokeDash", "shape"):  # the colours' legend is enough
        if name in made:
            made[name] = made[name] | {"legend": None}
    return made
