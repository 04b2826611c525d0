"""Bits of a submission: how rare a low loss is among its training seeds, by a distribution fitted to their losses.

"Towards Exact Computation of Inductive Bias" (Boopathy, Yue, Hwang, Iyer & Fiete 2024, arXiv:2406.15941) asks how rare,
among the functions that a class of models gives, those are whose loss is at most epsilon: -log2 P(loss <= epsilon). As
in the release (FieteLab/Exact-Inductive-Bias at 8afae31d, utils.py) a scaled non-central chi square that begins at 0 is
fitted to sampled losses by maximum likelihood, and its cumulative logarithm read at epsilon. Where floating point makes
that minus infinity, the release reads half the square of Sankaran's nearly normal number; here the distribution is
inverted exactly, as for `gp_bits`, which of the reference's figures is up to 2.7 times as much: near 0 the
approximation is far off. The release gives nats; here are bits. Its hypotheses are thousands of samples of a class of
models; here they are the training seeds of one submission.

Where epsilon lies under the smallest loss that was seen, the figure is what the fitted shape says of a tail that nobody
saw: an extrapolation, marked as one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.analysis.difficulty.exact import log_chance
from genbench.analysis.newest import newest_rows, rows_of
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from genbench.cards import TaskCard

LOSSES: Final = ("squared_error", "absolute_error", "nll")  # means over questions, 0 for the best there is
FEWEST: Final = 10  # seeds: three numbers are fitted
MIDDLE: Final = (0.2, 0.8)  # what a shape that fits has below the median of ten losses; half, but for chance
Part = tuple[str, str, str, str, str]  # task, split, submission, profile, question set


@dataclass(frozen=True, slots=True)
class Shape:
    """A non-central chi square: degrees of freedom, non-centrality, and what it is multiplied by."""

    degrees: float
    noncentrality: float
    scale: float


@dataclass(frozen=True, slots=True)
class ModelBits:
    """The bits of one submission on one question set; `extrapolated` where no seed's loss was as low as `epsilon`."""

    part: Part
    metric: str
    epsilon: float
    bits: float
    extrapolated: bool
    seeds: int
    least: float
    mean: float
    shape: Shape


def nats(epsilon: float, shape: Shape) -> float:
    """-ln P(loss <= epsilon); by inversion where the distribution's own logarithm is lost."""
    from scipy.stats import ncx2

    own = float(ncx2.logcdf(epsilon, shape.degrees, shape.noncentrality, scale=shape.scale))
    if math.isfinite(own):
        return -own
    spread = np.array([shape.scale])
    return -log_chance(spread, spread * shape.noncentrality, shape.degrees, epsilon)


def fitted(losses: Sequence[float]) -> Shape:
    """The shape of greatest likelihood that begins at 0.

    Raises `BadValue` for fewer than `FEWEST` losses, one that is not above 0 or not finite, losses all equal,
    and a fit that is none.
    """
    if len(losses) < FEWEST:
        raise BadValue(f"{len(losses)} seeds; a shape of three numbers is fitted to {FEWEST} or more")
    if not all(math.isfinite(loss) and loss > 0 for loss in losses):
        raise BadValue(f"a loss of {min(losses):g}; the shape is of losses above 0")
    if len(set(losses)) == 1:
        raise BadValue(f"all seeds have the loss {losses[0]:g}; there is no shape to fit")
    from scipy.stats import ncx2

    # Begun at a shape with the losses' own mean and variance, the chi square's part and the other's being equal.
    mean, variance = float(np.mean(losses)), float(np.var(losses))
    free = 1.5 * mean**2 / variance
    with np.errstate(all="ignore"):  # shapes that are tried and given up
        found = ncx2.fit(np.asarray(losses), free, free, floc=0, scale=mean / (2 * free))
    shape = Shape(float(found[0]), float(found[1]), float(found[3]))
    middle = ncx2.cdf(float(np.median(losses)), shape.degrees, shape.noncentrality, scale=shape.scale)
    if not MIDDLE[0] <= middle <= MIDDLE[1]:  # NaN too
        raise BadValue(
            f"the fit came to no end: its shape has {middle:.3g} of its losses below the median of these, "
            f"{np.median(losses):g}, which may differ too little ({np.std(losses):.2g})"
        )
    return shape


def of_tasks(known: Mapping[str, TaskCard], named: str) -> dict[str, str | None]:
    """Each task's metric that is a loss: `named`, else its first of `LOSSES`; None where it has none.

    Raises `BadValue` for another name, and for one that no task has.
    """
    if named and named not in LOSSES:
        raise BadValue(f"{named!r} is no loss; losses are {', '.join(LOSSES)}")
    wanted = (named,) if named else LOSSES
    found = {name: next((one for one in card.metrics if one in wanted), None) for name, card in known.items()}
    if not any(found.values()):
        raise BadValue(f"no task has the loss {named!r}")
    return found


def model_bits(
    cells: pa.Table,
    scores: pa.Table,
    wanted: Callable[[str, str], bool],
    losses: Mapping[str, str | None],
    epsilon: float,
) -> tuple[list[ModelBits], list[str]]:
    """The bits of each submission on each question set, in the order of names, and a line for what has none.

    `losses` names the metric of each task that is its loss, None where it has none. Of cells run again the newest
    count.
    Raises `BadValue` for an epsilon that is not above 0, where no cell is wanted, and where nothing can be told.
    """
    if not (math.isfinite(epsilon) and epsilon > 0):
        raise BadValue(f"epsilon is {epsilon:g}; it is a loss above 0")
    kept = {row["cell"]: row for row in newest_rows(cells, [], wanted) if row["status"] == "ok"}
    if not kept:
        raise BadValue("no cell of these results matches and ended well")
    found: dict[Part, list[float]] = defaultdict(list)
    left_out = {
        f"{row['task']}/{row['split']}: none of its metrics is a loss ({', '.join(LOSSES)})": None
        for row in kept.values()
        if losses.get(row["task"]) is None
    }
    for row in rows_of(scores):
        own = kept.get(row["cell"])
        if own is not None and not row["axis"] and row["metric"] == losses.get(own["task"]):
            part = (own["task"], own["split"], own["submission"], own["profile"], row["question_set"])
            found[part].append(float(row["value"]))
    told = []
    for part, values in sorted(found.items()):
        try:
            shape = fitted(values)
        except BadValue as fault:
            left_out[f"{part[0]}/{part[1]} {part[4]}  {part[2]}: {fault}"] = None
            continue
        least, bits = min(values), nats(epsilon, shape) / math.log(2)
        metric = str(losses[part[0]])
        told.append(
            ModelBits(part, metric, epsilon, bits, epsilon < least, len(values), least, float(np.mean(values)), shape)
        )
    if not told:
        raise BadValue("no bits can be told" + "".join(f"\n  {line}" for line in left_out))
    return told, list(left_out)
