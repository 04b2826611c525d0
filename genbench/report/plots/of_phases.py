"""Phase diagrams: a tile for each setting, its colour the phase that training ended in, its numbers in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.grokking import PHASES
from genbench.analysis.standings import natural
from genbench.cards import Address, address, spell
from genbench.errors import BadValue
from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import DATA, SCHEMA
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.grokking import Phase, Summary
    from genbench.cards import Value
    from genbench.report.plots.plot import Spec

FILL: Final[dict[Phase, str]] = {  # of Okabe & Ito 2008
    "coexistence": "#56B4E9",
    "partial inversion": "#009E73",
    "full inversion": "#F0E442",
    "memorization": "#E69F00",
    "forgetting": "#CC79A7",
    "confusion": "#BBBBBB",
}
TILE: Final = 54  # side of a tile, in pixels
SAYS: Final = (
    "in each tile: accuracy in % on held-out questions, and below it on training rows; then the steps from",
    "memorizing to generalizing, > where that delay outlasts training, \N{EN DASH} where nothing was memorized",
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One phase diagram: its title, the values along both axes, and what stands at (across, up)."""

    title: str
    across: tuple[Value, ...]
    up: tuple[Value, ...]
    tiles: dict[tuple[Value, Value], Summary]


def panels(found: Sequence[Summary], across: str, up: str) -> list[Panel]:
    """One panel for each task, split, submission and profile that differ in no more than the two parameters.

    There is none where nobody has both. Raises `BadValue` where they are the same.
    """
    if across == up:
        raise BadValue(f"a diagram needs two parameters; both are {across!r}")
    groups: dict[str, dict[tuple[Value, Value], Summary]] = {}
    for one in found:
        course = one.courses[0]
        if across in course.params and up in course.params:
            split, submission = (_without(label, {across, up}) for label in (course.split, course.submission))
            title = f"{course.task}/{split} {submission}" + (" (quick)" if course.profile == "quick" else "")
            groups.setdefault(title, {})[course.params[across], course.params[up]] = one
    return [
        Panel(
            title,
            tuple(sorted({at for at, _ in tiles}, key=_order)),
            tuple(sorted({at for _, at in tiles}, key=_order)),
            tiles,
        )
        for title, tiles in sorted(groups.items(), key=lambda pair: natural(pair[0]))
    ]


def phases(one: Panel, across: str, up: str) -> Plot:
    """A phase diagram as a plot."""
    rows = [_row(summary, spell(x), spell(y)) for (x, y), summary in one.tiles.items()]
    place = {
        "x": _axis("x", across, [spell(value) for value in one.across]),
        "y": _axis("y", up, [spell(value) for value in reversed(one.up)]),
    }
    colour = {
        "field": "phase",
        "type": "nominal",
        "scale": {"domain": list(PHASES), "range": [FILL[phase] for phase in PHASES]},
        "legend": {"title": None, "orient": "bottom", "columns": 3},
    }
    tips = [
        ("phase", "phase"),
        ("phases", "seeds"),
        ("x", across),
        ("y", up),
        ("test", "held-out, %"),
        ("train", "training, %"),
        ("delay", "delay, steps"),
        ("corrupted", "corrupted rows"),
    ]
    tooltip = [{"field": name, "title": title, "type": "nominal"} for name, title in tips]
    spec: Spec = {
        "$schema": SCHEMA,
        "width": {"step": TILE},
        "height": {"step": TILE},
        "data": DATA,
        "layer": [
            {"mark": {"type": "rect"}, "encoding": {**place, "color": colour, "tooltip": tooltip}},
            *(
                {
                    "mark": {"type": "text", "dy": down, "fontSize": 11, "color": "#111111"},
                    "encoding": {**place, "text": {"field": name, "type": "nominal"}},
                }
                for name, down in (("test", -14), ("train", 1), ("delay", 16))
            ),
        ],
    }
    return Plot(one.title, "", spec, tuple(rows))


def picture(found: Sequence[Panel], across: str, up: str) -> str:
    """The diagrams side by side as one SVG."""
    from genbench.report.plots import rendering

    return rendering.svg([phases(one, across, up) for one in found], [], SAYS)


def _axis(field: str, title: str, order: list[str]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "nominal",
        "title": title,
        "sort": order,
        "axis": {"labelAngle": 0, "domain": False, "ticks": False},
        "scale": {"paddingInner": 0.02},
    }


def _row(one: Summary, x: str, y: str) -> dict[str, Any]:
    corrupted = "" if one.memorized is None else f"memorized {100 * one.memorized:.1f} %"
    corrupted += "" if one.recovered is None else f", recovered {100 * one.recovered:.1f} %"
    return {
        "x": x,
        "y": y,
        "phase": one.phase,
        "phases": ", ".join(f"{count} x {phase}" for phase, count in one.phases),
        "test": f"{100 * one.test:.0f}",
        "train": f"{100 * one.train:.0f}",
        "delay": delay(one),
        "corrupted": corrupted,
    }


def delay(one: Summary) -> str:
    """The median delay in steps; where there is none, the longest that was watched in vain, or a dash."""
    timed = one.medians["delay", "steps"]
    if timed.median is not None:
        return f"{timed.median:,.0f}"
    watched = [time[0] for course in one.courses if (time := course.time("delay", "steps")) is not None]
    return f">{max(watched):,.0f}" if watched else NONE


def _without(label: str, names: set[str]) -> str:
    typed = address(label)
    return Address(typed.name, typed.variant, {k: v for k, v in typed.given.items() if k not in names}).label


def _order(value: Value) -> tuple[int, float, str]:
    number = isinstance(value, (int, float))
    return (0, float(value), "") if number else (1, 0.0, str(value))
