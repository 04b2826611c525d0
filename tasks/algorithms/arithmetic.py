"""Products, and sums that wrap around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
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
