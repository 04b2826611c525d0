"""The bound of Boopathy et al. 2023: how many bits of inductive bias a split asks for beyond what its rows say.

"Model-agnostic Measure of Generalization Difficulty" (arXiv:2305.01034); formulas as in `task_difficulty.py` of
FieteLab/inductive-bias-complexity at 1907c6de. Rows lie on a sphere of the intrinsic dimension m and radius R, and a
hypothesis is a sum of its harmonics up to the frequency 2 pi R / distance that tells the nearest rows of unlike
classes apart. A learner chooses among hypotheses that agree on n rows, to the error wanted; what that takes in bits is
the number of free coefficients, times the log of how far a hypothesis may stray between the rows over that error.

The release does not clamp at 0 where rows are more than coefficients, and nor do these functions; `difficulty` does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

OVERFLOW = 700.0  # the logarithm from which on a number is no float


@dataclass(frozen=True, slots=True)
class Bound:
    """Bits as a sign and the log2 of their size, which may be of a number that no float holds; `log2` -inf for none."""

    sign: int
    log2: float

    @property
    def bits(self) -> float:
        """The bits themselves; an infinity where they are too many for a float."""
        return self.sign * (2.0**self.log2 if self.log2 * math.log(2) < OVERFLOW else math.inf)


def highest_degree(dimension: float, frequency: float) -> float:
    """The degree K whose harmonics on a sphere of `dimension` have the frequency: K (K + m - 1) = frequency squared."""
    return (math.sqrt((dimension - 1) ** 2 + 4 * frequency**2) - (dimension - 1)) / 2


def log_harmonics(dimension: float, degree: float) -> float:
    """The natural log of how many harmonics up to `degree` there are: C(m + K, m) + C(m + K - 1, m)."""

    def log_binomial(n: float, k: float) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    return _add(log_binomial(dimension + degree, dimension), log_binomial(dimension + degree - 1, dimension))


def log_wasserstein(rows: float, dimension: float, radius: float, discrete: float) -> float:
    """The natural log of how far `rows` drawn on the sphere lie from all of it (Wasserstein, of order 1)."""
    sphere = math.log(2) + (dimension + 1) / 2 * math.log(math.pi) - math.lgamma((dimension + 1) / 2)
    return (
        0.5 * math.log(dimension / 6)
        + (sphere + math.log(discrete)) / dimension
        + math.log(radius)
        - math.log(rows) / dimension
    )


def bound(
    error: float,
    rows: float,
    dimension: float,
    radius: float,
    discrete: float,
    distance: float,
    outputs: float,
    largest: float = 1.0,
) -> Bound:
    """The bits that a task with these figures asks for; negative where its rows alone say more than it takes.

    `error` is the error wanted; `discrete` how many values discrete features take together, which for a classification
    is its classes; `distance` that of the nearest rows of unlike classes; `outputs` the dimension of what is answered,
    classes less one; `largest` the largest number of an answer.
    """
    degree = highest_degree(dimension, 2 * math.pi * radius / distance)
    coefficients = math.log(2 * outputs * discrete) + log_harmonics(dimension, degree)
    fixed = math.log(rows * outputs)
    free = _add(coefficients, fixed, -1)
    ratio = (
        math.log2(largest)
        + 0.5 * math.log2(outputs)
        + 0.5 * math.log2(discrete)
        - math.log2(error)
        + math.log2(degree * math.sqrt(outputs) / radius)
        + log_wasserstein(rows, dimension, radius, discrete) / math.log(2)
    )
    if ratio == 0 or free == -math.inf:
        return Bound(0, -math.inf)
    return Bound(
        (1 if ratio > 0 else -1) * (1 if coefficients > fixed else -1), free / math.log(2) + math.log2(abs(ratio))
    )


def _add(one: float, other: float, sign: int = 1) -> float:
    """The log of |exp(one) + sign * exp(other)|."""
    most, least = max(one, other), min(one, other)
    share = sign * math.exp(least - most)
    return most + math.log1p(share) if share > -1 else -math.inf
