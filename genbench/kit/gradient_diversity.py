"""G-Vendi: how many unlike directions the gradients of rows have, 1 where all are alike, n where n are orthogonal.

Jung et al. 2025 (arXiv:2505.20161): exp of the entropy of the eigenvalues of U U^T / n, the rows of U being the n
gradients brought to length 1; it is the Vendi score (Friedman & Dieng 2023, arXiv:2210.02410) of their cosines. Theirs
are of a small proxy model on rows that another is to learn, projected at random; no code was found. Here nothing is
projected: a dense layer's gradient by a row is the product of the gradient by its output d and its input a, so that
two rows' gradients have the product (d . d') (a . a'), plus d . d' where there is a bias, and none need be formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

ROWS: Final = 2_000  # eigenvalues cost their cube
NEGLIGIBLE: Final = 1e-15  # of an eigenvalue, whose entropy is then none


def gradient_diversity(products: Float[Tensor, "row row"]) -> float:
    """G-Vendi from the products of each row's gradient with each. Rows whose gradient is 0 have no direction.

    Raises `BadValue` where no row is left, for more than `ROWS`, and for what is no square matrix.
    """
    if products.ndim != 2 or products.shape[0] != products.shape[1] or len(products) > ROWS:
        raise BadValue(f"products of shape {tuple(products.shape)}; they must be a square of at most {ROWS:,} rows")
    products = products.double()
    norms = products.diagonal().clamp(min=0).sqrt()
    kept = norms > 0
    if not kept.any():
        raise BadValue("every gradient is 0, so there is no direction to count: take them before the loss is 0")
    cosines = products[kept][:, kept] / (norms[kept][:, None] * norms[kept])
    shares = torch.linalg.eigvalsh(cosines / len(cosines))
    shares = shares[shares > NEGLIGIBLE]
    return float((-(shares * shares.log()).sum()).exp())


def gradient_products(
    model: nn.Sequential, rows: Float[Tensor, "row number"], labels: Int[Tensor, " row"]
) -> Float[Tensor, "row row"]:
    """The products of the gradients of each row's cross-entropy by all weights, of linear layers with ReLU between.

    Raises `BadValue` for layers of another kind, whose gradients are no such products.
    """
    for at, layer in enumerate(model):
        if not isinstance(layer, nn.ReLU if at % 2 else nn.Linear) or (at % 2 and at == len(model) - 1):
            raise BadValue(f"layer {at} is {type(layer).__name__}; Linear and ReLU must take turns, Linear last")
    inputs, outputs, shown = [], [], rows
    with torch.enable_grad():
        for layer in model[::2]:
            inputs.append(shown.detach())
            outputs.append(layer(shown))
            shown = outputs[-1].relu()
        loss = functional.cross_entropy(outputs[-1], labels, reduction="sum")
        by_output = torch.autograd.grad(loss, outputs)
    total = torch.zeros(len(rows), len(rows), dtype=torch.float64, device=rows.device)
    for layer, given, slope in zip(model[::2], inputs, by_output, strict=True):
        inner = given.double() @ given.double().T + (layer.bias is not None)
        total += (slope.double() @ slope.double().T) * inner
    return total
