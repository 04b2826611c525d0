"""Draws for many rows at once: whole numbers below bounds that differ from row to row, and cells without repeats."""

from __future__ import annotations

import numpy as np
from language import CELLS


def below(sizes: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Whole numbers, uniform on 0 .. sizes - 1, from numbers uniform on [0, 1)."""
    return (uniform * sizes).astype(np.intp)


def distinct_cells(rng: np.random.Generator, rows: int, count: int) -> np.ndarray:
    """For each row `count` distinct cells in random order (the first steps of a shuffle), shape (rows, count)."""
    cells = np.arange(CELLS, dtype=np.int16).repeat(rows)  # flat: the cell of row r after s steps is at s * rows + r
    every = np.arange(rows)
    for step in range(count):
        own = slice(step * rows, (step + 1) * rows)
        other = (step + below(np.array(CELLS - step), rng.random(rows))) * rows + every
        swapped = cells[other]
        cells[other] = cells[own]
        cells[own] = swapped
    return cells.reshape(CELLS, rows)[:count].T


def free_cells(cells: np.ndarray, shuffled: np.ndarray, count: int) -> np.ndarray:
    """The first `count` of the `shuffled` cells of each row that are not among its `cells`."""
    clash = np.zeros((len(cells), CELLS), bool)
    clash[np.arange(len(cells))[:, None], cells] = True
    taken = clash.reshape(-1)[CELLS * np.arange(len(cells))[:, None] + shuffled]
    order = np.argsort(taken, axis=1, kind="stable")
    return np.take_along_axis(shuffled, order[:, :count], axis=1)
