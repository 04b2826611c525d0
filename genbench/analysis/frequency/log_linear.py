"""The log-linear trend: concepts in bins of frequency, and the line through the inner bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.errors import BadValue

if TYPE_CHECKING:
    from jaxtyping import Float, Int

BINS: Final = 12
INNER: Final = (1, BINS - 1)  # the bins that the trend is read from: all but the first and the last
LEAST: Final = 3  # bins with concepts; through two points there is always a line


@dataclass(frozen=True, slots=True)
class Trend:
    """Accuracy by bins of frequency. The arrays have shape (bins,); a bin without concepts has NaN.

    `edges` are frequencies, `deviations` those of a bin's concepts (divided by their number). `slope` is in units of
    the scores per decade. `slope`, `r` and `p` are NaN where fewer than `LEAST` of the bins in use hold concepts.
    """

    edges: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    concepts: np.ndarray
    used: tuple[int, int]
    slope: float
    r: float
    p: float


def binned(counts: Int[np.ndarray, " concept"]) -> tuple[Float[np.ndarray, " bin"], Int[np.ndarray, " concept"]]:
    """The logarithms of the edges, and the bin of each concept. Raises `BadValue` for counts that cannot be binned."""
    if not len(counts):
        raise BadValue("there are no concepts whose frequency is known")
    if (counts < 0).any():
        raise BadValue(f"a frequency is {counts.min()}; it must be a count, 0 or more")
    x = np.log(np.maximum(counts, 1))
    if x.min() == x.max():
        raise BadValue(f"all {len(counts)} concepts are equally frequent, so there is no trend to read")
    edges = np.linspace(x.min(), x.max(), BINS)
    return edges, np.minimum(np.searchsorted(edges, x, side="left"), BINS - 1)


def trend(
    counts: Int[np.ndarray, " concept"], scores: Float[np.ndarray, " concept"], used: tuple[int, int] = INNER
) -> Trend:
    """The log-linear trend of `scores` over `counts`, read from the bins `used`, from and up to. Raises `BadValue`."""
    edges, places = binned(counts)
    concepts = np.bincount(places, minlength=BINS)
    with np.errstate(invalid="ignore"):
        means = np.bincount(places, weights=scores, minlength=BINS) / concepts
        squares = np.bincount(places, weights=(scores - means[places]) ** 2, minlength=BINS)
        deviations = np.sqrt(squares / concepts)
    kept = np.arange(*used)[concepts[slice(*used)] > 0]
    slope, r, p = _line(edges[kept], means[kept])
    return Trend(np.exp(edges), means, deviations, concepts, used, slope, r, p)


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Slope per decade of the least-squares line through (x in natural logarithms, y), Pearson's r, two-sided p."""
    if len(x) < LEAST:
        return np.nan, np.nan, np.nan
    slope = float(np.polyfit(x / np.log(10), y, 1)[0])
    return slope, *correlation(x, y)


def correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Pearson's r and its two-sided p; NaN where either does not vary, or there are fewer than `LEAST` points."""
    if len(x) < LEAST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan, np.nan
    from scipy.special import stdtr  # scipy.stats has the same as pearsonr and takes a second to import

    dx, dy = x - x.mean(), y - y.mean()
    r = float(np.clip(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy)), -1, 1))
    freedom = len(x) - 2
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt(freedom / np.float64((1 - r) * (1 + r)))
    return r, float(2 * stdtr(freedom, -t))
