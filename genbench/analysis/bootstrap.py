"""Intervals from figures that were drawn again: whose stream of chance it is, and where 95 % of the figures lie."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench import seeds
from genbench.analysis.intervals import Estimate

if TYPE_CHECKING:
    from jaxtyping import Float

TAILS: Final = (0.025, 0.975)


def stream(purpose: str, *who: str) -> np.random.Generator:
    """The stream of chance of one analysis: its own, so that what stands beside moves no interval."""
    return np.random.default_rng(seeds.derive(purpose, *who))


def between_percentiles(value: float, drawn: Float[np.ndarray, " draw"]) -> Estimate:
    """The value between the percentiles of what was drawn; draws without a figure (NaN) are left out."""
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(known):
        return Estimate(float(value), np.nan, np.nan)
    low, high = np.quantile(known, TAILS)
    return Estimate(float(value), float(low), float(high))


def between_draws(value: float, drawn: Float[np.ndarray, " draw"]) -> Estimate:
    """The value between two of the draws, the next beyond each percentile; it holds the value.

    For figures that may be infinite, between which nothing can be interpolated.
    """
    ordered = np.sort(drawn)
    low, high = (
        float(ordered[round_(tail * (len(ordered) - 1))])
        for round_, tail in zip((math.floor, math.ceil), TAILS, strict=True)
    )
    return Estimate(float(value), min(low, float(value)), max(high, float(value)))
