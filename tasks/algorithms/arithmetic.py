"""Products, and sums that wrap around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from words import EQUALS, TIMES

if TYPE_CHECKING:
    from task import Codes, Setting

FACTOR = 3  # digits of the second factor: Jelassi et al. 2023 (arXiv:2306.15400) multiply by three digits


def multiplication(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The product of a number of `length` digits and one of FACTOR, last digit first."""
    base = setting.symbols
    first, second = (_numbers(stream, count, digits, base) for digits in (length, FACTOR))
    columns = np.zeros((count, length + FACTOR), dtype=np.int64)  # of the product, the last digit's first
    for place in range(FACTOR):
        columns[:, place : place + length] += first[:, ::-1] * second[:, FACTOR - 1 - place, None]
    carry = np.zeros(count, dtype=np.int64)
    for column in range(length + FACTOR):
        carry, columns[:, column] = np.divmod(columns[:, column] + carry, base)
    times, equals = np.full((count, 1), TIMES), np.full((count, 1), EQUALS)
    return np.concatenate([first, times, second, equals], axis=1), columns


def products(setting: Setting, length: int) -> int:
    """How many multiplications there are of a first factor with `length` digits."""
    base = setting.symbols
    first: int = (base - 1) * base ** (length - 1) if length > 1 else base
    return first * (base - 1) * base ** (FACTOR - 1)


def _numbers(stream: np.random.Generator, count: int, length: int, base: int) -> np.ndarray:
    """Digits of shape `[count, length]`, the first not zero but where it is the only one."""
    digits = stream.integers(base, size=(count, length))
    if length > 1:
        digits[:, 0] = stream.integers(1, base, size=count)
    return digits


def modular_sum(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The sum of `length` symbols, taken as numbers, modulo how many symbols there are."""
    prompts = stream.integers(setting.symbols, size=(count, length))
    return prompts, prompts.sum(1, keepdims=True) % setting.symbols


def increment(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The number of `length` digits that comes next, both behind a zero, for it may have a digit more.

    One prompt in two ends in a run of the highest digit, of any length, which the answer turns to zeros.
    """
    top = setting.symbols - 1
    digits = _numbers(stream, count, length, setting.symbols)
    run = np.where(stream.integers(2, size=count) == 1, stream.integers(1, length + 1, size=count), 0)
    digits[np.arange(length) >= length - run[:, None]] = top
    prompts = np.concatenate([np.zeros((count, 1), dtype=np.int64), digits], axis=1)
    changed = _changed(prompts, top)
    return prompts, np.where(changed, np.where(prompts == top, 0, prompts + 1), prompts)


def numbers(setting: Setting, length: int) -> int:
    """How many numbers of `length` digits there are."""
    base = setting.symbols
    every: int = (base - 1) * base ** (length - 1) if length > 1 else base
    return every


def hinted_increment(setting: Setting, stream: np.random.Generator, rows: pa.Table) -> pa.Table:
    """Rows of increment, every other by lot turned into a hint: of its prompt, behind `*`, which digits will change.

    These are the last digits as long as they are the highest, and the one before.
    """
    prompts, answers = rows["prompt"].to_pylist(), rows["answer"].to_pylist()
    top = str(setting.symbols - 1)
    for at in np.flatnonzero(stream.integers(2, size=len(prompts))):
        words = prompts[at].split()
        last = len(words) - 1
        while words[last] == top:
            last -= 1
        prompts[at], answers[at] = f"* {prompts[at]}", " ".join(words[last:])
    return pa.table({"prompt": pa.array(prompts, pa.string()), "answer": pa.array(answers, pa.string())})


def _changed(prompts: np.ndarray, top: int) -> np.ndarray:
    """Which digits change where 1 is added: those with nothing but the highest digit behind them."""
    highest = prompts[:, ::-1] == top
    return np.concatenate(
        [np.ones((len(prompts), 1), dtype=bool), np.logical_and.accumulate(highest, axis=1)[:, :-1]], axis=1
    )[:, ::-1]
