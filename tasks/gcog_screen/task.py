"""gCOG for models that read words and look at pictures: the questions of `gcog`, the screen an image.

    instruction  [ if current red d sum is odd , then color of current b , else current blue g exist ]
    screen       80 x 80 pixels: a letter in its colour in each cell that has one, on black
    answer       pink: class 135 of 138, as in gcog

Column a of a location is the a-th cell from the left, b the b-th from the top, both from 0. With the same `tasks` and
`questions` as a split of gcog these are its rows, one by one. The rules, and everything odd, stand in `tasks/gcog`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from genbench import load_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

GCOG = Path(__file__).resolve().parents[1] / "gcog"
load = load_entry(GCOG, "screens:load")
_told = load_entry(GCOG, "screens:told")


def example(row: Mapping[str, Any], params: Mapping[str, Value]) -> str:
    """The instruction of `row` and what its answer's class stands for."""
    del params
    return f"{row['instruction']}\n{_told(row)}".strip()
