"""Medians of times of which some had not ended when watching did (Kaplan & Meier 1958)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Median:
    """A Kaplan-Meier median with its 95 % interval; None where the curve, or its band, stays above one half."""

    median: float | None
    low: float | None
    high: float | None
    happened: int
    seeds: int


def median(times: Sequence[tuple[float, bool]]) -> Median:
    """The Kaplan-Meier median of times, each that of an event (true) or of the end of watching without one (false)."""
    import warnings

    import numpy as np
    from scipy import stats

    happened = [time for time, event in times if event]
    if not happened:
        return Median(None, None, None, 0, len(times))
    data = stats.CensoredData(uncensored=happened, right=[time for time, event in times if not event])
    survival = stats.ecdf(data).sf

    def crosses(curve: Any) -> float | None:
        below = np.flatnonzero(np.asarray(curve.probabilities) <= 0.5)  # NaN, where a band is undefined, is not
        return float(curve.quantiles[below[0]]) if len(below) else None

    low = high = None
    if len(times) > 1:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)  # that the band is undefined at some times, which we know
            band = survival.confidence_interval(method="log-log")
        low, high = crosses(band.low), crosses(band.high)
    return Median(crosses(survival), low, high, len(happened), len(times))
