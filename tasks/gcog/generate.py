"""Trees and screens in blocks of 4,096, by whole columns: a new task for each row, as its `recipe` says.

A block is drawn in the order of the modules: `trees` and what they select, `placement` of distractors and of that on
screens, `answers`. One stream of random numbers serves all of it, so their order is part of the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from answers import answers
from placement import FIXED, add, distractors_on, order_of_slots
from recipe import BLOCK, EXIST, Recipe, Tasks, joined
from trees import drawn_trees

from genbench import seeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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
    operators, codes, cells, two = drawn_trees(recipe, rng, number)
    wanted = rng.integers(recipe.fewest, recipe.most, BLOCK, endpoint=True)
    present = np.ones_like(codes, dtype=bool)
    slots = codes.shape[1]
    per = 1 if slots == 1 else 2
    present[:, ::per] = (operators != EXIST) | (rng.random(operators.shape) > 0.5)  # an `exist` may have nothing added
    if per == 2:
        present[:, 1::2] = two
    screen, place = distractors_on(recipe, operators, codes, cells, wanted, rng)
    for slot in order_of_slots(recipe.operators, per):
        add(np.flatnonzero(present[:, slot]), codes[:, slot], cells[:, slot], screen, place, rng)
    place = np.where(place > FIXED, place - FIXED, place)
    answer, operator = answers(operators, codes, two, place)
    return Tasks(operators, codes, two, screen, answer, operator, wanted)
