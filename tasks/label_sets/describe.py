"""What a row of `label_sets` asks, and the labels that are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

ASKED = {
    "union": "labels of either scene",
    "intersection": "labels of both scenes",
    "subtraction": "labels of the first scene that the second has not",
    "itself": "labels of the scene",
}


def example(row: Mapping[str, Any], params: Mapping[str, Value]) -> str:
    """The question, and the answer where it is there."""
    del params
    lines = [ASKED[row["operation"]]]
    if "labels" in row:
        told = list(enumerate(row["labels"]))
        right = ", ".join(str(label) for label, one in told if one == 1) or "none"
        asked = [label for label, one in told if one >= 0]
        lines.append(f"-> {right} (of {asked[0]} to {asked[-1]})")
    return "\n".join(lines)
