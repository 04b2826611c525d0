"""The closed form of a linear teacher: the error of gradient descent at every time, as means over all draws of rows.

Advani & Saxe 2017 (arXiv:1710.03667), for as many numbers N of a row as one likes, and `ratio` * N rows.
Weights follow the gradient of half the sum of squared errors, dw/dt = X^T (y - X w), from numbers N(0, `initial`**2).
Along an eigenvector of X^T X with eigenvalue v a number of the weights is at time t

    exp(-v t) * initial one  +  (1 - exp(-v t)) * (the teacher's + noise / sqrt(v))

and with rows as the task draws them the eigenvalues have the density of Marchenko & Pastur 1967 on the interval from
(1 - sqrt(ratio))**2 to (1 + sqrt(ratio))**2, and the share 1 - ratio of them is 0 where that is above 0. All that
follows is sums over that density. As `ratio` passes 1 the smallest eigenvalue passes 0: the longer training lasts, the
more the noise counts there, without bound. At 1 itself every finite time has its value, and the end of training has
none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float

    Spectrum = Float[np.ndarray, " node"]

NODES: Final = 20_000  # on half a circle; at a ratio of 1 enough for times to a million
LONGEST: Final = 1e6  # beyond it only the end itself


@dataclass(frozen=True, slots=True)
class Errors:
    """What a student has at one time.

    `generalization` and `training` are mean squared errors on new rows and on those shown, both with their noise;
    `squared_weights` is the mean square of a number of its weights.
    """

    generalization: float
    training: float
    squared_weights: float


def errors(ratio: float, noise: float, initial: float, time: float, signal: float = 1.0) -> Errors:
    """The mean errors at a time, which may be `math.inf`, of a teacher whose numbers have a mean square of `signal`**2.

    Raises `BadValue` for numbers out of range, for a finite time above a million, and for the end of training at a
    ratio of exactly 1 with noise, where the error has no bound.

    >>> errors(2.0, noise=0.5, initial=0.0, time=math.inf)
    Errors(generalization=0.5, training=0.125, squared_weights=1.25)
    """
    _check(ratio, noise=noise, initial=initial, time=time, signal=signal)
    if ratio == 1 and math.isinf(time) and noise > 0:
        raise BadValue(
            "at a ratio of exactly 1 the error of training to the end has no bound: its smallest eigenvalue is 0; "
            "ask for a finite time, or for a ratio beside 1"
        )
    inside = _mean_over(ratio)
    null = max(0.0, 1 - ratio)  # the frozen share of directions, in which no row lies
    away, still = signal**2 + initial**2, initial**2
    if math.isinf(time):
        fitted = noise**2 * min(1.0, ratio) / abs(1 - ratio) if noise else 0.0
        training = noise**2 * max(0.0, 1 - 1 / ratio)
        moved = signal**2 * min(1.0, ratio) + fitted
        return Errors(away * null + fitted + noise**2, training, moved + still * null)
    noisy = noise**2 * inside(lambda v: _learned(v, time) ** 2 * v)
    left = inside(lambda v: np.exp(-2 * v * time))
    unfitted = inside(lambda v: (away * v + noise**2) * np.exp(-2 * v * time))
    known = inside(lambda v: (_learned(v, time) * v) ** 2)
    return Errors(
        generalization=away * (left + null) + noisy + noise**2,
        training=unfitted / ratio + noise**2 * max(0.0, 1 - 1 / ratio),
        squared_weights=still * (left + null) + signal**2 * known + noisy,
    )


def least_error(ratio: float, noise: float, signal: float = 1.0) -> float:
    """The error of the best that can be had from so many rows, by whatever means: that of the mean of all teachers.

    Of teachers whose numbers are normal it is ridge regression with a ridge of (noise / signal)**2. Raises `BadValue`.
    """
    _check(ratio, noise=noise, initial=0.0, time=0.0, signal=signal)
    if not noise:
        return signal**2 * max(0.0, 1 - ratio)
    ridge = (noise / signal) ** 2
    return float(noise**2 * (1 + _mean_over(ratio)(lambda v: 1 / (v + ridge)) + max(0.0, 1 - ratio) / ridge))


def _learned(values: Spectrum, time: float) -> Spectrum:
    """(1 - exp(-v t)) / v, which is t where v is 0."""
    found = np.full_like(values, time)
    above = values > 0
    found[above] = -np.expm1(-values[above] * time) / values[above]
    return found


def _mean_over(ratio: float) -> Callable[[Callable[[Spectrum], Spectrum]], float]:
    """What sums a function over the eigenvalues above 0: v = 1 + ratio + 2 sqrt(ratio) cos(angle), at equal angles.

    In angles the density has no edge, and the rule of midpoints is exact to rounding for smooth functions.
    """
    angles = (np.arange(NODES) + 0.5) * (math.pi / NODES)
    root = math.sqrt(ratio)
    # The same, without the loss of the smallest ones: (1 - root)**2 + 2 root (1 + cos(angle)).
    values = (1 - root) ** 2 + 4 * root * np.cos(angles / 2) ** 2
    density = (2 * root * np.sin(angles)) ** 2 / (2 * math.pi * values) * (math.pi / NODES)
    return lambda of: float((density * of(values)).sum())


def _check(ratio: float, **others: float) -> None:
    if not 0 < ratio < math.inf:
        raise BadValue(f"the ratio of rows to numbers is {ratio:g}; it must be above 0 and finite")
    if not others["signal"] > 0:
        raise BadValue(f"signal is {others['signal']:g}; it must be above 0")
    for name, value in others.items():
        if not value >= 0 or (math.isinf(value) and name != "time"):
            raise BadValue(f"{name} is {value:g}; it must be 0 or more{'' if name == 'time' else ', and finite'}")
    if LONGEST < others["time"] < math.inf:
        raise BadValue(f"time is {others['time']:g}; it must be at most {LONGEST:g}, or infinite: the end of training")
