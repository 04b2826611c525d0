"""Plots as SVG, by vl-convert: nothing is fetched, and the same plots give the same bytes."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from genbench import strangers
from genbench.report.plots.looks import MOST, dressed
from genbench.report.plots.specs import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genbench.report.plots.plot import Plot, Spec

WIDE: Final = 320  # of a panel that leaves its width open, in pixels
COLUMNS: Final = 3  # panels side by side
# What the site takes from its style sheet, for a picture on white.
CONFIG: Final[Spec] = {
    "background": "#ffffff",
    "font": "Liberation Sans, Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "axis": {"gridColor": "#e2e5e9", "labelColor": "#565f69", "titleColor": "#1a1d21", "titleFontWeight": "normal"},
    "title": {"anchor": "start", "fontSize": 12, "color": "#1a1d21"},
    "line": {"strokeWidth": 1.8},
    "point": {"size": 34, "opacity": 1},
    "style": {
        "rest": {"color": "#c3c9d0", "strokeWidth": 1},
        "band": {"opacity": 0.14},
        "level": {"color": "#565f69", "strokeDash": [3, 3], "strokeWidth": 1.2},
        "familiar": {"color": "#f0f2f4"},
    },
}


def svg(plots: Sequence[Plot], picks: Sequence[str], notes: Sequence[str] = (), columns: int = COLUMNS) -> str:
    """Plots as one picture, `columns` side by side under their titles, with one legend of the picked submissions.

    Texts are escaped, and what turns the direction of reading is told as its code.
    """
    return drawn(together([panel(plot, picks) for plot in plots], notes, columns))


def together(panels: Sequence[Spec], notes: Iterable[str] = (), columns: int = COLUMNS) -> Spec:
    """Specifications side by side, and lines of text below them."""
    lines = list(notes)
    spec: Spec = {"concat": list(panels), "columns": columns, "spacing": 28}
    if lines:
        look = {"orient": "bottom", "anchor": "start", "fontSize": 11, "fontWeight": "normal", "offset": 14}
        spec["title"] = {"text": lines, **look}
    return {"$schema": SCHEMA, **spec, "resolve": {"legend": {"color": "shared"}}, "config": CONFIG}


def panel(plot: Plot, picks: Sequence[str]) -> Spec:
    """A plot with its data, its title and a width, to stand beside others."""
    shown = list(picks)[:MOST]
    spec = dressed(deepcopy(plot.spec), shown)
    spec.pop("$schema", None)
    if spec.get("width") == "container":
        spec["width"] = WIDE
    rows = [{**row, "picked": row.get("who") in shown} for row in plot.rows]
    rows.sort(key=lambda row: row["picked"])
    title = [plot.title, *([plot.says] if plot.says else [])]
    return {**spec, "data": {"values": rows}, "title": {"text": wrapped(title)}}


def wrapped(lines: Iterable[str], room: int = 52) -> list[str]:
    """Lines cut behind their commas, colons and blanks where they are longer than `room` letters."""
    found: list[str] = []
    for line in lines:
        found.append("")
        for part in re.findall(r"[^,: ]*[,: ]?", line):
            if found[-1] and len(found[-1]) + len(part) > room:
                found.append("")
            found[-1] += part
    return found


def drawn(spec: Spec) -> str:
    """A specification as SVG."""
    import vl_convert

    return strangers.plain(str(vl_convert.vegalite_to_svg(_plain(spec))))


def _plain(value: Any) -> Any:
    """The same with texts that neither a terminal nor a reader's eye is misled by, and no NaN."""
    if isinstance(value, str):
        return strangers.plain(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124  NaN differs from itself
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
