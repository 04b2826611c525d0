"""Draw double descent and its closed form: `uv run python docs/double_descent.py RESULTS`, written to RESULTS.

RESULTS holds cells of linear_gd on linear_teacher, of which those that differ in `rows` and `draw` alone are drawn:
points are their mean errors at four times, bars a standard error to each side where there are several. Lines are the
closed form of tasks/linear_teacher/dynamics.py; nothing is fitted.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np

import genbench
from genbench.cards.addresses import card_name
from genbench.cards.entries import load_entry
from genbench.errors import BadValue, GenbenchError
from genbench.report.plots.looks import HUES
from genbench.report.plots.rendering import drawn, together

TASK = Path(__file__).resolve().parents[1] / "tasks" / "linear_teacher"
TIMES = (1, 10, 100, 1000)
TOP = 10.0  # of the picture
Setting = tuple[int, float, float]  # numbers of a row, noise, first weights
Point = tuple[float, int]  # rows for a number, time


def measured(results: str) -> tuple[Setting, dict[Point, list[float]]]:
    """The setting that most cells have, and their errors by rows for a number and time.

    Raises `BadValue` where there is none.
    """
    rows = genbench.results(results).where(task="linear_teacher")
    own = {
        row["cell"]: (json.loads(row["task_params"]), json.loads(row["submission_params"]))
        for row in rows.cells.to_dict("records")
        if row["status"] == "ok" and card_name(row["submission"]) == "linear_gd"
    }
    settings = {
        cell: (int(task["dimension"]), float(task["noise"]), float(student["initial"]))
        for cell, (task, student) in own.items()
    }
    if not settings:
        raise BadValue(f"{results} holds no cell of linear_gd on linear_teacher that ended well")
    setting = Counter(settings.values()).most_common(1)[0][0]
    found = defaultdict(dict)
    for row in rows.curves.to_dict("records"):
        if settings.get(row["cell"]) == setting and row["metric"] == "squared_error" and row["step"] in TIMES:
            task = own[row["cell"]][0]
            # One error for each draw and seed: the three splits and the variants that stop early have the same ones.
            found[task["rows"] / task["dimension"], row["step"]][task["draw"], row["seed"]] = row["value"]
    return setting, {point: list(values.values()) for point, values in found.items()}


def picture(setting: Setting, points: dict[Point, list[float]]) -> str:
    """The picture as SVG: squared error by rows for a number, a line of the closed form for each time."""
    errors = load_entry(TASK, "dynamics:errors")
    _, noise, initial = setting
    ratios = [ratio for ratio, _ in points]
    lines = [
        {"ratio": float(ratio), "time": time, "error": errors(float(ratio), noise, initial, float(time)).generalization}
        for time in TIMES
        for ratio in np.geomspace(min(ratios), max(*ratios, 1.01 * min(ratios)), 201)
    ]
    dots = []
    for (ratio, time), values in sorted(points.items()):
        half = stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
        error = fmean(values)
        dots.append({"ratio": ratio, "time": time, "error": error, "low": error - half, "high": error + half})
    return drawn(together([_spec(lines, dots)], [f"points: mean of up to {max(map(len, points.values()))} draws"]))


def _spec(lines: list[dict[str, Any]], dots: list[dict[str, Any]]) -> dict[str, Any]:
    across = {
        "field": "ratio",
        "type": "quantitative",
        "title": "rows for a number of a row",
        "scale": {"type": "log", "nice": False},
        "axis": {"grid": False, "values": [0.1, 0.2, 0.5, 1, 2, 4], "format": "~g"},
    }
    up = {
        "field": "error",
        "type": "quantitative",
        "title": "squared error",
        "scale": {"type": "log", "domain": [0.25, TOP]},
        "axis": {"values": [0.25, 0.5, 1, 2, 5, 10], "format": "~g"},
    }
    colour = {"field": "time", "type": "ordinal", "title": "time", "scale": {"range": list(HUES[: len(TIMES)])}}
    shown = {"x": across, "y": up, "color": colour}
    bars = {**shown, "y": {**up, "field": "low"}, "y2": {"field": "high"}}
    return {
        "width": 520,
        "height": 300,
        "title": {"text": ["Double descent of gradient descent on a noisy linear teacher", "lines: the closed form"]},
        "layer": [
            {"data": {"values": lines}, "mark": {"type": "line", "clip": True}, "encoding": shown},
            {"data": {"values": dots}, "mark": {"type": "rule", "clip": True}, "encoding": bars},
            {"data": {"values": dots}, "mark": {"type": "point", "filled": True, "clip": True}, "encoding": shown},
        ],
    }


def main(arguments: list[str]) -> int:
    """Write the picture into the results folder; the exit status."""
    if len(arguments) != 1:
        print("usage: double_descent.py RESULTS", file=sys.stderr)
        return 2
    try:
        setting, points = measured(arguments[0])
    except GenbenchError as fault:
        print(fault, file=sys.stderr)
        return 2
    path = Path(arguments[0]) / "double_descent.svg"
    path.write_text(picture(setting, points), encoding="utf-8")
    print(f"written: {path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
