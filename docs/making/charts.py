"""What charts of published rows are drawn with: rows of the full profile, colours, panels side by side as SVG."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import genbench
from genbench.errors import BadValue, GenbenchError
from genbench.report.plots.looks import HUES
from genbench.report.plots.rendering import drawn, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Point = Mapping[str, Any]

DOCS: Final = Path(__file__).parents[1]
ACCURACY: Final = {"type": "quantitative", "title": "accuracy", "scale": {"domain": [0, 1]}}


def rows_of(results: str, task: str, submission: str = "*") -> Any:
    """The rows of the full profile of a task and of submissions, each by its pattern."""
    return genbench.results(results).where(task=task, submission=submission, profile="full")


def colour(field: str, names: Iterable[str]) -> dict[str, Any]:
    """A colour for each name, in this order."""
    chosen = list(names)
    scale = {"domain": chosen, "range": list(HUES[: len(chosen)])}
    return {"field": field, "type": "nominal", "title": None, "scale": scale, "legend": {"labelLimit": 400}}


def panel(
    points: Sequence[Point], mark: Any, encoding: Mapping[str, Any], title: str, width: int = 460
) -> dict[str, Any]:
    """One chart; raises `BadValue` where there is nothing to draw."""
    if not points:
        raise BadValue(f"there are no rows of the full profile to draw {title!r} from")
    return {
        "width": width,
        "height": 260,
        "title": title,
        "data": {"values": list(points)},
        "mark": mark,
        "encoding": dict(encoding),
    }


def picture(panels: Sequence[dict[str, Any]], note: str) -> str:
    """Charts side by side, each with its own legend, and a line of text below, as SVG."""
    apart = {"color": "independent"}
    return drawn({**together(panels, [note]), "resolve": {"scale": apart, "legend": apart}})


def alone(points: Sequence[Point], mark: Any, encoding: Mapping[str, Any], title: str, note: str) -> str:
    """One chart with a line of text below, as SVG."""
    return drawn(together([panel(points, mark, encoding, title)], [note]))


def write(pictures: Mapping[str, Callable[[str], str]], arguments: Sequence[str]) -> int:
    """Draw all pictures from the results that are named, then write them; the exit status."""
    if len(arguments) != 2:
        print(f"usage: {Path(arguments[0]).name} RESULTS", file=sys.stderr)
        return 2
    try:
        found = {name: picture(arguments[1]) for name, picture in pictures.items()}
    except GenbenchError as fault:
        print(fault, file=sys.stderr)
        return 2
    for name, picture in found.items():
        (DOCS / f"{name}.svg").write_text(picture, encoding="utf-8")
        print(f"written: docs/{name}.svg")
    return 0
