"""XOR clusters: four clusters, two a class, which no hyperplane parts, and some labels of training wrong.

Xu, Wang, Frei, Vardi & Hu 2023 (arXiv:2310.02541) prove for two layers of rectified units that one step of gradient
descent fits every label, wrong ones too, and answers new rows by chance, while some steps later new rows are answered
all but perfectly and the wrong labels are fitted still. No code was released; sizes are ours, within what the theorems
ask for. A row is

    x = m + noise, each number of the noise N(0, 1)

where m is the centre of its cluster: a or -a for class 1, b or -b for class 0. a and b are at right angles, each of
squared length `separation`; they are drawn once for a data seed, with numbers of one size and signs half of which
agree. With p = 40,000 numbers to 400 rows the noise of a row has 7 times the length of its centre.

What is odd, and meant:

- The four clusters have equally many rows, and equally many wrong labels each. Where sizes are drawn at random, one
  step leaves a direction that tells the classes, and what follows differs from seed to seed.
- `trained` asks the rows of training against the labels given there, sliced by `label`: clean or corrupted. `test` asks
  new rows against their class.
- All splits have 40,000 columns; with a `dimension` below that, the last ones are 0.

Numbers are rounded to steps of 2**-10. So sums of products are exact in float64, and a last bit in which machines
differ makes no other row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int

    from genbench import Value

CLASSES = ("class 0", "class 1")
CLUSTERS = 4  # a, -a, b, -b
COLUMNS = 40_000
ROWS = 4_000  # of which all are in memory: 640 MB
FARTHEST = 1_000_000  # squared length of a centre
SIZES = ("rows", "questions")
STEPS = 2**10  # in 1
EXACT = 1e-9  # how far a share of rows may be from a whole number, for .1 is none in binary


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 40,000 numbers, and `y`, 0 or 1; questions carry the axis `label`.

    Raises `BadValue` for a parameter outside its range, and for
    numbers of rows or of wrong labels that four equal clusters cannot have.
    """
    dimension = _whole(params, "dimension", 2, COLUMNS, 2, "for half of the signs agree")
    rows, asked = (_whole(params, name, CLUSTERS, ROWS, CLUSTERS, "for clusters are equal") for name in SIZES)
    wrong = _wrong(params, rows // CLUSTERS)
    separation = params["separation"]
    if isinstance(separation, bool) or not isinstance(separation, (int, float)) or not 0 < separation <= FARTHEST:
        raise BadValue(
            f"xor_clusters: parameter 'separation' is {separation!r}; it must be a number above 0, at most {FARTHEST:,}"
        )

    def stream(*names: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("xor_clusters", split, *names, seed))

    means = centres(stream("centres"), dimension, separation)

    def drawn(name: str, count: int) -> tuple[pa.Array, Int[np.ndarray, " row"]]:
        cluster = stream(name, "clusters").permutation(np.arange(count) % CLUSTERS)
        return _vectors(stream(name, "noise"), means, cluster), cluster

    x, cluster = drawn("train", rows)
    corrupted = np.zeros(rows, bool)
    draw = stream("train", "corrupted")
    for one in range(CLUSTERS):
        corrupted[draw.choice(np.flatnonzero(cluster == one), wrong, replace=False)] = True
    given = pa.array(np.where(corrupted, 1 - own(cluster), own(cluster)))
    label = pa.array(np.where(corrupted, "corrupted", "clean"))
    new, others = drawn("test", asked)
    return Data(
        train=pa.table({"x": x, "y": given}),
        questions={
            "test": pa.table({"x": new, "y": pa.array(own(others)), "label": ["none"] * asked}),
            "trained": pa.table({"x": x, "y": given, "label": label}),
        },
        classes=CLASSES,
    )


def centres(draw: np.random.Generator, dimension: int, separation: float) -> Float[np.ndarray, "cluster number"]:
    """The centres a, -a, b and -b."""
    signs = draw.choice([-1.0, 1.0], dimension)
    others = signs * draw.permutation(np.arange(dimension) % 2 * 2 - 1)
    return np.stack([signs, -signs, others, -others]) * math.sqrt(separation / dimension)


def own(cluster: Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    """The class of each cluster: 1 for a and -a, 0 for b and -b."""
    return (cluster < CLUSTERS // 2).astype(np.int64)


def _vectors(
    draw: np.random.Generator, means: Float[np.ndarray, "cluster number"], cluster: Int[np.ndarray, " row"]
) -> pa.FixedSizeListArray:
    dimension = means.shape[1]
    found = np.zeros((len(cluster), COLUMNS), np.float32)
    for at, which in enumerate(cluster):
        found[at, :dimension] = np.round((means[which] + draw.standard_normal(dimension)) * STEPS) / STEPS
    return pa.FixedSizeListArray.from_arrays(pa.array(found.ravel()), COLUMNS)


def _wrong(params: Mapping[str, Value], rows: int) -> int:
    """How many of the `rows` of a cluster have the other label."""
    value = params["corruption"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 0.5:
        raise BadValue(
            f"xor_clusters: parameter 'corruption' is {value!r}; it must be a share from 0 to below 0.5: "
            "from there on the wrong label is a cluster's rule"
        )
    wrong = round(value * rows)
    if abs(wrong - value * rows) > EXACT:
        raise BadValue(
            f"xor_clusters: parameter 'corruption' is {value}, which of the {rows} rows of a cluster makes "
            f"{value * rows:g}; it must make a whole number, for all clusters have equally many wrong labels"
        )
    return wrong


def _whole(params: Mapping[str, Value], name: str, least: int, most: int, step: int, why: str) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most or value % step:
        raise BadValue(
            f"xor_clusters: parameter {name!r} is {value!r}; it must be a multiple of {step} from {least} to {most:,}, "
            + why
        )
    return value
