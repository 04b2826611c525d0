"""How far classes have collapsed in the features that a last linear layer is given: NC1 to NC4, GNC2 and UNC3.

Papyan, Han & Donoho 2020 (arXiv:2008.08186); for many classes Wu & Papyan 2024 (arXiv:2405.17767). With m_c the mean of
the features of a class, and m the mean of these means, each class counting once, as in rhubarbwu/neural-collapse at
c05a0b80 (its weighted form raises); d_c = m_c - m, and u_c = d_c / |d_c|:

    nc1_cdnv            mean over pairs of (v_c + v_c') / (2 |m_c - m_c'|**2), v_c the mean squared distance from m_c
    nc2_norms_cv        deviation over mean of |d_c|; 0 for equal lengths
    nc2_angles          mean over pairs of |u_c . u_c' + 1 / (K - 1)|; 0 for K classes that lie as far apart as they can
    gnc2_log_kernel_cv  deviation over size of the mean, over pairs, of -log |u_c - u_c'|
    nc3_duality         1 - the mean cosine of d_c and the class's row of weights; 0 where they point one way
    unc3_cv             deviation over size of the mean of these cosines
    nc4_disagreement    share of rows of which the nearest class mean and the linear layer say different classes

All are of the rows given, in float64. Deviations are of all there are (divided by their number).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

from genbench.errors import BadValue

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

CLASSES: Final = 2_000  # more would be matrices of many millions of pairs


def neural_collapse(
    features: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
    weights: Float[Tensor, "class feature"],
    biases: Float[Tensor, " class"] | None = None,
) -> dict[str, float]:
    """The measures by name, of the classes that have two rows or more; others are left out, rows and all.

    A ratio without a denominator is inf (class means that coincide) or 0 (nothing that could vary).
    Raises `BadValue` where fewer than two classes are left, or more than `CLASSES`, for labels that the weights have no
    row for, and for features of another length than the weights'.
    """
    if features.shape[1] != weights.shape[1]:
        raise BadValue(f"features of {features.shape[1]} numbers, weights of {weights.shape[1]}; they must be as many")
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < len(weights):
        raise BadValue(
            f"labels from {int(labels.min())} to {int(labels.max())}; weights are of 0 to {len(weights) - 1}"
        )
    counts = torch.bincount(labels, minlength=len(weights))
    classes = torch.nonzero(counts > 1).flatten()
    if not 1 < len(classes) <= CLASSES:
        raise BadValue(
            f"neural collapse is of 2 to {CLASSES:,} classes of two rows or more; these rows have {len(classes)} such"
        )
    kept = counts[labels] > 1
    rows, own = features[kept].double(), torch.searchsorted(classes, labels[kept])
    size = counts[classes].double()
    means = torch.zeros(len(classes), rows.shape[1], dtype=torch.float64, device=rows.device)
    means = means.index_add(0, own, rows) / size[:, None]
    within = torch.zeros_like(size).index_add(0, own, (rows - means[own]).square().sum(1)) / size
    centred = means - means.mean(0)
    lengths = centred.norm(dim=1)
    units = centred / lengths.clamp(min=torch.finfo(torch.float64).tiny)[:, None]
    one, other = torch.triu_indices(len(classes), len(classes), 1, device=rows.device)
    apart = torch.cdist(means, means)[one, other].square()
    cosines = (units @ units.T)[one, other]
    directions = weights[classes].double()
    dual = torch.nn.functional.cosine_similarity(centred, directions)
    scores = rows @ directions.T + (0 if biases is None else biases[classes].double())
    nearest = torch.cdist(rows, means).argmin(1)
    return {
        "nc1_cdnv": float(((within[one] + within[other]) / (2 * apart)).mean()),
        "nc2_norms_cv": _variation(lengths),
        "nc2_angles": float((cosines + 1 / (len(classes) - 1)).abs().mean()),
        "gnc2_log_kernel_cv": _variation(-torch.cdist(units, units)[one, other].log()),
        "nc3_duality": 1 - float(dual.mean()),
        "unc3_cv": _variation(dual),
        "nc4_disagreement": float((nearest != scores.argmax(1)).double().mean()),
    }


def _variation(numbers: Float[Tensor, " number"]) -> float:
    """The deviation over the size of the mean."""
    deviation, mean = float(numbers.std(correction=0)), abs(float(numbers.mean()))
    return deviation / mean if mean else (torch.inf if deviation else 0.0)
