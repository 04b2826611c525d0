"""What a submission may say of itself from its weights or from its rows' gradients, for its method `diagnostics`.

- *Inverse participation ratio* (Doshi, Das, He & Gromov 2023, arXiv:2310.13061) of a vector with Fourier coefficients
  w: sum |w|^4 / (sum |w|^2)^2, near 1 where one frequency is all there is. The transform is the one-sided one, as in
  the paper's released code: at length 97 it has 49 coefficients, a cosine has 1 and Gaussian noise about .04; the
  two-sided transform would halve the former. A vector of zeros has no spectrum: its unit counts as dead, not as 0.
- *Softmax collapse* (Prieto, Barsbey, Mediano & Birdal 2025, arXiv:2501.04697): the share of rows whose sum of
  exp(score - greatest score) is exactly 1 in the scores' own precision, as released: all but one score are rounded
  away. Of such a row that is answered right the loss is 0, so that it teaches nothing any more; `zero_losses` is the
  share of rows of which that is so.
- *m-coherence* (Chatterjee & Zielinski 2020, arXiv:2008.01217): m |mean g|^2 / mean |g|^2 over the gradients g of m
  rows: 1 where they are orthogonal, m where they are equal, 0 where they cancel. (The paper's alpha is that over m.)
  For a dense layer a row's squared gradient norm is the product of those of its input and of the gradient by its output
  (plus the latter alone where there is a bias), so one pass backward gives all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from torch import Tensor

LOW: Final = 0.1  # few units of a trained network lie between the two
HIGH: Final = 0.6


def participation(vectors: Float[Tensor, "vector unit length"]) -> tuple[Float[Tensor, " unit"], Bool[Tensor, " unit"]]:
    """Each unit's IPR, the mean over its vectors, and whether it is dead: a vector of it is all zeros, its IPR 0."""
    power = torch.fft.rfft(vectors.double()).abs().square()
    total = power.sum(-1)
    dead = (total == 0).any(0)
    ratios = power.square().sum(-1) / total.square().clamp(min=torch.finfo(torch.float64).tiny)
    return torch.where(dead, 0.0, ratios.mean(0)), dead


def periodicity(vectors: Float[Tensor, "vector unit length"]) -> dict[str, float]:
    """`ipr`, the mean over the units that are not dead, and shares of all units: IPR below .1, above .6, and dead."""
    ratios, dead = participation(vectors)
    alive = ratios[~dead]
    return {
        "ipr": float(alive.mean()) if len(alive) else 0.0,
        "ipr_low": float((alive < LOW).sum() / len(ratios)),
        "ipr_high": float((alive > HIGH).sum() / len(ratios)),
        "dead": float(dead.double().mean()),
    }


def collapse(scores: Float[Tensor, "row label"]) -> float:
    """The share of rows whose softmax is rounded to 1 for one label and, in the sum, to 0 for all others."""
    lifted = (scores - scores.max(-1, keepdim=True).values).exp().sum(-1)
    return float((lifted == 1).double().mean())


def zero_losses(losses: Float[Tensor, " row"]) -> float:
    """The share of rows whose loss was rounded to 0."""
    return float((losses == 0).double().mean())


def coherence(squared_norms: Float[Tensor, " row"], squared_mean: float) -> float:
    """m-coherence from the rows' squared gradient norms and the squared norm of their mean; 0 where all are 0."""
    mean = float(squared_norms.double().mean())
    return len(squared_norms) * squared_mean / max(mean, torch.finfo(torch.float64).tiny)
