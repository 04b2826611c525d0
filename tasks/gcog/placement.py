"""Things on screens: distractors first, then what each tree selects, which moves or removes what is in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from language import CELLS, SHAPES
from recipe import CODES
from sampling import below, distinct_cells, free_cells
from trees import closed_sorts

if TYPE_CHECKING:
    from recipe import Recipe

FIXED: Final = CELLS  # in `place`, what is above this is an object of the tree, and stays


def distractors_on(
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
        for closed in closed_sorts(operators, codes)
    ]

    def sort(of: np.ndarray | slice, count: tuple[int, ...]) -> np.ndarray:
        colour, shape = (table[begins[of] + below(sizes[of], rng.random(count))] for table, begins, sizes in tables)
        return len(SHAPES) * colour + shape

    if recipe.released:
        free = distinct_cells(rng, rows, most)
    else:
        free = free_cells(cells, distinct_cells(rng, rows, min(CELLS, most + cells.shape[1])), most)
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


def order_of_slots(operators: int, per: int) -> list[int]:
    """Slots in the order in which their things are added: else-parts first, second things before first ones."""

    def visit(k: int) -> list[int]:
        later = [*visit(2 * k + 2), *visit(2 * k + 1)] if 2 * k + 2 < operators else []
        return [*later, *range(per * k + per - 1, per * k - 1, -1)]

    return visit(0)


def add(
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
    new = there <= FIXED
    if not new.all():
        rows, code, cell, there = rows[new], code[new], cell[new], there[new]
    equal = there > 0
    screen[rows[equal], there[equal] - 1] = 0
    place[rows[equal], code[equal]] = 0
    hit = np.flatnonzero(screen[rows, cell])
    if len(hit):
        at = rows[hit]
        sitting = screen[at, cell[hit]] - 1
        goes = place[at, sitting] <= FIXED
        screen[at[goes], cell[hit][goes]] = 0
        place[at[goes], sitting[goes]] = 0
        free = screen[at] == 0
        rank = below(free.sum(axis=1), rng.random(len(at)))
        cell[hit] = np.argmax(np.cumsum(free, axis=1) > rank[:, None], axis=1)
    screen[rows, cell] = code + 1
    place[rows, code] = cell + 1 + FIXED
