"""What must be found again: the value of a key, and what followed a symbol."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from words import EQUALS

if TYPE_CHECKING:
    from task import Codes, Setting

KEYS_AND_VALUES = ("", "v")  # the kinds of symbols
CELLS = 4_194_304  # numbers shuffled at once; bounds memory


def associative_recall(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The value of one of `length` different keys, each of which stands before its value."""
    count = min(count, max(1, CELLS // setting.symbols))
    every = np.tile(np.arange(setting.symbols), (count, 1))
    keys = stream.permuted(every, axis=1)[:, :length]
    values = setting.symbols + stream.integers(setting.symbols, size=(count, length))
    asked = stream.integers(length, size=(count, 1))
    pairs = np.stack([keys, values], axis=2).reshape(count, 2 * length)
    equals, key = np.full((count, 1), EQUALS), np.take_along_axis(keys, asked, axis=1)
    return np.concatenate([pairs, equals, key], axis=1), np.take_along_axis(values, asked, axis=1)


def recalls(setting: Setting, length: int) -> int:
    """How many questions there are about `length` keys."""
    ways: int = math.perm(setting.symbols, length) * setting.symbols**length
    return ways * length


def induction_heads(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """What followed the last symbol where it stood before: in one of `length` places, and in no other."""
    trigger, place = stream.integers(setting.symbols, size=(count, 1)), stream.integers(length, size=(count, 1))
    others = stream.integers(setting.symbols - 1, size=(count, length + 1))
    others += others >= trigger
    prompts = np.where(np.arange(length + 1) == place, trigger, others)
    return np.concatenate([prompts, trigger], axis=1), np.take_along_axis(prompts, place + 1, axis=1)


def inductions(setting: Setting, length: int) -> int:
    """How many prompts there are with `length` places for the symbol that recurs."""
    ways: int = (setting.symbols - 1) ** length
    return setting.symbols * length * ways
