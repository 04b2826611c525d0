"""What tasks are drawn, and how many of them are held: by whole columns, a row a task.

A tree of depth d holds K = 2 ** ((d + 1) / 2) - 1 operators; they are numbered as a heap is, so that operator k is
followed by 2 k + 1 if it is true and by 2 k + 2 else, and ends are the last (K + 1) / 2. Each has two *slots*, for what
it selects: 2 k, and 2 k + 1 which sums and products alone may use. At depth 1 there is one slot.

Shapes of arrays: B rows, K operators, S slots. An object's *code* is 26 * colour + shape, a *cell* is 10 a + b.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from language import COLOURS, FIRST_COLOUR, FIRST_LOCATION, FIRST_SHAPE, OPERATORS, QUESTIONS, SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK: Final = 4096  # rows drawn from one stream of random numbers, so that a batch size changes nothing
CODES: Final = len(COLOURS) * len(SHAPES)
EXIST, GO, GETCOLOUR, GETSHAPE, SUMEVEN, PRODUCTEVEN, PRODUCTODD, SUMODD = range(len(OPERATORS))
STARTS: Final = tuple(OPERATORS.index(name) for name in QUESTIONS)
ENDS: Final = tuple(range(len(OPERATORS)))
ANSWER_TYPES: Final = ("boolean", "location", "shape", "colour")


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
