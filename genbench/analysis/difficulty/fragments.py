"""How fragmented the training rows of a split are, where its card names sub-datasets and what differs between them.

A card says `fragments = { environment = "environment", nuisance = ["viewpoint"] }`: the column of training that tells
the sub-dataset of a row, and the inputs, vectors, that tell it too and do not matter to the answer. The words are those
of Xing et al. 2025 (arXiv:2508.06426); the definitions are ours, for theirs were not at hand.

    diversity       mean distance of two nuisances of one sub-dataset
    disparity       mean distance of two nuisances of different sub-datasets
    fragmentation   disparity / diversity: 1 where sub-datasets are alike
    nmi             normalized mutual information, 2 I / (H + H'), of the target and the nuisance in bins, one for each
                    sub-dataset: a nuisance lies in that of the nearest mean

Of m sub-datasets that share nothing, with a targets and b nuisances in each, all equally frequent, the last is
2 ln m / (2 ln m + ln a + ln b). Two sub-datasets of four labels, with one bin of nuisances each, have at most .5.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from genbench.analysis.difficulty.words import one_array
from genbench.data.vectors import matrix
from genbench.errors import BadData

if TYPE_CHECKING:
    import pyarrow as pa
    from jaxtyping import Float, Int

    from genbench.analysis.difficulty.geometry import Figures
    from genbench.cards import TaskCard

MOST: Final = 1000  # nuisances of a sub-dataset, between which all distances are taken; every nth where there are more
NOT_NAMED: Final = "the card names no environments of training rows"


class Fragmentation(NamedTuple):
    """The four numbers: two distances in units of the nuisance, and two without a unit."""

    diversity: float
    disparity: float
    fragmentation: float
    nmi: float


def fragments(card: TaskCard, train: pa.Table) -> Figures:
    """The four numbers of a split's training, the same for every question set, or why there are none."""
    if card.fragments is None:
        return dict.fromkeys(Fragmentation._fields, NOT_NAMED)
    if not train.num_rows:
        return dict.fromkeys(Fragmentation._fields, "there is no training")
    columns = [matrix(one_array(train[name])).astype(np.float64) for name in card.fragments.nuisance]
    try:
        found = measured(
            np.concatenate(columns, axis=1), numbered(train[card.target]), numbered(train[card.fragments.environment])
        )
    except BadData as why:
        return dict.fromkeys(Fragmentation._fields, str(why))
    return dict(found._asdict())


def numbered(column: pa.ChunkedArray) -> Int[np.ndarray, " row"]:
    """Values as numbers from 0 on, equal ones by the same."""
    return np.asarray(one_array(column).dictionary_encode().indices).astype(np.int64)


def measured(
    nuisance: Float[np.ndarray, "row number"], task: Int[np.ndarray, " row"], environment: Int[np.ndarray, " row"]
) -> Fragmentation:
    """The numbers of rows of any sub-datasets. Raises `BadData` for one alone, for one of one row, or of equal ones."""
    parts = [nuisance[environment == one] for one in np.unique(environment)]
    if len(parts) < 2 or min(map(len, parts)) < 2:
        raise BadData(
            f"sub-datasets of {', '.join(str(len(part)) for part in parts) or 'no'} rows; "
            "fragmentation is of two or more, with two rows or more in each"
        )
    few = [part[:: -(-len(part) // MOST)] for part in parts]
    within = np.mean([distances(part, part).sum() / (len(part) * (len(part) - 1)) for part in few])
    between = np.mean([distances(one, other).mean() for one, other in itertools.combinations(few, 2)])
    if not within:
        raise BadData("all rows of each sub-dataset are equal; fragmentation is disparity over their distance, 0")
    means = np.array([part.mean(0) for part in parts])
    bins = distances(nuisance, means).argmin(1)
    return Fragmentation(float(within), float(between), float(between / within), nmi(task, bins))


def distances(
    one: Float[np.ndarray, "row number"], other: Float[np.ndarray, "column number"]
) -> Float[np.ndarray, "row column"]:
    """From each row of one to each of the other."""
    squares = np.zeros((len(one), len(other)))
    for number in range(one.shape[1]):
        squares += (one[:, number, None] - other[None, :, number]) ** 2
    return np.sqrt(squares)


def nmi(one: Int[np.ndarray, " row"], other: Int[np.ndarray, " row"]) -> float:
    """Mutual information over the mean of both entropies; 0 where neither varies."""
    joint = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(joint, (one, other), 1)
    entropies = [entropy(joint.sum(1)), entropy(joint.sum(0))]
    return float(2 * (sum(entropies) - entropy(joint.ravel())) / sum(entropies)) if sum(entropies) else 0.0


def entropy(counts: Float[np.ndarray, " value"]) -> float:
    """In nats."""
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())
