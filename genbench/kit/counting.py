"""What training costs: weights, and floating-point operations of matrix products.

Operations are counted by torch's formulas (`torch.utils.flop_counter`) on a few small batches before training and not
in its steps: a step's number follows from its batch's sizes. With rows padded to widths w that hold t tokens it is

    rows * (a + sum_i b_i w_i + sum_ij c_ij w_i w_j) + sum_i d_i w_i + sum_i e_i t_i

exactly, for what attention, feed-forward and padded recurrent blocks compute in any number of layers; within 2 % for
recurrent ones that skip padding, and for tables of positions that all rows share. The coefficients are fitted to the
batches that were counted, and `Cost.misfit` says how far off they are there at worst. A multiplication and an
addition count as two; element-wise work, normalization, softmax and the optimizer count as none.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jaxtyping import Float
    from torch import Tensor, nn

    from genbench.kit.batching import Batch

    Shape = Sequence[int]

PROBES = 12  # batches that are counted; two parts have 10 coefficients


def parameters(model: nn.Module) -> int:
    """Trained weights; one that is used in two places counts once."""
    return sum(weight.numel() for weight in model.parameters() if weight.requires_grad)


def operations(work: Callable[[], object]) -> float:
    """Floating-point operations of what `work` does, its backward pass included where it runs one."""
    with _Counter() as counter:
        work()
    return float(counter.total)


class _Counter(TorchDispatchMode):
    """`torch.utils.flop_counter.FlopCounterMode` with torch's formulas but no account by module: five times as fast."""

    def __init__(self) -> None:
        from torch.utils.flop_counter import flop_registry

        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0
        self.formulas = {**flop_registry, **_recurrent()}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """No: to keep its compiler out of this, torch would import it, as long as a small cell takes to train."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        del types
        given = kwargs or {}
        found = func(*args, **given)
        formula = self.formulas.get(func._overloadpacket)  # noqa: SLF001 - as torch's own counter finds it
        if formula is not None:
            self.total += formula(*args, **given, out_val=found)
        return found


@dataclass(frozen=True, slots=True)
class Cost:
    """The operations of a step by the sizes of its batch, as `batching.Batch` has them."""

    coefficients: Float[np.ndarray, " term"]
    misfit: float  # the largest relative error over the batches that were counted

    def __call__(self, sizes: tuple[int, ...]) -> float:
        """Operations of a step whose batch has these sizes."""
        return max(0.0, float(_terms(sizes) @ self.coefficients))


def cost(work: Callable[[Batch], object], batches: Sequence[Batch]) -> Cost:
    """Count what `work` does to each batch, and fit what it costs by sizes."""
    counted = np.array([operations(lambda batch=batch: work(batch)) for batch in batches])  # type: ignore[misc]
    if not counted.any():
        return Cost(np.zeros(len(_terms(batches[0].sizes))), 0.0)
    terms = np.stack([_terms(batch.sizes) for batch in batches])
    scale = np.abs(terms).max(0).clip(1)
    shares = counted.clip(1)[:, None]  # errors are relative to what was counted
    found = np.linalg.lstsq(terms / scale / shares, counted / shares[:, 0], rcond=1e-12)[0] / scale
    return Cost(found, float(np.abs(terms @ found / shares[:, 0] - counted / shares[:, 0]).max()))


def spread(sizes: Sequence[Shape], count: int = PROBES) -> list[int]:
    """The places of at most `count` of these sizes that lie far from each other, the rows left out of account."""
    points = np.array([size[1:] for size in sizes], float)
    points /= points.max(0).clip(1)
    chosen = [int(points.sum(1).argmax())]
    near = ((points - points[chosen[0]]) ** 2).sum(1)
    while len(chosen) < count and near.max() > 0:
        chosen.append(int(near.argmax()))
        near = np.minimum(near, ((points - points[chosen[-1]]) ** 2).sum(1))
    return chosen


def _terms(sizes: Shape) -> Float[np.ndarray, " term"]:
    parts = len(sizes) // 2
    rows, widths, totals = sizes[0], np.array([1, *sizes[1 : parts + 1]], float), sizes[parts + 1 :]
    return np.concatenate([rows * np.outer(widths, widths)[_pairs(len(widths))], widths[1:], totals])


@functools.cache
def _pairs(count: int) -> tuple[Any, ...]:
    return np.triu_indices(count)


def _recurrent() -> dict[Any, Callable[..., int]]:
    """Fused recurrent layers, which torch does not know: each weight meets each token once, and twice backward."""

    def once(given: Tensor, weights: Sequence[Tensor]) -> int:
        return 2 * given.shape[0] * given.shape[1] * sum(weight.numel() for weight in weights if weight.ndim == 2)

    def onednn(given: Tensor, first: Tensor, second: Tensor, *_: object, **__: object) -> int:
        return once(given, (first, second))

    def onednn_back(given: Tensor, first: Tensor, second: Tensor, *_: object, **__: object) -> int:
        return 2 * once(given, (first, second))

    def cudnn(given: Tensor, weights: Sequence[Tensor], *_: object, **__: object) -> int:
        return once(given, weights)

    def cudnn_back(given: Tensor, weights: Sequence[Tensor], *_: object, **__: object) -> int:
        return 2 * once(given, weights)

    aten = torch.ops.aten
    return {
        aten.mkldnn_rnn_layer: onednn,
        aten.mkldnn_rnn_layer_backward: onednn_back,
        aten._cudnn_rnn: cudnn,  # noqa: SLF001 - its name
        aten._cudnn_rnn_backward: cudnn_back,  # noqa: SLF001
    }
