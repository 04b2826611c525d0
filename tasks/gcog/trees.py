"""Which operators a tree has and what they select, drawn for many trees at once; shapes are those of `recipe`."""

from __future__ import annotations

from typing import Final

import numpy as np
from language import CELLS, COLOURS, OPERATORS, PARITIES, SHAPES
from recipe import BLOCK, CODES, GETCOLOUR, GETSHAPE, Recipe
from sampling import below, distinct_cells

PAIRED: Final = np.array([name in PARITIES for name in OPERATORS])


def drawn_trees(
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
        operators[:, where] = table[group[:, None], below(sizes[group][:, None], rng.random((rows, width)))]
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
    return operators, codes, distinct_cells(rng, rows, 2 * count), two


def _code(thing: np.ndarray, shapes: int) -> np.ndarray:
    colour, shape = np.divmod(thing, shapes)
    return len(SHAPES) * colour + shape


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


def closed_sorts(operators: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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
    colours, shapes = closed_sorts(operators, codes)
    left = (~colours).sum(axis=1) * (~shapes).sum(axis=1)
    return left < (1 if recipe.released else recipe.most + codes.shape[1])
