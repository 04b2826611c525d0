"""Which experts a mixture of experts sends rows through: pathways, how far they differ, and how far layers agree.

Li, Fan & Zhou 2025, "Grokking in LLM Pretraining? Monitor Memorization-to-Generalization without Test"
(arXiv:2506.21551), without a released code; definitions are those of the text, two details are ours.

- A row's *pathway* is a string: in each layer the experts in order of their routing weight, until their weights make
  `threshold` together (theirs is not told; .7 is ours). Experts are joined by ",", layers by "-": "2,0-2-2,3".
- The *edit distance* of two rows is the Levenshtein distance of their strings, in signs; it is not divided by a length,
  of which the text at hand says nothing. Told is the mean over all pairs of rows.
- A row's *consistency* is the cosine of what two neighbouring layers make of it: the sum of the experts' rows in the
  layer's router, each times its routing weight. Told is the mean over pairs of layers and rows, from -1 to 1.

An example, two layers of three experts, .7: weights .6 .3 .1 and .1 .8 .1 are the pathway "0,1-1"; that of .2 .7 .1 and
.1 .8 .1 is "1-1", two signs away.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import torch
from rapidfuzz.distance import Levenshtein

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float
    from torch import Tensor

    Weights = Float[Tensor, "row layer expert"]
    Routers = Float[Tensor, "layer expert dim"]

THRESHOLD: Final = 0.7
ROUNDING: Final = 1e-6  # by which a sum of float32 weights may miss a threshold that it makes, 1 above all


def pathways(weights: Weights, threshold: float = THRESHOLD) -> list[str]:
    """Each row's pathway. Of experts of one weight the first comes first.

    Raises `BadValue` for a threshold that is not above 0 and at most 1, and for weights that do not sum to 1.
    """
    if not 0 < threshold <= 1:
        raise BadValue(f"the threshold of a pathway is {threshold}; it must be above 0, and at most 1")
    sums = weights.double().sum(-1)
    if bool(((sums - 1).abs() > 1e-3).any()) or bool((weights < 0).any()):
        raise BadValue(f"routing weights must be 0 or more and sum to 1 in each layer; sums are {sums.min()} and above")
    ordered, order = weights.double().sort(dim=-1, descending=True, stable=True)
    needed = (ordered.cumsum(-1) < threshold - ROUNDING).sum(-1) + 1
    return [
        "-".join(
            ",".join(map(str, experts[:count])) for experts, count in zip(layers, counts, strict=True)
        )
        for layers, counts in zip(order.tolist(), needed.tolist(), strict=True)
    ]  # fmt: skip


def edit_distance(rows: Sequence[str]) -> float:
    """The mean Levenshtein distance over all pairs of rows; 0 for one row, which has no pair."""
    far = [Levenshtein.distance(one, other) for one, other in itertools.combinations(rows, 2)]
    return sum(far) / len(far) if far else 0.0


def consistency(weights: Weights, routers: Routers) -> Float[Tensor, "row pair"]:
    """The cosine of each row's weighted router rows in each two neighbouring layers; 0 where one of them is zero."""
    mixed = torch.einsum("rle,led->rld", weights.double(), routers.double())
    return torch.nn.functional.cosine_similarity(mixed[:, 1:], mixed[:, :-1], dim=-1)


def measures(weights: Weights, routers: Routers, threshold: float = THRESHOLD) -> dict[str, float]:
    """`edit_distance` and `consistency`, means over pairs of rows and over rows, and how many pathways are `distinct`.

    A network of one layer has no pair of layers, and its consistency is 0.
    """
    found = pathways(weights, threshold)
    agreeing = consistency(weights, routers)
    return {
        "edit_distance": edit_distance(found),
        "consistency": float(agreeing.mean()) if agreeing.numel() else 0.0,
        "distinct": float(len(set(found))),
    }
