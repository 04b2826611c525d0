"""Trees and screens in blocks of 4,096, by whole columns: a new task for each row.

A tree of depth d holds K = 2 ** ((d + 1) / 2) - 1 operators; they are numbered as a heap is, so that operator k is
followed by 2 k + 1 if it is true and by 2 k + 2 else, and ends are the last (K + 1) / 2. Each has two *slots*, for what
it selects: 2 k, and 2 k + 1 which sums and products alone may use. At depth 1 there is one slot.

Shapes of arrays: B rows, K operators, S slots. An object's *code* is 26 * colour + shape, a *cell* is 10 a + b.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from language import (
    CELLS,
    COLOURS,
    FIRST_COLOUR,
    FIRST_LOCATION,
    FIRST_SHAPE,
    OPERATORS,
    PARITIES,
    QUESTIONS,
    ROW,
    SHAPES,
    SIDE,
)

from genbench import seeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BLOCK: Final = 4096  # rows drawn from one stream of random numbers, so that a batch size changes nothing
CODES: Final = len(COLOURS) * len(SHAPES)
EXIST, GO, GETCOLOUR, GETSHAPE, SUMEVEN, PRODUCTEVEN, PRODUCTODD, SUMODD = range(len(OPERATORS))
PAIRED: Final = np.array([name in PARITIES for name in OPERATORS])
STARTS: Final = tuple(OPERATORS.index(name) for name in QUESTIONS)
ENDS: Final = tuple(range(len(OPERATORS)))
ANSWER_TYPES: Final = ("boolean", "location", "shape", "colour")
_FIXED: Final = CELLS  # in `place`, what is above this is an object of the tree, and stays


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """What tasks are drawn.

    - depth: odd; distractors: uniform on `fewest` .. `most`; colours, shapes: only the first so many are asked about.
    - groups: pairs of operators that may start or go on, and that may end, each pair equally likely. At depth 1 every
      operator is equally frequent whatever the groups.
    - pool: for depth 1, a shuffled list of tasks for each operator, shape (8, tasks), 100 * code + cell; the stream
      goes through it again and again. Without one, tasks are drawn at random.
    - released: by the rules of the released code, else by the paper's (see the task's README).
    """

    depth: int
    most: int
    fewest: int = 0
    colours: int = 10
    shapes: int = 10
    groups: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ((STARTS, ENDS),)
    pool: np.ndarray | None = None
    released: bool = False

    @property
    def operators(self) -> int:
        """K, the operators of one tree."""
        return operators_of(self.depth)

    @property
    def slots(self) -> int:
        """S, the most things one tree selects."""
        return slots_of(self.depth)


def operators_of(depth: int) -> int:
    """How many operators a tree of this depth has, switches not counted."""
    return int(2 ** ((depth + 1) // 2) - 1)


def slots_of(depth: int) -> int:
    """How many things a tree of this depth may select: one at depth 1, else up to two for each operator."""
    return 1 if depth == 1 else 2 * operators_of(depth)


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Rows of one depth, small: `screen` is 1 + code or 0 for each cell (B, 100), the rest describes the tree.

    operators (B, K), codes (B, S) and two (B, K: whether the second slot is used); answer (B,) is the class, operator
    (B,) the one whose value is the answer, distractors (B,) how many were asked for.
    """

    operators: np.ndarray
    codes: np.ndarray
    two: np.ndarray
    screen: np.ndarray
    answer: np.ndarray
    operator: np.ndarray
    distractors: np.ndarray

    def __len__(self) -> int:
        return len(self.answer)

    def take(self, rows: np.ndarray | slice) -> Tasks:
        """Some of the rows."""
        return Tasks(*(getattr(self, field.name)[rows] for field in fields(self)))

    @property
    def depth(self) -> int:
        """The depth of all trees here."""
        return 2 * int(self.operators.shape[1] + 1).bit_length() - 3

    @property
    def answer_type(self) -> np.ndarray:
        """Places in `ANSWER_TYPES`, (B,)."""
        return np.searchsorted([FIRST_LOCATION, FIRST_SHAPE, FIRST_COLOUR], self.answer, side="right")


def joined(parts: Iterable[Tasks]) -> Tasks:
    """Rows of one depth behind one another."""
    every = list(parts)
    return Tasks(*(np.concatenate([getattr(part, field.name) for part in every]) for field in fields(Tasks)))


