"""What a stack solves: a sequence backwards, and the brackets that are still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from words import NOTHING

if TYPE_CHECKING:
    from task import Codes, Setting

BRACKETS = ("(", ")")  # the kinds of symbols: the first opens, the second closes


def reverse(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The prompt backwards: `length` symbols."""
    prompts = stream.integers(setting.symbols, size=(count, length))
    return prompts, prompts[:, ::-1]


def dyck(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """What closes all brackets that the first `length` of a nested sequence leave open, the innermost first.

    Where a bracket is open, the next one opens or closes with equal chance. Prompts that leave none open are left out.
    """
    each, depth = np.arange(count), np.zeros(count, dtype=np.int64)
    prompts, stack = (np.zeros((count, length), dtype=np.int64) for _ in range(2))
    for place in range(length):
        opens = (stream.integers(2, size=count) == 1) | (depth == 0)
        depth -= ~opens
        top = stack[each, np.minimum(depth, length - 1)]
        kind = np.where(opens, stream.integers(setting.symbols, size=count), top)
        stack[each[opens], depth[opens]] = kind[opens]
        prompts[:, place] = kind + np.where(opens, 0, setting.symbols)
        depth += opens
    left = depth > 0
    prompts, stack, depth = prompts[left], stack[left], depth[left, None]
    inner = depth - 1 - np.arange(length)  # the place in the stack of each bracket to close
    closing = np.take_along_axis(stack, np.maximum(inner, 0), axis=1) + setting.symbols
    return prompts, np.where(inner >= 0, closing, NOTHING)
