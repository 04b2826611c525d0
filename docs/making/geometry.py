"""The picture of the family geometry, made by the task and by a baseline: points, right answers, and cheap ones."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import datasets

from genbench import load_entry
from making import ink

ROOT: Final = Path(__file__).parents[2]
PANELS: Final = (  # split, points, what it is called, and what the cheap rule is
    ("hull_5_50", 30, "hull", "farthest in 16 directions"),
    ("delaunay_10", 10, "triangulation", "sweep from left to right"),
    ("tour_5_20", 20, "tour", "nearest neighbour"),
)
CONSIDERED: Final = 3  # questions, of which the first is drawn that the cheap rule gets wrong
SIDE, MARGIN, HEAD, FOOT = 260, 24, 36, 56  # pixels
RULES: Final = {"hull": "extremes", "tour": "nearest_neighbour", "directions": 16}


def picture() -> str:
    """One panel a problem: the right answer, and the baseline's where it is another."""
    width = MARGIN + len(PANELS) * (SIDE + MARGIN)
    parts = ["<style>.cheap { stroke: var(--faint); stroke-dasharray: 2 5; stroke-width: 2.5 }</style>"]
    for place, (split, size, name, rule) in enumerate(PANELS):
        left = MARGIN + place * (SIDE + MARGIN)
        parts += [f'<text class="name" x="{left}" y="{HEAD - 12}">{name}</text>', *panel(left, *wrong(split, size))]
        parts.append(f'<text class="faint" x="{left}" y="{HEAD + SIDE + 20}">dotted: {rule}</text>')
    return ink.drawing("Points, right answers and cheap ones", width, HEAD + SIDE + FOOT - MARGIN, parts)


def wrong(split: str, size: int) -> tuple[dict[str, Any], list[int]]:
    """A question of this split and size that the baseline gets wrong, with its target, and the baseline's answer."""
    params = {"smallest": size, "largest": size, "rows": 1, "questions": CONSIDERED}
    data = load_entry(ROOT / "tasks" / "geometry", "task:load")(split, params, 0)
    rows = data.questions["id"].to_pylist()
    rules = load_entry(ROOT / "baselines" / "geometric_heuristics", "baseline:GeometricHeuristics")
    answers = rules(SimpleNamespace(params=RULES)).predict(datasets.Dataset(data.questions["id"]))
    lines = load_entry(ROOT / "tasks" / "geometry", "describe:lines")
    pairs = zip(rows, answers, strict=True)
    return next(
        (row, answer)
        for row, answer in pairs
        if set(lines(row["problem"], row["answer"])) != set(lines(row["problem"], answer))
    )


def panel(left: int, row: dict[str, Any], answer: list[int]) -> list[str]:
    """The parts of one panel: below the cheap answer, then the right one, then the points."""
    lines = load_entry(ROOT / "tasks" / "geometry", "describe:lines")
    numbers = row["points"]
    places = [(left + SIDE * x, HEAD + SIDE * (1 - y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def drawn(indices: list[int], kind: str) -> list[str]:
        ends = [(places[one - 1], places[other - 1]) for one, other in lines(row["problem"], indices)]
        return [f'<path class="wire{kind}" d="M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}"/>' for (a, b), (c, d) in ends]

    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="var(--ink)"/>' for x, y in places]
    return ['<g stroke-width="2">', *drawn(row["answer"], ""), *drawn(answer, " cheap"), "</g>", *dots]
