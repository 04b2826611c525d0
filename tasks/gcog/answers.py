"""The answers of many trees at once, each by the operators on its own path."""

from __future__ import annotations

import numpy as np
from language import COLOURS, FIRST_COLOUR, FIRST_LOCATION, FIRST_SHAPE, SHAPES, SIDE
from recipe import EXIST, GETCOLOUR, GETSHAPE, GO, PRODUCTODD, SUMEVEN, SUMODD


def answers(
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
