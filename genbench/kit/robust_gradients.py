"""Estimates of the mean gradient that rows, or parts of a batch, which stand alone cannot move far.

- *Winsorized mean* (Chatterjee 2020, arXiv:2002.10657, of gradients): in each coordinate the `clipped` largest of the
  rows' values are set to the next largest, and the `clipped` smallest likewise, before they are averaged.
- *Median of means* (Zielinski, Krishnan & Chatterjee 2020, arXiv:2003.07422, called M3): in each coordinate the middle
  one of the mean gradients of three parts of a batch. RM3, which they found cheaper and as good, takes the middle one
  of the mean gradients of this step and the last two.

The gradient of a dense layer's weights by one row is the outer product of the gradient by the layer's output and of its
input, so that one pass backward for all rows gives the gradients of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float
    from torch import Tensor

GROUPS = 3  # parts of a batch, or steps, of which the middle one is taken


def by_row(
    given: Float[Tensor, "row input"], pulled: Float[Tensor, "row output"]
) -> tuple[Float[Tensor, "row output input"], Float[Tensor, "row output"]]:
    """Each row's gradients by a dense layer's weights and by its bias.

    `given` is what the layer was given, `pulled` the gradient of the row's own loss by what the layer gave.
    """
    return pulled[:, :, None] * given[:, None, :], pulled


def winsorized(values: Float[Tensor, "row ..."], clipped: int) -> Float[Tensor, ...]:
    """The winsorized mean over rows, in each coordinate by itself, on the CPU.

    With so few rows that none would be left between, as many are clipped as leave one or two: that is the median.
    Raises `BadValue` for `clipped` below 0.

    >>> winsorized(torch.tensor([[5.0], [1.0], [2.0], [90.0]]), 1)
    tensor([3.5000])
    """
    if clipped < 0:
        raise BadValue(f"clipped is {clipped}; it must be a number of rows, 0 or more")
    rows = len(values)
    kept = min(clipped, (rows - 1) // 2)
    if not kept:
        return values.mean(0)
    ordered = np.partition(values.detach().cpu().numpy(), (kept, rows - 1 - kept), axis=0)  # faster than sorting all
    ordered[:kept] = ordered[kept]
    ordered[rows - kept :] = ordered[rows - 1 - kept]
    return torch.from_numpy(ordered.mean(0))


def middle(gradients: Sequence[Float[Tensor, ...]]) -> Float[Tensor, ...]:
    """The median of `GROUPS` gradients in each coordinate; where there are not so many yet, the last one.

    >>> middle([torch.tensor([1.0, 9.0]), torch.tensor([2.0, 8.0]), torch.tensor([7.0, 0.0])])
    tensor([2., 8.])
    """
    return torch.stack(list(gradients)).median(0).values if len(gradients) == GROUPS else gradients[-1]


def carrying(value: Float[Tensor, ""], weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> Float[Tensor, ""]:
    """A number that is `value`, and whose gradient by `weights` is `gradients`, for a training loop to go backward."""
    pull = torch.stack([(weight * gradient).sum() for weight, gradient in zip(weights, gradients, strict=True)]).sum()
    return value.detach() + (pull - pull.detach())
