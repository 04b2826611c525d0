"""What an example of gCOG says, for a person: the tree in words, the answer, and the screen as coloured letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import language
import pixels
from language import COLOURS, SHAPES, SIDE, Thing
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench import Value

MARKS = "RGBYPOWKCN"  # one letter a colour, in the order of COLOURS: pink is K, brown is N


def example(row: Mapping[str, Sequence[int]], params: Mapping[str, Value]) -> str:
    """The instruction of `row` in words, its answer where it has one, and below a blank line its screen.

    A thing is its colour's mark and its shape, coloured by ANSI's codes. Columns are a, lines are b, from 0.
    """
    nodes, things = shown(row, params)
    told = language.words(language.tree_in(nodes))
    if "answer" in row:
        told += f"\n-> {language.answer_of(int(str(row['answer'])))}"
    marks = {(one.a, one.b): _coloured(MARKS[one.colour] + SHAPES[one.shape], one.colour) for one in things}
    lines = [f"{b}  " + " ".join(marks.get((a, b), " .") for a in range(SIDE)) for b in range(SIDE)]
    legend = ", ".join(
        _coloured(f"{mark} {colour}", place) for place, (mark, colour) in enumerate(zip(MARKS, COLOURS, strict=True))
    )
    return "\n".join([told, "", "   " + " ".join(f" {a}" for a in range(SIDE)), *lines, legend])


def draw(row: Mapping[str, Sequence[int]], params: Mapping[str, Value]) -> Image.Image:
    """The screen of `row` as a picture, 80 pixels square."""
    drawn = Image.fromarray(pixels.drawn([shown(row, params)[1]])[0])
    drawn.putpalette(pixels.PALETTE.ravel().tolist())
    return drawn


def shown(row: Mapping[str, Sequence[int]], params: Mapping[str, Value]) -> tuple[list[Sequence[int]], list[Thing]]:
    """Instruction rows as released, whatever the encoding, and the things on the screen."""
    if params["encoding"] == "objects":
        nodes = [_padded(node) for node in _cut(row["instruction"], 5)]
        things = [Thing(a - 1, b - 1, colour - 1, shape - 1) for a, b, colour, shape in _cut(row["stimulus"], 4)]
        return [*nodes, [0] * (language.ROW - 1) + [1]], things
    return _cut(row["instruction"], language.ROW), language.things_in(_cut(row["stimulus"], 3))


def _coloured(text: str, colour: int) -> str:
    red, green, blue = pixels.PALETTE[colour + 1]
    return f"\x1b[38;2;{red};{green};{blue};48;2;0;0;0m{text}\x1b[0m"


def _cut(values: Sequence[int], width: int) -> list[Sequence[int]]:
    return [values[start : start + width] for start in range(0, len(values), width)]


def _padded(node: Sequence[int]) -> list[int]:
    """A node of the object view as a released row."""
    operator, colour, shape, second_colour, second_shape = node
    if operator == len(language.OPERATORS) + 1:
        return [operator] + [0] * (language.ROW - 1)
    return [operator, max(shape, 1), max(colour, 1), 1, second_shape, second_colour, int(second_shape > 0), 0]
