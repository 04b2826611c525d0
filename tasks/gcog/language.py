"""The language of gCOG, one question at a time and in plain Python: trees, words, answers, and the released integers.

It shares nothing with the generator but the names below, so each checks the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# The order is that of the released integers: an operator's row begins with its place in this list, counted from 1.
OPERATORS: Final = ("exist", "go", "getcolor", "getshape", "sumeven", "producteven", "productodd", "sumodd")
PARITIES: Final = ("sumeven", "producteven", "productodd", "sumodd")
QUESTIONS: Final = ("exist", *PARITIES)  # what answers true or false, and may decide a switch
SWITCH: Final = "switch"
COLOURS: Final = ("red", "green", "blue", "yellow", "purple", "orange", "white", "pink", "cyan", "brown")
SHAPES: Final = tuple("abcdefghijklmnopqrstuvwxyz")
SIDE: Final = 10  # the grid has 10 x 10 cells
CELLS: Final = SIDE * SIDE
# Classes of the 138 answers: true, false, 100 locations, 26 shapes, 10 colours.
TRUE, FALSE, FIRST_LOCATION, FIRST_SHAPE, FIRST_COLOUR = 0, 1, 2, 2 + CELLS, 2 + CELLS + len(SHAPES)
CLASSES: Final = FIRST_COLOUR + len(COLOURS)
ROW: Final = 8  # integers of one instruction row
NOW: Final = 1  # the only screen, "current"

Answer = bool | tuple[int, int] | str


class Selection(NamedTuple):
    """What is looked for: places in `COLOURS` and `SHAPES`, or None where that attribute is what is asked."""

    colour: int | None
    shape: int | None


class Thing(NamedTuple):
    """An object on the screen: at location (a, b), 0 .. 9 each, with places in `COLOURS` and `SHAPES`."""

    a: int
    b: int
    colour: int
    shape: int


@dataclass(frozen=True, slots=True)
class Question:
    """One operator with what it selects: one thing, or one or two for sums and products."""

    operator: str
    selections: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """If the question is true, the value of `then`, else that of `otherwise`."""

    question: Question
    then: Tree
    otherwise: Tree


Tree = Question | Switch


def tree_of(given: object) -> Tree:
    """A tree from nested mappings in the form of the reference samples.

    `{"op": ..., "select": [{"color": ..., "shape": ...}]}` or `{"op": "switch", "if": ..., "then": ..., "else": ...}`.
    Raises `BadValue` for what is neither.
    """
    table = _table(given, "a tree")
    operator = table.get("op")
    if operator == SWITCH:
        question = tree_of(table.get("if"))
        if not isinstance(question, Question) or question.operator not in QUESTIONS:
            raise BadValue(f"a switch is decided by one of {', '.join(QUESTIONS)}, not by {_named(question)}")
        return Switch(question, tree_of(table.get("then")), tree_of(table.get("else")))
    if not isinstance(operator, str) or operator not in OPERATORS:
        hint = nearest(operator, [*OPERATORS, SWITCH]) if isinstance(operator, str) else ""
        raise BadValue(f"'op' is {operator!r}, which is no operator{hint}")
    selected = table.get("select")
    most = 2 if operator in PARITIES else 1
    if not isinstance(selected, list) or not 1 <= len(selected) <= most:
        raise BadValue(f"'select' of {operator} is {selected!r}; it must be a list of {'1 or 2' if most > 1 else '1'}")
    return Question(operator, tuple(_selection(one, operator) for one in selected))


def _selection(given: object, operator: str) -> Selection:
    table = _table(given, "a selection")
    open_attribute = {"getcolor": "color", "getshape": "shape"}.get(operator)
    places: dict[str, int | None] = {}
    for key, names in (("color", COLOURS), ("shape", SHAPES)):
        if key == open_attribute:
            if table.get(key) is not None:
                raise BadValue(f"{operator} asks for the {key}, so its '{key}' must be null, not {table[key]!r}")
            places[key] = None
        else:
            places[key] = place_of(table.get(key), names, key)
    return Selection(places["color"], places["shape"])


def place_of(name: object, names: Sequence[str], what: str) -> int:
    """Where a colour or shape stands among its `names`. Raises `BadValue` for another."""
    if not isinstance(name, str) or name not in names:
        raise BadValue(f"{what} is {name!r}; it must be one of {', '.join(names)}")
    return names.index(name)


def _table(given: object, what: str) -> Mapping[str, object]:
    if not isinstance(given, dict):
        raise BadValue(f"{what} is {given!r}; it must be an object with keys")
    return given


def _named(tree: Tree) -> str:
    return tree.operator if isinstance(tree, Question) else SWITCH


def answer(tree: Tree, things: Iterable[Thing]) -> Answer:
    """The value of a tree on a screen: true or false, a location (a, b), a shape or a colour.

    Where several things match, the first by (location, colour, shape) counts. Raises `BadValue` where nothing matches
    what is to be told, and where a sum or product does not find exactly one thing for each selection.
    """
    screen = list(things)
    return _value(answering(tree, screen), screen)


def answering(tree: Tree, things: Iterable[Thing]) -> Question:
    """The operator whose value is the tree's, an end of it."""
    screen = list(things)
    while isinstance(tree, Switch):
        tree = tree.then if _value(tree.question, screen) else tree.otherwise
    return tree


