"""Exact bits: how rare, among functions that agree with training, those are that answer the questions.

"Towards Exact Computation of Inductive Bias" (Boopathy, Yue, Hwang, Iyer & Fiete 2024, arXiv:2406.15941): with
hypotheses drawn from a Gaussian process that is conditioned on training, the bits are minus the log2 of the chance that
a mean squared error is at most epsilon. The release (FieteLab/Exact-Inductive-Bias at 8afae31d) draws functions and
fits a scaled non-central chi square to their errors, which understates what lies deep in the tail; it gives nats. Here
nothing is drawn or fitted. The error is a weighted sum of non-central chi squares whose Laplace transform is known, so
that its distribution function is one integral,

    P = 1 / (2 pi i) * integral of exp(K(s) + s * epsilon) / s ds,    K(s) = ln E exp(-s * error)

taken along a path through the saddle point s0 > 0 of the integrand, which bends as the path of steepest descent does
there. The saddle point's own formula, with the integral as that of a Gaussian, is off near the mean (bits below 0).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Complex, Float

NOISE: Final = 1e-6  # of training targets, as variance: without it nearly equal rows leave no figure to compute
STEP: Final = 0.05  # along the path, in widths of the saddle; the sum converges faster than any power of it
FARTHEST: Final = 200_000  # steps at which the integrand has long vanished
NEGLIGIBLE: Final = 1e-14
HIGHEST: Final = 70.0  # natural log of a saddle point beyond which what may vary is rounding


def posterior(
    train: Float[np.ndarray, "row number"],
    targets: Float[np.ndarray, "row output"],
    asked: Float[np.ndarray, "question number"],
    width: float,
    noise: float = NOISE,
) -> tuple[Float[np.ndarray, "question output"], Float[np.ndarray, "question question"]]:
    """Mean and covariance at the questions of a Gaussian process, given train; exp(-|x - x'|^2 / (2 width^2))."""
    from scipy.linalg import cho_factor, cho_solve

    known = _kernel(train, train, width) + noise * np.eye(len(train))
    across = _kernel(train, asked, width)
    solved = cho_solve(cho_factor(known, lower=True), np.concatenate([targets, across], axis=1))
    outputs = targets.shape[1]
    covariance = _kernel(asked, asked, width) - across.T @ solved[:, outputs:]
    return across.T @ solved[:, :outputs], (covariance + covariance.T) / 2


def bits(
    errors: Float[np.ndarray, "question output"], covariance: Float[np.ndarray, "question question"], epsilon: float
) -> float:
    """-log2 of the chance that a function's mean squared error is at most `epsilon`; inf where none has so little.

    `errors` are those of the mean function; outputs vary alike and apart from each other.
    """
    size = errors.size
    spread, directions = np.linalg.eigh(covariance)
    loss = _Loss(np.maximum(spread, 0) / size, np.square(directions.T @ errors).sum(1) / size, errors.shape[1])
    saddle = loss.saddle(epsilon)
    return math.inf if saddle is None else max(0.0, -loss.log_chance(epsilon, saddle) / math.log(2))


def log_chance(
    spread: Float[np.ndarray, " way"], mean: Float[np.ndarray, " way"], degrees: float, epsilon: float
) -> float:
    """The natural log of P(error <= epsilon), of a sum over ways of spread times a chi square of so many degrees.

    `mean` is what it adds to the sum's mean that a chi square is not central. For lower tails: far above the mean,
    where the chance is all but 1, the sum of the path's steps is not to be had.
    """
    loss = _Loss(spread, mean, degrees)
    saddle = loss.saddle(epsilon)
    return -math.inf if saddle is None else loss.log_chance(epsilon, saddle)


class _Loss:
    """A sum over directions of spread * (chi square with `outputs` degrees, not central where the mean errs)."""

    def __init__(self, spread: Float[np.ndarray, " way"], mean: Float[np.ndarray, " way"], outputs: float) -> None:
        self.spread, self.mean, self.outputs = spread, mean, outputs

    def slope(self, s: float, epsilon: float) -> float:
        """The derivative of the exponent, K(s) + s epsilon - ln s, which grows with s."""
        shrunk = 1 + 2 * s * self.spread
        return epsilon - 1 / s - float(np.sum(self.outputs * self.spread / shrunk + self.mean / shrunk**2))

    def saddle(self, epsilon: float) -> float | None:
        """Where the exponent is least along the positive numbers; None where it falls for ever, so that P is 0."""
        from scipy.optimize import brentq

        low, high = 0.0, 0.0  # of ln s
        while self.slope(math.exp(low), epsilon) > 0:
            low -= 1
        while self.slope(math.exp(high), epsilon) < 0:
            high += 1
            if high > HIGHEST:
                return None
        if low == high:
            return 1.0
        return math.exp(float(brentq(lambda at: self.slope(math.exp(at), epsilon), low, high, xtol=1e-13)))

    def exponent(self, s: Complex[np.ndarray, " step"], epsilon: float) -> Complex[np.ndarray, " step"]:
        """K(s) + s epsilon - ln s."""
        whole: Complex[np.ndarray, " step"] = s * epsilon - np.log(s)
        for spread, mean in zip(self.spread, self.mean, strict=True):
            shrunk = 1 + 2 * s * spread
            whole -= self.outputs / 2 * np.log(shrunk) + s * mean / shrunk
        return whole

    def log_chance(self, epsilon: float, saddle: float) -> float:
        """The natural log of P(loss <= epsilon)."""
        shrunk = 1 + 2 * saddle * self.spread
        second = float(np.sum(2 * self.outputs * self.spread**2 / shrunk**2 + 4 * self.mean * self.spread / shrunk**3))
        third = float(
            np.sum(8 * self.outputs * self.spread**3 / shrunk**3 + 24 * self.mean * self.spread**2 / shrunk**4)
        )
        second, third = second + 1 / saddle**2, third + 2 / saddle**3
        width, bend = 1 / math.sqrt(second), third / (6 * second)
        top = self.exponent(np.array([complex(saddle)]), epsilon)[0].real
        total, begin, chunk = 0.0, 0, 400
        while begin < FARTHEST:
            along = width * STEP * np.arange(begin, begin + chunk)
            path = saddle - bend * along**2 + 1j * along
            parts = (np.exp(self.exponent(path, epsilon) - top) * (1 + 2j * bend * along)).real
            total += float(parts.sum()) - (0.5 if not begin else 0.0)  # half of the first, which is 1
            begin += chunk
            if np.abs(parts[-20:]).max() < NEGLIGIBLE:
                break
        return float(top) + math.log(total * width * STEP / math.pi)


def _kernel(one: Float[np.ndarray, "a n"], other: Float[np.ndarray, "b n"], width: float) -> Float[np.ndarray, "a b"]:
    from scipy.spatial.distance import cdist

    return np.asarray(np.exp(-cdist(one, other, "sqeuclidean") / (2 * width**2)))
