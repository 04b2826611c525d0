"""How far weights have travelled since the beginning of training, and by which law of time.

Hoffer, Hubara & Soudry 2017 (arXiv:1705.08741) see |w_t - w_0| grow like log t while the rate is high, as a random walk
does on a random potential, where one on a flat potential would grow like sqrt t and a fall straight down like t.
`fits` tells how well each of the three describes a course, by the coefficient of determination R2 of least squares with
an intercept: 1 is a perfect fit, and 0 one that says no more than the mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jaxtyping import Float
    from torch import Tensor

LAWS: Final[dict[str, Callable[[Float[np.ndarray, " step"]], Float[np.ndarray, " step"]]]] = {
    "log": np.log,
    "sqrt": np.sqrt,
    "linear": lambda step: step,
}
LEAST: Final = 3  # steps: a line through two points fits any law


def flat(weights: Iterable[Tensor]) -> Float[Tensor, " weight"]:
    """A copy of all weights as one vector."""
    return torch.cat([weight.detach().flatten() for weight in weights])


def fits(distances: Float[np.ndarray, " step"]) -> dict[str, float]:
    """R2 of each law for the distances after steps 1, 2, 3, ...; nothing of fewer than three steps, or of no change.

    >>> {law: round(r2, 3) for law, r2 in fits(np.log(np.arange(1, 101))).items()}
    {'log': 1.0, 'sqrt': 0.926, 'linear': 0.803}
    """
    course = np.asarray(distances, float)
    if len(course) < LEAST or not (spread := float(np.square(course - course.mean()).sum())):
        return {}
    steps = np.arange(1, len(course) + 1, dtype=float)
    found = {}
    for law, of in LAWS.items():
        at = of(steps)
        slope, intercept = np.polyfit(at, course, 1)
        found[law] = 1 - float(np.square(course - slope * at - intercept).sum()) / spread
    return found
