"""Accuracy against frequency in training: the bins of a trend, and the spectrum of all concepts beside them."""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from genbench.report.plots.looks import MOST
from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import DATA, HIGH, SCHEMA, lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.frequency import Found
    from genbench.report.plots.specs import Levels


def by_frequency(found: Sequence[Found], levels: Levels = (), title: str = "") -> Plot:
    """Accuracy by bins of log frequency; the first and the last, which a trend leaves out, too."""
    rows: list[dict[str, Any]] = []
    for one in found:
        of = one.analysis
        rows += [
            {
                "who": one.submission,
                "x": float(edge),
                "y": accuracy.value,
                "low": accuracy.low,
                "high": accuracy.high,
                "n": int(concepts),
            }
            for edge, concepts, accuracy in zip(of.trend.edges, of.trend.concepts, of.accuracy, strict=True)
            if concepts and not math.isnan(accuracy.value)
        ]
    return Plot(
        title=title or found[0].question_set,
        says="by frequency in training",
        spec=lines("frequency in training", "accuracy", log=True, levels=levels, tips=(("n", "concepts"),)),
        rows=tuple(rows),
        notes=tuple(trend_of(one) for one in found),
        wide=True,
    )


def picture(found: Sequence[Found]) -> str:
    """The trends as one SVG, with their words below."""
    from genbench.report.plots import rendering

    plots, names = frames(found)
    return rendering.svg(plots, names, [line for plot in plots for line in plot.notes], columns=1)


def frames(found: Sequence[Found]) -> tuple[list[Plot], list[str]]:
    """A plot for each question set, and the submissions that have looks, the first of each."""
    plots, names = [], dict[str, None]()
    for (task, split, question_set), own in groupby(found, key=lambda one: (one.task, one.split, one.question_set)):
        shown = list(own)[:MOST]
        names.update(dict.fromkeys(one.submission for one in shown))
        plots.append(by_frequency(shown, title=f"{task}/{split}, {question_set}"))
    return plots, list(names)


def trend_of(one: Found) -> str:
    """What a trend says, in words."""
    of = one.analysis
    name = one.submission + (" (quick)" if one.profile == "quick" else "")
    if math.isnan(of.slope.value):
        return f"{name}: too few bins hold concepts for a trend"
    unseen = "" if not of.unseen else f"; never seen ({of.unseen}): {100 * of.unseen_accuracy.value:.1f} %"
    return (
        f"{name}: {of.slope.value:.2f} points a decade ({of.slope.low:.2f} to {of.slope.high:.2f}), "
        f"r {of.r.value:.3f}, over concepts {of.concept_r.value:.3f}{unseen}"
    )


def spectrum(found: Sequence[Found]) -> Plot:
    """How often training has each concept, the most frequent first: a step wherever the count changes."""
    counts = found[0].analysis.spectrum
    steps = [0, *(at for at in range(1, len(counts)) if counts[at] != counts[at - 1]), len(counts)]
    rows = [
        {"x": at, "y": max(0.5, float(counts[begin]))}  # what was never seen has no logarithm
        for begin, end in pairwise(steps)
        for at in (begin, end)
    ]
    spec = {
        "$schema": SCHEMA,
        "width": "container",
        "height": HIGH,
        "data": DATA,
        "mark": {"type": "line"},
        "encoding": {
            "x": {
                "field": "x",
                "type": "quantitative",
                "title": "concepts, the most frequent first",
                "axis": {"grid": False},
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "title": "frequency in training",
                "scale": {"type": "log", "nice": False},
            },
        },
    }
    return Plot(found[0].question_set, "spectrum of its concepts", spec, tuple(rows))
