"""Fragments: two sub-datasets share a label space and no label, and each was filmed from a viewpoint of its own.

Made for the claim of Xing et al. 2025 (arXiv:2508.06426) that a policy trained on sub-datasets which are each of little
diversity and far from one another takes what tells the sub-datasets apart for what tells the tasks apart.

    instruction   16 numbers, .5 or -.5 by signs of the label's own, with noise on each; it tells the label
    viewpoint     8 numbers about the centre of the sub-dataset; they tell the sub-dataset, and so four of eight labels
    label         0 to 3 in sub-dataset 0, 4 to 7 in sub-dataset 1

The sign at place j of label k is that of (-1) ** (ones of the binary number (k + 1) & j): rows of Sylvester's matrix
of order 16, at right angles to one another, so that all labels are equally easy. The centres of the viewpoints are
`gap` apart, at +- gap / (2 sqrt(8)) in every number; around them each number has the standard deviation `spread`.

In training and in `id` instruction and viewpoint are of one sub-dataset; in `crossed` they are of two, and the label is
the instruction's. `environment`, the sub-dataset of a row, is told in training alone. All splits draw the same noise:
they differ in `spread` and `gap`, and in nothing else.

An example that a person can check: the instruction of label 0 is about .5 -.5 .5 -.5 ... .5 -.5. With a gap of 4 its
viewpoint is about -.707 in training, in each of eight numbers; in `crossed` it is about .707.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float

    from genbench import Value

SPLITS = (
    "spread_10_gap_400",
    "spread_50_gap_400",
    "spread_100_gap_400",
    "spread_200_gap_400",
    "spread_50_gap_200",
    "spread_50_gap_100",
    "spread_50_gap_25",
)
INSTRUCTION, VIEWPOINT = 16, 8  # numbers of each
LABELS, ENVIRONMENTS = 8, 2
SIZE = 0.5  # of an instruction's numbers without noise
OWN = LABELS // ENVIRONMENTS  # labels of a sub-dataset
CLASSES = tuple(f"instruction {label}" for label in range(LABELS))
LIMITS = {"rows": 10_000_000, "questions": 10_000_000}
WIDEST = 1000.0  # of noise, spread and gap


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `instruction` and `viewpoint`, float32 vectors of 16 and 8 numbers, and `label`, 0 to 7.

    Train has `environment` too, 0 or 1. Raises `UnknownName` for a split that is not here, `BadValue` for a parameter
    outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"fragments has no split {split!r}{nearest(split, SPLITS)}")
    rows, questions = (_whole(params, name) for name in LIMITS)
    noise, spread, gap = (_width(params, name) for name in ("noise", "spread", "gap"))

    def drawn(name: str, count: int, crossed: bool) -> pa.Table:
        draw = np.random.default_rng(seeds.derive("fragments", name, seed))
        labels = draw.permutation(np.arange(count) % LABELS)
        environment = labels // OWN
        instruction = SIZE * signs()[labels] + noise * draw.standard_normal((count, INSTRUCTION))
        viewpoint = centres(gap)[environment ^ crossed] + spread * draw.standard_normal((count, VIEWPOINT))
        columns = {"instruction": _vectors(instruction), "viewpoint": _vectors(viewpoint), "label": pa.array(labels)}
        return pa.table(columns | ({"environment": pa.array(environment)} if name == "train" else {}))

    return Data(
        train=drawn("train", rows, crossed=False),
        questions={"id": drawn("id", questions, crossed=False), "crossed": drawn("crossed", questions, crossed=True)},
        classes=CLASSES,
    )


def signs() -> Float[np.ndarray, "label number"]:
    """The instruction of each label, 1 or -1 for a number: at right angles to that of every other."""
    shared = (np.arange(LABELS)[:, None] + 1) & np.arange(INSTRUCTION)
    ones = ((shared[..., None] >> np.arange(4)) & 1).sum(2)
    return np.where(ones % 2, -1.0, 1.0)


def centres(gap: float) -> Float[np.ndarray, "environment number"]:
    """The middle of each sub-dataset's viewpoints, `gap` from the other."""
    return np.outer([-1.0, 1.0], np.full(VIEWPOINT, gap / (2 * np.sqrt(VIEWPOINT))))


def _vectors(numbers: Float[np.ndarray, "row number"]) -> pa.FixedSizeListArray:
    return pa.FixedSizeListArray.from_arrays(pa.array(numbers.astype(np.float32).ravel()), numbers.shape[1])


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, most = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise BadValue(f"fragments: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    return value


def _width(params: Mapping[str, Value], name: str) -> float:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= WIDEST:
        raise BadValue(f"fragments: parameter {name!r} is {value!r}; it must be a number above 0, at most {WIDEST:g}")
    return float(value)
