"""What an example of gCOG says, for a person: the tree in words, the answer, and the screen as letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import language
from language import COLOURS, SHAPES, SIDE, Thing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.cards import Value

MARKS = "RGBYPOWKCN"  # one letter a colour, in the order of COLOURS: pink is K, brown is N


def example(row: Mapping[str, Sequence[int]], params: Mapping[str, Value]) -> str:
    """The instruction of `row` in words, its answer where it has one, and its screen: colour's mark, then shape.

    Columns are a, lines are b, from 0.
    """
    if params["encoding"] == "objects":
        rows = [_padded(node) for node in _cut(row["instruction"], 5)]
        things = [Thing(a - 1, b - 1, colour - 1, shape - 1) for a, b, colour, shape in _cut(row["stimulus"], 4)]
    else:
        rows = _cut(row["instruction"], language.ROW)[:-1]
        things = language.things_in(_cut(row["stimulus"], 3))
    told = language.words(language.tree_in([*rows, [0] * language.ROW]))
    if "answer" in row:
        told += f"\n-> {language.answer_of(int(str(row['answer'])))}"
    screen = {(one.a, one.b): MARKS[one.colour] + SHAPES[one.shape] for one in things}
    lines = [" ".join(screen.get((a, b), " .") for a in range(SIDE)) for b in range(SIDE)]
    legend = ", ".join(f"{mark} {colour}" for mark, colour in zip(MARKS, COLOURS, strict=True))
    return "\n".join([told, *lines, legend])


def _cut(values: Sequence[int], width: int) -> list[Sequence[int]]:
    return [values[start : start + width] for start in range(0, len(values), width)]


def _padded(node: Sequence[int]) -> list[int]:
    """A node of the object view as a released row, but for what is asked for, which nobody reads."""
    operator, colour, shape, second_colour, second_shape = node
    return [operator, shape, colour, 1, second_shape, second_colour, int(second_shape > 0), 0]
