"""The commonest symbol: alone, or with the counts of all written first, in one order or another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from words import EQUALS, decimal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from task import Codes, Setting

CELLS = 4_194_304  # numbers counted at once; bounds memory


def mode(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The symbol that occurs most often in a sequence of `length`."""
    prompts, often = _drawn(setting, stream, count, length)
    return prompts, often.argmax(1)[:, None]


def mode_scratchpad(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """How often each symbol occurs among `length`, in decimal, in the order of symbols; then the commonest."""
    prompts, often = _drawn(setting, stream, count, length)
    return prompts, _written(setting, often, np.broadcast_to(np.arange(setting.symbols), often.shape))


def mode_scratchpad_sorted(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The same from the rarest symbol to the commonest, equals in the order of symbols."""
    prompts, often = _drawn(setting, stream, count, length)
    return prompts, _written(setting, often, np.argsort(often, axis=1, kind="stable"))


def clear_majorities(setting: Setting, length: int) -> int:
    """How many sequences have one symbol in more than half of their places: no more than those with one mode."""
    others = setting.symbols - 1
    ways: Iterator[int] = (
        math.comb(length, most) * others ** (length - most) for most in range(length // 2 + 1, length + 1)
    )
    return setting.symbols * sum(ways)


def _drawn(setting: Setting, stream: np.random.Generator, count: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Prompts of which one symbol is the commonest, `[row, place]`, and how often each symbol occurs in it."""
    count = min(count, max(1, CELLS // setting.symbols))
    prompts = stream.integers(setting.symbols, size=(count, length))
    places = prompts + setting.symbols * np.arange(count)[:, None]
    often = np.bincount(places.ravel(), minlength=count * setting.symbols).reshape(count, setting.symbols)
    one = (often == often.max(1, keepdims=True)).sum(1) == 1
    return prompts[one], often[one]


def _written(setting: Setting, often: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Each symbol before its count, in the given order, then `=` and the commonest symbol."""
    digits = len(str(setting.longest))
    counts = decimal(np.take_along_axis(often, order, axis=1), digits)
    pairs = np.concatenate([order[..., None], counts], axis=2).reshape(len(often), setting.symbols * (1 + digits))
    equals = np.full((len(often), 1), EQUALS)
    return np.concatenate([pairs, equals, often.argmax(1)[:, None]], axis=1)
