"""The area under accuracy by length: the accuracy at a length drawn uniformly from the range asked."""

from __future__ import annotations

import math

import numpy as np

from genbench.analysis.intervals import Estimate, interval, wilson


def area(lengths: np.ndarray, shares: np.ndarray, counts: np.ndarray) -> Estimate:
    """The area of the mean over seeds; `shares` (seed, length), the others (length,)."""
    each_weighs = weights(lengths)
    mean = np.clip(shares.mean(0), 0, 1)
    ends = np.array([wilson(float(share), int(n)) for share, n in zip(mean, counts, strict=True)])
    each = (shares @ each_weighs).tolist()
    value = min(1.0, max(0.0, math.fsum(each) / len(each)))
    _, least, most = interval(each, 0, bounded=False)  # Student's t over the seeds, none for one
    spread = 0.0 if least is None or most is None else (most - least) / 2
    low, high = (math.hypot(spread, *(each_weighs * (mean - ends[:, side]))) for side in (0, 1))
    return Estimate(value, max(0.0, value - low), min(1.0, value + high))


def weights(lengths: np.ndarray) -> np.ndarray:
    """What each length weighs in the area: half the way to its neighbours, over the whole range."""
    steps = np.diff(lengths)
    return np.asarray((np.append(steps, 0) + np.insert(steps, 0, 0)) / (2 * (lengths[-1] - lengths[0])))
