"""Tasks as the integers that are shown, and a number for each question by which equal ones are known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from language import OPERATORS, ROW, SHAPES, SIDE
from recipe import ANSWER_TYPES, CODES, GETCOLOUR, GETSHAPE, Tasks

from genbench import seeds


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
