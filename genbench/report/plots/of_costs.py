"""Score against what it costs: a dot for each submission, and the front of whom nobody beats for less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import scatter
from genbench.report.site.fronts import SPENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.report.site.fronts import Point


def of_costs(points: Sequence[Point], fronts: Mapping[str, Sequence[str]], score: str, *, bounded: bool) -> list[Plot]:
    """A plot for each kind of cost that two submissions tell; its front comes first, for a chart keeps what does."""
    plots = []
    for key, label, _ in SPENT:
        on = fronts[key]
        rows = [
            {"who": one.submission, "x": spent, "y": one.score, "front": one.submission in on}
            for one in points
            if one.score is not None and (spent := one.spent(key)) is not None
        ]
        if len(rows) > 1:
            rows.sort(key=lambda row: not row["front"])
            unit = f"{label}, bytes" if key == "peak_memory" else label
            spec = scatter(unit, score, log=True, bounded=bounded, front=True)
            plots.append(Plot(label, "and score", spec, tuple(rows), bounded=bounded))
    return plots
