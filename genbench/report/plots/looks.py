"""How picked submissions look in a chart: a colour, a dash and a marker each, the rest in grey behind them.

Eight colours of Okabe & Ito 2008, told apart by colour-blind readers; the next eight have dashes and other markers.
The site's script gives the same looks (`leaderboard/page/assets/charts.js`).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genbench.report.plots.plot import Spec

HUES: Final = ("#0072B2", "#D55E00", "#009E73", "#B8568F", "#B07A00", "#2F97CF", "#6A4FB3", "#1A1D21")
DASHES: Final = ([1, 0], [6, 3])
SHAPES: Final = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)
MOST: Final = len(HUES) * len(DASHES)
PICKED: Final = "picked"  # rows of picked submissions say so

COLOUR: Final[Spec] = {"field": "who", "type": "nominal", "scale": {"domain": [], "range": []}}
CHANNELS: Final = ("color", "strokeDash", "shape")


def look(place: int) -> tuple[str, list[int], str]:
    """Colour, dash and marker of the submission that was picked at that place."""
    return HUES[place % len(HUES)], DASHES[place // len(HUES) % len(DASHES)], SHAPES[place % len(SHAPES)]


def dressed(spec: Spec, picks: Sequence[str]) -> Spec:
    """A copy of a specification in which the picked submissions, `MOST` at most, have their looks and a legend."""
    made = copy.deepcopy(spec)
    shown = list(picks)[:MOST]
    ranges = list(zip(*(look(place) for place in range(len(shown))), strict=True)) or [(), (), ()]
    for encoding in _encodings(made):
        for name, values in zip(CHANNELS, ranges, strict=True):
            channel = encoding.get(name)
            if isinstance(channel, dict) and channel.get("field") == "who":
                channel["scale"] = {
                    "domain": shown,
                    "range": [list(v) if isinstance(v, (list, tuple)) else v for v in values],
                }
                channel["legend"] = {
                    "title": None,
                    "orient": "bottom",
                    "direction": "vertical",
                    "labelLimit": 0,
                    "symbolLimit": 0,
                }
        offset = encoding.get("yOffset")
        if isinstance(offset, dict) and offset.get("field") == "who":
            offset["scale"] = {"domain": shown}
    return made


def _encodings(spec: Any) -> Iterator[dict[str, Any]]:
    if isinstance(spec, dict):
        if isinstance(spec.get("encoding"), dict):
            yield spec["encoding"]
        for value in spec.values():
            yield from _encodings(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _encodings(value)
