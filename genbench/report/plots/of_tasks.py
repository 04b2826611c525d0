"""Submissions by task: what each answers beyond training, beside what it answers as in training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import DATA, PICKED, REST, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genbench.report.plots.plot import Spec

HIGH: Final = 200  # pixels
SAYS: Final = (
    "full marks beyond training, hollow ones as in training, and the gap between; grey: others. Tasks scored from 0 to "
    "1, where more is better."
)


def by_task(found: Iterable[tuple[str, str, float | None, float | None]]) -> Plot | None:
    """The plot of (submission, task, mean beyond training, mean as in training); None where there is none of either."""
    rows = [
        {"who": who, "x": task, "y": beyond, "within": within}
        for who, task, beyond, within in found
        if beyond is not None or within is not None
    ]
    return (
        Plot("By task:", SAYS, _spec([row["x"] for row in rows]), tuple(rows), across="x", value="y", wide=True)
        if rows
        else None
    )


def _spec(tasks: Iterable[Any]) -> Spec:
    axis = {"labelAngle": -25, "labelAlign": "right", "labelOverlap": False, "grid": True}
    order = list(dict.fromkeys(tasks))
    x = {"field": "x", "type": "nominal", "title": None, "scale": {"domain": order}, "axis": axis}
    y = {"field": "y", "type": "quantitative", "title": "mean", "scale": {"domain": [0, 1]}}
    who: dict[str, Any] = {"field": "who", "type": "nominal"}
    offset = {**who, "scale": {"domain": []}}
    tips = (("who", "submission"), ("x", "task"), ("y", "beyond training"), ("within", "as in training"))
    tooltip = [{"field": name, "title": title, "type": "nominal"} for name, title in tips]
    place = {"x": x, "xOffset": offset, "color": who}

    def layer(mark: dict[str, Any], test: str, encoding: dict[str, Any]) -> dict[str, Any]:
        return {"transform": [*PICKED, {"filter": test}], "mark": mark, "encoding": {**place, **encoding}}

    within = {**y, "field": "within"}
    shape = {**who}
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": HIGH,
        "data": DATA,
        "layer": [
            {
                "transform": [*REST, {"filter": "isValid(datum.y)"}],
                "mark": {"type": "tick", "style": "rest"},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
            layer({"type": "rule"}, "isValid(datum.y) && isValid(datum.within)", {"y": y, "y2": {"field": "within"}}),
            layer(
                {"type": "point", "filled": False},
                "isValid(datum.within)",
                {"y": within, "shape": shape, "tooltip": tooltip},
            ),
            layer({"type": "point", "filled": True}, "isValid(datum.y)", {"y": y, "shape": shape, "tooltip": tooltip}),
        ],
    }
