"""Specifications of the kinds of charts there are, in Vega-Lite; tests hold them against its schema."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from genbench.report.plots.looks import COLOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genbench.report.plots.plot import Spec

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
HIGH: Final = 240
DATA: Final = {"name": "rows"}
PICKED: Final = [{"filter": "datum.picked"}]
REST: Final = [{"filter": "!datum.picked"}]
Levels = tuple[tuple[str, float], ...]  # name and value: chance, floor, best attainable


def lines(
    across: str,
    upward: str,
    *,
    log: bool = False,
    bounded: bool = True,
    levels: Levels = (),
    familiar: tuple[float, float] | None = None,
    tips: Sequence[tuple[str, str]] = (),
    ticks: Sequence[float] = (),
) -> Spec:
    """Lines through `y` at `x`, a band from `low` to `high`, and dashed levels across; the rest in grey behind.

    What is `familiar` from training, from one `x` to another, is shaded. `tips` are further fields and their names,
    `ticks` the numbers below where they are few.
    """
    axis = {"grid": False, "labelOverlap": True, "tickCount": 8, "format": "~s" if log else "~g"}
    x = {
        "field": "x",
        "type": "quantitative",
        "title": across,
        "scale": {"type": "log", "nice": False} if log else {"zero": False, "nice": False},
        "axis": axis | ({"values": list(ticks)} if ticks else {}),
    }
    y = {"field": "y", "type": "quantitative", "title": upward, "scale": _height(bounded)}
    tooltip = _tips([("who", "submission"), ("x", across), ("y", upward), ("low", "from"), ("high", "to"), *tips])
    ground = [] if familiar is None else [_ground(familiar, x)]
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": HIGH,
        "data": DATA,
        "layer": [
            *ground,
            *_levels(levels, "y"),
            {
                "transform": REST,
                "mark": {"type": "line", "style": "rest"},
                "encoding": {"x": x, "y": y, "detail": {"field": "who"}, "tooltip": tooltip},
            },
            {
                "transform": PICKED,
                "mark": {"type": "area", "style": "band"},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "low"},
                    "y2": {"field": "high"},
                    "color": _colour(),
                    "detail": {"field": "who"},
                },
            },
            {
                "transform": PICKED,
                "mark": {"type": "line"},
                "encoding": {"x": x, "y": y, "color": _colour(), "strokeDash": _colour()},
            },
            {
                "transform": PICKED,
                "mark": {"type": "point", "filled": True},
                "encoding": {"x": x, "y": y, "color": _colour(), "shape": _colour(), "tooltip": tooltip},
            },
        ],
    }


def dots(
    down: str, across: str, order: Sequence[str], *, bounded: bool = True, levels: Levels = (), lanes: int = 1
) -> Spec:
    """For each name down, dots at `y` with their intervals, a lane for each picked submission; the rest in grey."""
    y = {"field": "x", "type": "nominal", "title": down, "sort": list(order), "axis": {"labelLimit": 260}}
    x = {"field": "y", "type": "quantitative", "title": across, "scale": _height(bounded)}
    offset = {"field": "who", "type": "nominal", "scale": {"domain": []}}
    tooltip = _tips(
        [
            ("who", "submission"),
            ("x", down),
            ("y", across),
            ("low", "from"),
            ("high", "to"),
            ("n", "questions"),
            ("seeds", "seeds"),
        ]
    )
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": max(18, 6 * lanes) * len(order),
        "data": DATA,
        "layer": [
            *_levels(levels, "x"),
            {
                "transform": [{"filter": "isValid(datum.chance)"}],
                "mark": {"type": "tick", "style": "level"},
                "encoding": {"x": {**x, "field": "chance"}, "y": y},
            },
            {
                "transform": REST,
                "mark": {"type": "tick", "style": "rest"},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
            {
                "transform": PICKED,
                "mark": {"type": "rule"},
                "encoding": {
                    "x": {**x, "field": "low"},
                    "x2": {"field": "high"},
                    "y": y,
                    "yOffset": offset,
                    "color": _colour(),
                },
            },
            {
                "transform": PICKED,
                "mark": {"type": "point", "filled": True},
                "encoding": {
                    "x": x,
                    "y": y,
                    "yOffset": offset,
                    "color": _colour(),
                    "shape": _colour(),
                    "tooltip": tooltip,
                },
            },
        ],
    }


def scatter(
    across: str,
    upward: str,
    *,
    log: bool = False,
    bounded: bool = True,
    diagonal: bool = False,
    front: bool = False,
    tips: Sequence[tuple[str, str]] = (),
) -> Spec:
    """A dot for each submission at (`x`, `y`), with its intervals upward; those not picked in grey.

    With `front`, steps lead through the rows that say so in the field of that name.
    """
    scale: dict[str, Any] = {"type": "log", "nice": False} if log else {"zero": False, "nice": True}
    x = {
        "field": "x",
        "type": "quantitative",
        "title": across,
        "scale": scale,
        "axis": {"labelOverlap": True, "tickCount": 6, "format": "~s" if log else "~g"},
    }
    y = {"field": "y", "type": "quantitative", "title": upward, "scale": _height(bounded)}
    tooltip = _tips([("who", "submission"), ("x", across), ("y", upward), *tips])
    line = [
        {
            "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
            "mark": {"type": "line", "style": "level"},
            "encoding": {"x": x, "y": y},
        }
    ]
    steps = [
        {
            "transform": [{"filter": "datum.front"}],
            "mark": {"type": "line", "style": "level", "interpolate": "step-after"},
            "encoding": {"x": x, "y": y},
        }
    ]
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": HIGH + 60,
        "data": DATA,
        "layer": [
            *(line if diagonal else []),
            *(steps if front else []),
            {
                "transform": REST,
                "mark": {"type": "point", "style": "rest"},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
            {
                "transform": PICKED,
                "mark": {"type": "rule"},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": _colour()},
            },
            {
                "transform": PICKED,
                "mark": {"type": "point", "filled": True},
                "encoding": {"x": x, "y": y, "color": _colour(), "shape": _colour(), "tooltip": tooltip},
            },
        ],
    }


def _ground(familiar: tuple[float, float], x: Spec) -> Spec:
    values = [{"from": familiar[0], "to": familiar[1]}]
    encoding = {"x": {**x, "field": "from"}, "x2": {"field": "to"}}
    return {"data": {"values": values}, "mark": {"type": "rect", "style": "familiar"}, "encoding": encoding}


def _colour() -> dict[str, Any]:
    return deepcopy(COLOUR)


def _height(bounded: bool) -> dict[str, Any]:
    return {"domain": [0, 1]} if bounded else {"zero": False, "nice": True}


TICKS: Final = 12  # values of an axis that each have a number


def few(values: Iterable[float]) -> tuple[float, ...]:
    """The values of an axis where each can have its number below it; none where they are many."""
    found = sorted(set(values))
    return tuple(found) if len(found) <= TICKS else ()


def _levels(levels: Levels, channel: str) -> list[Spec]:
    values = [{"name": name, "at": value} for name, value in levels]
    mark = {"type": "rule", "style": "level"}
    encoding = {channel: {"field": "at", "type": "quantitative"}, "tooltip": _tips([("name", "level"), ("at", "at")])}
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}] if values else []


def _tips(fields: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"field": name, "title": title} for name, title in fields]