def questions(tree: Tree) -> Iterator[Question]:
    """All operators of a tree but its switches."""
    if isinstance(tree, Switch):
        yield tree.question
        yield from questions(tree.then)
        yield from questions(tree.otherwise)
    else:
        yield tree


def depth(tree: Tree) -> int:
    """The nodes on the longest path, switches among them."""
    return 2 + max(depth(tree.then), depth(tree.otherwise)) if isinstance(tree, Switch) else 1


def _value(question: Question, things: list[Thing]) -> Answer:
    found = [[one for one in things if matches(selection, one)] for selection in question.selections]
    if question.operator == "exist":
        return bool(found[0])
    for selection, several in zip(question.selections, found, strict=True):
        if not several or (question.operator in PARITIES and len(several) > 1):
            raise BadValue(f"{question.operator}: {len(several)} objects match {_words_of(selection)}")
    # In the order of the release, colours and shapes are sorted by their names.
    first = [min(several, key=lambda one: (one.a, one.b, COLOURS[one.colour], one.shape)) for several in found]
    if question.operator == "go":
        return first[0].a, first[0].b
    if question.operator == "getcolor":
        return COLOURS[first[0].colour]
    if question.operator == "getshape":
        return SHAPES[first[0].shape]
    total, product = 0, 1
    for one in first:
        total += one.a + one.b
        product *= one.a * one.b
    number = total if question.operator.startswith("sum") else product
    return number % 2 == (1 if question.operator.endswith("odd") else 0)


def matches(selection: Selection, thing: Thing) -> bool:
    """Whether a thing is what is selected."""
    return selection.colour in {None, thing.colour} and selection.shape in {None, thing.shape}


