"""What a row of `triplets` asks, and its answer in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

ASKED = {
    "place": "in which quarter is the mark, before the image was turned?",
    "facing": "how far is the mark turned against the clock, before the image was?",
    "kind": "which letter is the mark?",
}
ANSWERS = {
    "place": ("upper left", "upper right", "lower right", "lower left"),
    "facing": ("upright", "a quarter", "two quarters", "three quarters"),
    "kind": tuple(task.KINDS),
}


def example(row: Mapping[str, Any], params: Mapping[str, Value]) -> str:
    """The question, and the answer where it is there."""
    del params
    lines = [ASKED[row["question"]]]
    if "answer" in row:
        lines.append(f"-> {ANSWERS[row['question']][row['answer']]}")
    return "\n".join(lines)