def blocks(recipe: Recipe, *stream: str | int) -> Iterator[Tasks]:
    """Blocks without end; `stream` names the random numbers, and the place in the stream decides a block."""
    number = 0
    while True:
        yield block(recipe, np.random.default_rng(seeds.derive("gcog", *stream, number)), number)
        number += 1


def batches(tasks: Iterable[Tasks], rows: int) -> Iterator[Tasks]:
    """The same rows in batches of another size; what is left of a stream that ends is a smaller batch."""
    held: list[Tasks] = []
    count = 0
    for one in tasks:
        held.append(one)
        count += len(one)
        if count >= rows:
            whole = joined(held)
            for start in range(0, count - rows + 1, rows):
                yield whole.take(slice(start, start + rows))
            held = [whole.take(slice(count - count % rows, count))]
            count %= rows
    if count:
        yield joined(held)


def block(recipe: Recipe, rng: np.random.Generator, number: int = 0) -> Tasks:
    """One block: B = 4,096 trees with a screen each. `number` says where in the pool it begins."""
    operators, codes, cells, two = _trees(recipe, rng, number)
    wanted = rng.integers(recipe.fewest, recipe.most, BLOCK, endpoint=True)
    present = np.ones_like(codes, dtype=bool)
    slots = codes.shape[1]
    per = 1 if slots == 1 else 2
    present[:, ::per] = (operators != EXIST) | (rng.random(operators.shape) > 0.5)  # an `exist` may have nothing added
    if per == 2:
        present[:, 1::2] = two
    screen, place = _distractors(recipe, operators, codes, cells, wanted, rng)
    for slot in _order(recipe.operators, per):
        _add(np.flatnonzero(present[:, slot]), codes[:, slot], cells[:, slot], screen, place, rng)
    place = np.where(place > _FIXED, place - _FIXED, place)
    answer, operator = _answers(operators, codes, two, place)
    return Tasks(operators, codes, two, screen, answer, operator, wanted)


