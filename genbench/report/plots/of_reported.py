"""Published models on one test set against another, each a dot, and lines through those below and above a border."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import DATA, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.analysis.published import Against, Slope
    from genbench.report.plots.plot import Spec

SQUARE = 360  # pixels


def against(one: Against, fits: Mapping[str, Slope | None], border: float) -> Plot:
    """Published models on one test set against another; dashed: as good on both."""
    x, y = (_axis("x", f"{one.other}, %"), _axis("y", f"{one.metric}, %"))
    notes, ends = [], []
    for name, fit in fits.items():
        if fit is None:
            continue
        own = [model.other for model in one.models if (model.other < border) == (name == "below")]
        ends += [
            {"line": name, "x": 100 * at, "y": 100 * (fit.slope * at + fit.intercept)} for at in (min(own), max(own))
        ]
        line = f"slope {fit.slope:.4f}, intercept {100 * fit.intercept:.2f} ({fit.models} models)"
        notes.append(f"{name} {100 * border:g} %: {line}")
    diagonal = [{"x": 0, "y": 0}, {"x": 100, "y": 100}]
    tips = [("model", "model"), ("pretraining", "pretraining"), ("y", one.metric), ("x", one.other)]
    spec: Spec = {
        "$schema": SCHEMA,
        "width": "container",
        "height": SQUARE,
        "data": DATA,
        "layer": [
            {"data": {"values": diagonal}, "mark": {"type": "line", "style": "level"}, "encoding": {"x": x, "y": y}},
            {
                "data": {"values": ends},
                "mark": {"type": "line"},
                "encoding": {"x": x, "y": y, "detail": {"field": "line"}, "color": {"value": "#D55E00"}},
            },
            {
                "mark": {"type": "point", "filled": True},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"value": "#0072B2"},
                    "tooltip": [{"field": name, "title": title} for name, title in tips],
                },
            },
        ],
    }
    rows = [
        {"model": model.model, "pretraining": model.pretraining, "x": 100 * model.other, "y": 100 * model.value}
        for model in one.models
    ]
    notes.append(f"{len(one.models)} models; {one.paper} ({one.status}); dashed: as good on both")
    return Plot(f"{one.task}/{one.split}, {one.question_set}", "reported", spec, tuple(rows), notes=tuple(notes))


def picture(one: Against, fits: Mapping[str, Slope | None], border: float) -> str:
    """The plot as SVG, with its lines in words below."""
    from genbench.report.plots import rendering

    plot = against(one, fits, border)
    return rendering.svg([plot], [], plot.notes)


def _axis(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": [0, 100]}}