def class_of(value: Answer) -> int:
    """The class of an answer, 0 .. 137: true, false, 2 + 10 b + a for the location (a, b), shapes, colours."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, tuple):
        return FIRST_LOCATION + SIDE * value[1] + value[0]
    return FIRST_SHAPE + SHAPES.index(value) if value in SHAPES else FIRST_COLOUR + COLOURS.index(value)


def type_of(value: Answer) -> str:
    """The type of an answer, as the axis `answer_type` has it."""
    if isinstance(value, bool):
        return "boolean"
    return "location" if isinstance(value, tuple) else "shape" if value in SHAPES else "colour"


def answer_of(number: int) -> Answer:
    """The answer that a class stands for, the other way round."""
    if number < FIRST_LOCATION:
        return number == TRUE
    if number < FIRST_SHAPE:
        b, a = divmod(number - FIRST_LOCATION, SIDE)
        return a, b
    return SHAPES[number - FIRST_SHAPE] if number < FIRST_COLOUR else COLOURS[number - FIRST_COLOUR]


def words(tree: Tree) -> str:
    """A tree in the words of the release, which end in a question mark where the tree is a single operator."""
    return _clause(tree) + (" ?" if isinstance(tree, Question) else "")


def _clause(tree: Tree) -> str:
    if isinstance(tree, Switch):
        return f"[ if {_clause(tree.question)} , then {_clause(tree.then)} , else {_clause(tree.otherwise)} ]"
    things = [_words_of(one) for one in tree.selections]
    asked = {"go": "loc of", "getcolor": "color of", "getshape": "shape of"}
    if tree.operator in asked:
        return f"{asked[tree.operator]} {things[0]}"
    if tree.operator == "exist":
        return f"{things[0]} exist"
    kind, sign = ("sum", " + ") if tree.operator.startswith("sum") else ("product", " * ")
    return f"{sign.join(things)} {kind} is {tree.operator.removeprefix(kind)}"


def _words_of(selection: Selection) -> str:
    colour = "" if selection.colour is None else f"{COLOURS[selection.colour]} "
    return f"current {colour}{'object' if selection.shape is None else SHAPES[selection.shape]}"


def instruction_rows(tree: Tree) -> list[list[int]]:
    """The released instruction: one row of 8 integers a node, level by level, and an end row.

    A level of operators is followed by the level of their switches, that by the parts of each switch. A row is
    [operator, shape, colour, time, shape, colour, time, 0]; an attribute that is asked for is written 1, as `a` and
    `red` are, and a second selection that is not there is three zeros.
    """
    rows = []
    level: list[Tree] = [tree]
    while level:
        rows += [_row(one.question if isinstance(one, Switch) else one) for one in level]
        switches = [one for one in level if isinstance(one, Switch)]
        rows += [[len(OPERATORS) + 1] + [0] * (ROW - 1) for _ in switches]
        level = [part for one in switches for part in (one.then, one.otherwise)]
    return [*rows, [0] * (ROW - 1) + [1]]


def _row(question: Question) -> list[int]:
    row = [OPERATORS.index(question.operator) + 1]
    for one in question.selections:
        row += [(one.shape or 0) + 1, (one.colour or 0) + 1, NOW]
    return row + [0] * (ROW - len(row))


def stimulus_rows(things: Iterable[Thing]) -> list[list[int]]:
    """The released stimulus: 101 rows of 3 integers.

    Row 10 a + b is (colour, shape, 0), both counted from 1, or zeros where the cell is empty; the last is (0, 0, 1).
    """
    rows = [[0, 0, 0] for _ in range(CELLS)]
    for one in things:
        rows[SIDE * one.a + one.b] = [one.colour + 1, one.shape + 1, 0]
    return [*rows, [0, 0, 1]]


def tree_in(rows: Sequence[Sequence[int]]) -> Tree:
    """The tree of an instruction, the other way round; for full trees, in which all paths are equally long."""
    levels, start, width = [], 0, 1
    while True:
        levels.append([_question_in(row) for row in rows[start : start + width]])
        start += width
        if rows[start][0] != len(OPERATORS) + 1:
            break
        start, width = start + width, 2 * width
    parts: list[Tree] = list(levels.pop())
    while levels:
        pairs = zip(levels.pop(), parts[::2], parts[1::2], strict=True)
        parts = [Switch(question, then, otherwise) for question, then, otherwise in pairs]
    return parts[0]


def _question_in(row: Sequence[int]) -> Question:
    operator = OPERATORS[row[0] - 1]
    pairs = [(row[2], row[1])] + ([(row[5], row[4])] if row[6] else [])
    return Question(
        operator,
        tuple(
            Selection(None if operator == "getcolor" else colour - 1, None if operator == "getshape" else shape - 1)
            for colour, shape in pairs
        ),
    )


def things_in(rows: Sequence[Sequence[int]]) -> list[Thing]:
    """The objects of a stimulus, in order of their location."""
    return [
        Thing(*divmod(cell, SIDE), colour - 1, shape - 1)
        for cell, (colour, shape, _) in enumerate(rows[:CELLS])
        if colour
    ]