def _trees(
    recipe: Recipe, rng: np.random.Generator, number: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Operators (B, K), codes and cells of all slots (B, S), and which operators select two things (B, K)."""
    if recipe.depth == 1:
        return _single(recipe, rng, number)
    drawn = _drawn(recipe, rng, BLOCK)
    while True:
        # Too many `get` operators can use up what distractors may look like; such a tree is drawn anew.
        bad = np.flatnonzero(_unsatisfiable(recipe, drawn[0], drawn[1]))
        if not len(bad):
            return drawn
        for whole, part in zip(drawn, _drawn(recipe, rng, len(bad)), strict=True):
            whole[bad] = part


def _single(
    recipe: Recipe, rng: np.random.Generator, number: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    order = rng.permutation(BLOCK)
    operators = (order % len(OPERATORS))[:, None]
    if recipe.pool is None:
        thing = _code(rng.integers(recipe.colours * recipe.shapes, size=(BLOCK, 1)), recipe.shapes)
        cell = rng.integers(CELLS, size=(BLOCK, 1))
    else:
        place = (number * BLOCK + order) // len(OPERATORS) % recipe.pool.shape[1]
        thing, cell = np.divmod(recipe.pool[operators[:, 0], place][:, None], CELLS)
    return operators.astype(np.int8), thing.astype(np.int16), cell.astype(np.int16), np.zeros((BLOCK, 1), bool)


def _drawn(
    recipe: Recipe, rng: np.random.Generator, rows: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    count = recipe.operators
    ends = (count + 1) // 2
    group = rng.integers(len(recipe.groups), size=rows)
    operators = np.empty((rows, count), np.int8)
    for part, where in enumerate((slice(0, count - ends), slice(count - ends, count))):
        sizes = np.array([len(pair[part]) for pair in recipe.groups])
        table = np.zeros((len(sizes), sizes.max()), np.int8)
        for line, pair in zip(table, recipe.groups, strict=True):
            line[: len(pair[part])] = pair[part]
        width = where.stop - where.start
        operators[:, where] = table[group[:, None], _below(sizes[group][:, None], rng.random((rows, width)))]
    two = PAIRED[operators] & (rng.random(operators.shape) > 0.5)
    things = recipe.colours * recipe.shapes
    first = rng.integers(things, size=operators.shape)
    codes = np.empty((rows, 2 * count), np.int16)
    codes[:, ::2] = _code(first, recipe.shapes)
    if recipe.released:  # of all shapes, also those that are else never asked about; and it may be the first again
        codes[:, 1::2] = rng.integers(CODES, size=operators.shape)
        _replace(operators, first, codes, rng)
    else:
        codes[:, 1::2] = _code((first + rng.integers(1, things, size=operators.shape)) % things, recipe.shapes)
    return operators, codes, _distinct(rng, rows, 2 * count), two


def _code(thing: np.ndarray, shapes: int) -> np.ndarray:
    colour, shape = np.divmod(thing, shapes)
    return len(SHAPES) * colour + shape


def _below(sizes: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Whole numbers, uniform on 0 .. sizes - 1, from numbers uniform on [0, 1)."""
    return (uniform * sizes).astype(np.intp)


def _distinct(rng: np.random.Generator, rows: int, count: int) -> np.ndarray:
    """For each row `count` distinct cells in random order (the first steps of a shuffle), shape (rows, count)."""
    cells = np.arange(CELLS, dtype=np.int16).repeat(rows)  # flat: the cell of row r after s steps is at s * rows + r
    every = np.arange(rows)
    for step in range(count):
        own = slice(step * rows, (step + 1) * rows)
        other = (step + _below(np.array(CELLS - step), rng.random(rows))) * rows + every
        swapped = cells[other]
        cells[other] = cells[own]
        cells[own] = swapped
    return cells.reshape(CELLS, rows)[:count].T


def _replace(operators: np.ndarray, first: np.ndarray, codes: np.ndarray, rng: np.random.Generator) -> None:
    """Replace what some `get` operators select, in place and by the released rule, which looks at the wrong attribute.

    Where two or more getshape of a tree have things of one shape (what they ask for), a getcolor of that shape gets
    another, of all 26 shapes but those; likewise colours. A thing drawn twice for a tree is one thing and changes both.
    """
    for get, other, width, of in (
        (GETCOLOUR, GETSHAPE, len(SHAPES), lambda code: code % len(SHAPES)),
        (GETSHAPE, GETCOLOUR, len(COLOURS), lambda code: code // len(SHAPES)),
    ):
        attribute = of(codes[:, ::2])
        held = np.zeros((len(codes), width), np.int8)
        row, place = np.nonzero(operators == other)
        np.add.at(held, (row, attribute[row, place]), 1)
        if held.max(initial=0) < 2:
            continue
        free = held == 0
        for place in range(operators.shape[1] // 2, operators.shape[1]):
            value = of(codes[:, 2 * place])
            for row in np.flatnonzero((operators[:, place] == get) & (held[np.arange(len(codes)), value] > 1)):
                options = np.flatnonzero(free[row])
                if not len(options):
                    continue
                new = options[rng.integers(len(options))]
                free[row, new] = False
                held[row, new] += 1
                colour, shape = np.divmod(codes[row, 2 * place], len(SHAPES))
                code = len(SHAPES) * colour + new if get == GETCOLOUR else len(SHAPES) * new + shape
                codes[row, ::2][first[row] == first[row, place]] = code


def _closed(operators: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which colours (B, 10) and shapes (B, 26) no distractor may have: those by which a `get` finds its thing."""
    found = []
    for get, width, divide in ((GETSHAPE, len(COLOURS), np.floor_divide), (GETCOLOUR, len(SHAPES), np.mod)):
        closed = np.zeros((len(operators), width), bool)
        row, place = np.nonzero(operators == get)
        slot = place if codes.shape[1] == 1 else 2 * place
        closed[row, divide(codes[row, slot], len(SHAPES))] = True
        found.append(closed)
    return found[0], found[1]


def _unsatisfiable(recipe: Recipe, operators: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Whether fewer sorts of distractors are left than may be needed, (B,)."""
    colours, shapes = _closed(operators, codes)
    left = (~colours).sum(axis=1) * (~shapes).sum(axis=1)
    return left < (1 if recipe.released else recipe.most + codes.shape[1])


def _distractors(
    recipe: Recipe,
    operators: np.ndarray,
    codes: np.ndarray,
    cells: np.ndarray,
    wanted: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Screens with distractors only: `screen` (B, 100) holds 1 + code, `place` (B, 260) holds 1 + cell, or 0.

    Released: colours and shapes are drawn independently, and one that is drawn again replaces its equal, so there may
    be fewer than wanted. Else they are distinct, none is what the tree selects, and none lies in a cell of the tree's.
    """
    rows, most = len(codes), recipe.most
    every = np.arange(rows)
    screen, place = np.zeros((rows, CELLS), np.int16), np.zeros((rows, CODES), np.int16)
    if not most:
        return screen, place
    # Flat tables and places in them: indexing by row and column costs twice as much.
    tables = [
        (np.argsort(closed, axis=1, kind="stable").ravel(), closed.shape[1] * every, (~closed).sum(axis=1))
        for closed in _closed(operators, codes)
    ]

    def sort(of: np.ndarray | slice, count: tuple[int, ...]) -> np.ndarray:
        colour, shape = (table[begins[of] + _below(sizes[of], rng.random(count))] for table, begins, sizes in tables)
        return len(SHAPES) * colour + shape

    if recipe.released:
        free = _distinct(rng, rows, most)
    else:
        free = _free_cells(cells, _distinct(rng, rows, min(CELLS, most + cells.shape[1])), most)
        place[every[:, None], codes] = -1  # taken
    drawn = sort(slice(None), (most, rows))
    begins, cells_begin, flat, shown = CODES * every, CELLS * every, place.reshape(-1), screen.reshape(-1)
    for step in range(most):
        of = every if step < recipe.fewest else np.flatnonzero(wanted > step)
        code = drawn[step] if of is every else drawn[step, of]
        at = begins[of] + code
        again = np.flatnonzero(flat[at])
        if recipe.released:
            of, code, at = (np.delete(one, again) for one in (of, code, at))
        while len(again) and not recipe.released:
            code[again] = sort(of[again], (len(again),))
            at[again] = begins[of[again]] + code[again]
            again = again[flat[at[again]] != 0]
        cell = free[of, step]
        shown[cells_begin[of] + cell] = code + 1
        flat[at] = cell + 1
    if not recipe.released:
        place[every[:, None], codes] = 0
    return screen, place


def _free_cells(cells: np.ndarray, shuffled: np.ndarray, count: int) -> np.ndarray:
    """The first `count` of the `shuffled` cells of each row that are not among its `cells`."""
    clash = np.zeros((len(cells), CELLS), bool)
    clash[np.arange(len(cells))[:, None], cells] = True
    taken = clash.reshape(-1)[CELLS * np.arange(len(cells))[:, None] + shuffled]
    order = np.argsort(taken, axis=1, kind="stable")
    return np.take_along_axis(shuffled, order[:, :count], axis=1)


def _order(operators: int, per: int) -> list[int]:
    """Slots in the order in which their things are added: else-parts first, second things before first ones."""

    def visit(k: int) -> list[int]:
        later = [*visit(2 * k + 2), *visit(2 * k + 1)] if 2 * k + 2 < operators else []
        return [*later, *range(per * k + per - 1, per * k - 1, -1)]

    return visit(0)


def _add(
    rows: np.ndarray,
    codes: np.ndarray,
    cells: np.ndarray,
    screen: np.ndarray,
    place: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Add one thing to each of the `rows`, in place, by the released rule.

    A thing of the tree that is there already is left as it is; a distractor that equals it goes. Where its cell is
    taken, it moves to a random free one, and a distractor that lay there goes.
    """
    code, cell = codes[rows].astype(np.intp), cells[rows].astype(np.intp)
    there = place[rows, code]
    new = there <= _FIXED
    if not new.all():
        rows, code, cell, there = rows[new], code[new], cell[new], there[new]
    equal = there > 0
    screen[rows[equal], there[equal] - 1] = 0
    place[rows[equal], code[equal]] = 0
    hit = np.flatnonzero(screen[rows, cell])
    if len(hit):
        at = rows[hit]
        sitting = screen[at, cell[hit]] - 1
        goes = place[at, sitting] <= _FIXED
        screen[at[goes], cell[hit][goes]] = 0
        place[at[goes], sitting[goes]] = 0
        free = screen[at] == 0
        rank = _below(free.sum(axis=1), rng.random(len(at)))
        cell[hit] = np.argmax(np.cumsum(free, axis=1) > rank[:, None], axis=1)
    screen[rows, cell] = code + 1
    place[rows, code] = cell + 1 + _FIXED


def _answers(
    operators: np.ndarray, codes: np.ndarray, two: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The class of each tree's answer and the operator whose value it is, both (B,)."""
    every = np.arange(len(operators))
    per = 1 if codes.shape[1] == 1 else 2
    node = np.zeros(len(operators), np.intp)
    for _ in range((operators.shape[1] + 1).bit_length() - 2):
        true = _truth(every, node, operators, codes, two, place, per)
        node = 2 * node + 2 - true
    last = operators[every, node]
    code = codes[every, per * node].astype(np.intp)
    answer = 1 - _truth(every, node, operators, codes, two, place, per).astype(np.int64)
    rows = np.flatnonzero(last == GO)
    a, b = np.divmod(place[rows, code[rows]].astype(np.int64) - 1, SIDE)
    answer[rows] = FIRST_LOCATION + SIDE * b + a
    colours, shapes = np.arange(len(COLOURS)), np.arange(len(SHAPES))
    for get, first, of in (
        (GETCOLOUR, FIRST_COLOUR, lambda one: len(SHAPES) * colours + (one % len(SHAPES))[:, None]),
        (GETSHAPE, FIRST_SHAPE, lambda one: len(SHAPES) * (one // len(SHAPES))[:, None] + shapes),
    ):
        rows = np.flatnonzero(last == get)
        # The first by location: an absent one has place 0, which less one is the largest unsigned number.
        where = place[rows[:, None], of(code[rows])].astype(np.uint16) - np.uint16(1)
        answer[rows] = first + np.argmin(where, axis=1)
    return answer, last


def _truth(
    every: np.ndarray,
    node: np.ndarray,
    operators: np.ndarray,
    codes: np.ndarray,
    two: np.ndarray,
    place: np.ndarray,
    per: int,
) -> np.ndarray:
    """Whether the operator at `node` is true, (B,); of no meaning where it answers something else."""
    operator, double = operators[every, node], two[every, node]
    first = place[every, codes[every, per * node]]
    second = place[every, codes[every, per * node + per - 1]]
    a, b = np.divmod(first - 1, SIDE)
    c, d = np.divmod(second - 1, SIDE)
    total = (a + b + np.where(double, c + d, 0)) % 2 == 1
    product = (a * b * np.where(double, c * d, 1)) % 2 == 1
    odd = np.where((operator == SUMEVEN) | (operator == SUMODD), total, product)
    wanted = (operator == SUMODD) | (operator == PRODUCTODD)
    return np.where(operator == EXIST, first > 0, odd == wanted)


def hashes(tasks: Tasks) -> np.ndarray:
    """64 bits for each question, (B,): equal questions have equal ones, and others differ but for bad luck."""
    parts = (tasks.operators, tasks.two, *_shown(tasks), tasks.screen)
    whole = np.concatenate(parts, axis=1).astype(np.uint64)
    weights = np.random.default_rng(seeds.derive("gcog", "hash", tasks.depth)).integers(
        2**64, size=whole.shape[1], dtype=np.uint64
    )
    return (whole + np.uint64(1)) @ weights


def _shown(tasks: Tasks) -> tuple[np.ndarray, np.ndarray]:
    """Colours and shapes of the slots as an instruction shows them, (B, 2 K) each: counted from 1, 0 for none."""
    colours, shapes = np.zeros((2, len(tasks), 2 * tasks.operators.shape[1]), np.int64)
    if tasks.depth == 1:
        colours[:, :1], shapes[:, :1] = np.divmod(tasks.codes, len(SHAPES))
    else:
        colours[:], shapes[:] = np.divmod(tasks.codes, len(SHAPES))
    colours += 1
    shapes += 1
    colours[:, ::2][tasks.operators == GETCOLOUR] = 0
    shapes[:, ::2][tasks.operators == GETSHAPE] = 0
    for attribute in (colours, shapes):
        attribute[:, 1::2][~tasks.two] = 0
    return colours, shapes


def instructions(tasks: Tasks, encoding: str) -> np.ndarray:
    """Instruction rows, (B, rows, width): 8 integers a node and an end row as released, or 5 and none as objects."""
    colours, shapes = _shown(tasks)
    released = encoding == "released"
    operators, width = tasks.operators.shape[1], ROW if released else 5
    ends = (operators + 1) // 2
    nodes = 2 * operators - ends
    rows = np.zeros((len(tasks), nodes + released, width), np.int64)
    at, first, count = 0, 0, 1
    while first < operators:
        here, there = slice(at, at + count), slice(first, first + count)
        rows[:, here, 0] = tasks.operators[:, there] + 1
        slots = slice(2 * first, 2 * (first + count))
        if released:  # what is asked for is written 1, as the first colour and the first shape are
            rows[:, here, 1] = np.maximum(shapes[:, slots][:, ::2], 1)
            rows[:, here, 2] = np.maximum(colours[:, slots][:, ::2], 1)
            rows[:, here, 3] = 1
            rows[:, here, 4], rows[:, here, 5] = shapes[:, slots][:, 1::2], colours[:, slots][:, 1::2]
            rows[:, here, 6] = tasks.two[:, there]
        else:
            rows[:, here, 1], rows[:, here, 2] = colours[:, slots][:, ::2], shapes[:, slots][:, ::2]
            rows[:, here, 3], rows[:, here, 4] = colours[:, slots][:, 1::2], shapes[:, slots][:, 1::2]
        at, first = at + count, first + count
        if first < operators:
            rows[:, at : at + count, 0] = len(OPERATORS) + 1
            at, count = at + count, 2 * count
    if released:
        rows[:, -1, -1] = 1
    return rows


def stimuli(screen: np.ndarray, encoding: str) -> pa.ListArray:
    """Screens (B, 100) as lists: 101 rows of 3 integers as released, or (1 + a, 1 + b, colour, shape) an object."""
    colour, shape = np.divmod(np.arange(-1, CODES), len(SHAPES))  # of an empty cell, then of each code
    if encoding == "released":
        sorts = np.stack([colour + 1, np.where(colour < 0, 0, shape + 1), np.zeros_like(colour)], axis=1)
        last = np.full((len(screen), 1), len(sorts), screen.dtype)
        return lists(np.concatenate([sorts, [[0, 0, 1]]]).take(np.concatenate([screen, last], axis=1), axis=0))
    row, cell = np.nonzero(screen)
    things = screen[row, cell]
    values = np.stack([*np.divmod(cell, SIDE), colour[things], shape[things]], axis=1).astype(np.int64) + 1
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(screen)))])
    return pa.ListArray.from_arrays(pa.array(values.shape[1] * ends, pa.int32()), pa.array(values.reshape(-1)))


def lists(rows: np.ndarray) -> pa.ListArray:
    """(B, rows, width) as B lists of rows * width integers."""
    size = rows.shape[1] * rows.shape[2]
    return pa.ListArray.from_arrays(pa.array(np.arange(len(rows) + 1) * size, pa.int32()), pa.array(rows.reshape(-1)))


def table(parts: list[Tasks], encoding: str, order: np.ndarray | None = None) -> pa.Table:
    """Tasks as an Arrow table, in the `order` given: both inputs, the answer, and all axes.

    Parts may be of different depths; each keeps its own length of instruction.
    """
    screen = np.concatenate([part.screen for part in parts])
    written = [lists(instructions(part, encoding)) for part in parts]
    instruction = written[0] if len(written) == 1 else pa.concat_arrays(written)
    columns = {
        "answer": pa.array(np.concatenate([part.answer for part in parts])),
        "depth": pa.array(np.repeat([part.depth for part in parts], [len(part) for part in parts])),
        "distractors": pa.array(np.concatenate([part.distractors for part in parts])),
        "operator": pa.array(OPERATORS).take(pa.array(np.concatenate([part.operator for part in parts]))),
        "answer_type": pa.array(ANSWER_TYPES).take(pa.array(np.concatenate([part.answer_type for part in parts]))),
    }
    if order is not None:
        screen = screen[order]
        instruction = instruction.take(pa.array(order))
        columns = {name: column.take(pa.array(order)) for name, column in columns.items()}
    return pa.table({"instruction": instruction, "stimulus": stimuli(screen, encoding), **columns})
