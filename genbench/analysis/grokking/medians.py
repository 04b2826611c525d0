"""Medians of times of which some had not ended when watching did (Kaplan & Meier 1958)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from jaxtyping import Float

NORMAL: Final = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Median:
    """A Kaplan-Meier median with its 95 % interval; None where the curve, or its band, stays above one half."""

    median: float | None
    low: float | None
    high: float | None
    happened: int
    seeds: int


def median(times: Sequence[tuple[float, bool]]) -> Median:
    """The Kaplan-Meier median of times, each that of an event (true) or of the end of watching without one (false).

    The interval is where the band of the survival curve crosses one half: Greenwood's variance on the log-log scale.
    """
    import numpy as np  # scipy.stats has the same as ecdf and takes two seconds to import

    happened = [time for time, event in times if event]
    if not happened:
        return Median(None, None, None, 0, len(times))
    moments, died = np.unique(np.asarray(happened, dtype=float), return_counts=True)
    at_risk = np.sum(np.asarray([time for time, _ in times], dtype=float) >= moments[:, None], axis=1)
    if len(happened) == len(times):  # the same number, without the rounding by which a half may be missed
        survival = 1 - np.cumsum(died) / len(times)
    else:
        survival = np.cumprod((at_risk - died) / at_risk)

    def crosses(curve: Float[np.ndarray, " moment"]) -> float | None:
        below = np.flatnonzero(curve <= 0.5)  # NaN, where a band is undefined, is not
        return float(moments[below[0]]) if len(below) else None

    low = high = None
    if len(times) > 1:
        with np.errstate(all="ignore"):  # the band is undefined where nobody is left
            spread = NORMAL * np.sqrt(np.cumsum(died / (at_risk * (at_risk - died))) / np.log(survival) ** 2)
            middle = np.log(-np.log(survival))
            low, high = (crosses(np.exp(-np.exp(middle + side))) for side in (spread, -spread))
    return Median(crosses(survival), low, high, len(happened), len(times))
