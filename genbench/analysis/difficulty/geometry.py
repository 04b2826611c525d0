"""Difficulty by distances: the bound of a split's training, and the exact bits of each question set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.bootstrap import stream
from genbench.analysis.difficulty import exact
from genbench.analysis.difficulty.bound import bound
from genbench.analysis.difficulty.distances import class_distances, intrinsic_dimension, median_distance
from genbench.analysis.difficulty.points import thinned
from genbench.analysis.difficulty.words import one_array

if TYPE_CHECKING:
    from jaxtyping import Float

    Points = Float[np.ndarray, "row number"]

Figures = dict[str, "float | str | None"]  # a text says why there is no figure

ERROR: Final = 0.01  # that the bound is of
# Of the mean squared error that the exact bits are of, over that of the same guess for all: 1/k for each of k classes,
# the mean of numbers. Of ten classes it is .02.
SHARE: Final = 2 / 9
TRAINED: Final = 800  # rows at most that the Gaussian process is given, and questions that it is asked
ASKED: Final = 100
UNSTEADY: Final = 0.05  # by how much the bits may move with the noise, a hundredth of it in its place
CLASSES: Final = 1_000  # most classes of which a row of numbers each is made
OF_TRAINING: Final = (
    "intrinsic_dimension",
    "radius",
    "class_distance",
    "class_distance_extrapolated",
    "bound_bits",
    "log2_bound_bits",
)
OF_QUESTIONS: Final = ("kernel_width", "gp_bits")
NO_DISTANCES: Final = "there are no distances between inputs: they are no vectors, and the card names no embedding"


def of_training(points: Points | None, train: pa.Table, target: str, who: tuple[str, str]) -> Figures:
    """What the bound is made of, and the bound; the same for every question set."""
    if points is None:
        return dict.fromkeys(OF_TRAINING, NO_DISTANCES)
    if not len(points):
        return dict.fromkeys(OF_TRAINING, "there is no training")
    points, every = thinned(points)
    dimension = intrinsic_dimension(points, stream("difficulty", "dimension", *who))
    radius = float(np.sqrt(np.square(points).sum(1)).max())
    found: Figures = {"intrinsic_dimension": dimension, "radius": radius}
    classes = _classes(train[target])
    near = (
        classes
        if isinstance(classes, str)
        else class_distances(points, classes[::every], stream("difficulty", "distance", *who))
    )
    if isinstance(near, str):
        return found | dict.fromkeys(OF_TRAINING[2:], near)
    found |= {"class_distance": near[0], "class_distance_extrapolated": near[1]}
    count = len(np.unique(classes))
    return found | _bound(dimension, radius, near[1], train.num_rows, count)


def _bound(dimension: float | str, radius: float, distance: float, rows: int, classes: int) -> Figures:
    if isinstance(dimension, str):
        return dict.fromkeys(OF_TRAINING[4:], dimension)
    if not distance:
        return dict.fromkeys(OF_TRAINING[4:], "equal rows of training are of unlike classes")
    told = bound(ERROR, rows, max(1, round(dimension)), radius, classes, distance, classes - 1)
    if told.sign <= 0:  # clamped, which the release does not
        return {"bound_bits": 0.0, "log2_bound_bits": "the bound is 0 bits: rows are more than what is to be told"}
    bits: float | str = told.bits if told.bits < math.inf else "the number is too large; its log2 stands beside"
    return {"bound_bits": bits, "log2_bound_bits": told.log2}


def of_questions(
    points: Points | None,
    asked: Points | None,
    train: pa.Table,
    questions: pa.Table,
    target: str,
    who: tuple[str, str, str],
) -> Figures:
    """The exact bits of a question set, of some rows and questions drawn, and the width of the kernel.

    `who` are the names of task, split and question set; the rows drawn are the same for all sets of a split.
    """
    if points is None or asked is None:
        return dict.fromkeys(OF_QUESTIONS, NO_DISTANCES)
    if len(points) < 2:
        return dict.fromkeys(OF_QUESTIONS, "there are not two rows of training")
    rows = np.sort(stream("difficulty", "exact", *who[:2]).permutation(len(points))[:TRAINED])
    own = np.sort(stream("difficulty", "exact", *who).permutation(len(asked))[:ASKED])
    known, unknown = points[rows].astype(np.float64), asked[own].astype(np.float64)
    width = median_distance(known)
    if not width:
        return dict.fromkeys(OF_QUESTIONS, "most rows of training are equal")
    outputs = _outputs(*(one[target].take(pa.array(some)) for one, some in ((train, rows), (questions, own))))
    if isinstance(outputs, str):
        return {"kernel_width": width, "gp_bits": outputs}
    of_guess = _error_of_guess(outputs[1].shape[1])
    found = []
    for noise in (exact.NOISE, exact.NOISE / 100):
        mean, covariance = exact.posterior(known, outputs[0], unknown, width, noise)
        found.append(exact.bits(mean - outputs[1], covariance, SHARE * of_guess))
    return {"kernel_width": width, "gp_bits": _steady(*found)}


def _error_of_guess(classes: int) -> float:
    """The mean squared error of the same guess for all: of 1 / classes for each, or of the mean, for one output."""
    return 1.0 if classes == 1 else (1 - 1 / classes) / classes


def _steady(bits: float, with_less_noise: float) -> float | str:
    """The bits, unless they are those of the noise that was added so that there is something to compute."""
    if not math.isfinite(bits + with_less_noise) or abs(bits - with_less_noise) > UNSTEADY * max(1.0, bits):
        return "rows lie so near that training leaves smooth functions no choice: the figure would be that of rounding"
    return bits


def _classes(targets: Any) -> Any:
    """The class of each target as a number; why there are none, where targets are no labels."""
    if not (pa.types.is_string(targets.type) or pa.types.is_integer(targets.type) or pa.types.is_boolean(targets.type)):
        kind = "numbers" if pa.types.is_floating(targets.type) else "lists"
        return f"targets are {kind}, not classes"
    return np.asarray(pc.rank(one_array(targets).cast(pa.string()), tiebreaker="dense"))


def _outputs(known: Any, asked: Any) -> tuple[np.ndarray, np.ndarray] | str:
    """Targets as rows of numbers: of a class a one at its place, numbers by mean and deviation of those of training."""
    if pa.types.is_floating(known.type):
        one, other = (np.asarray(each, np.float64)[:, None] for each in (known, asked))
        spread = float(one.std())
        return ((one - one.mean()) / spread, (other - one.mean()) / spread) if spread else "all targets are equal"
    classes = _classes(pa.chunked_array([*known.chunks, *asked.chunks]))
    if isinstance(classes, str):
        return classes
    size = int(classes.max())
    if size > CLASSES:
        return f"there are {size:,} classes, more than {CLASSES:,}"
    whole = np.eye(size)[classes - 1]
    return whole[: len(known)], whole[len(known) :]
