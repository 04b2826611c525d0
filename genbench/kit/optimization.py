"""Adam and gradient descent on all weights as one vector, learning-rate schedules, clipping and averaged weights.

Nothing here imports an optimizer of `torch.optim`: the first one brings in torch's compiler, 3 seconds of a quick cell.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor, nn

BETAS = (0.9, 0.98)  # Vaswani et al. 2017 (arXiv:1706.03762), section 5.3, as is EPSILON
EPSILON = 1e-9


class Adam:
    """Adam (arXiv:1412.6980, algorithm 1) on all of a model's weights as one vector.

    `decay` pulls weights to zero: decoupled from the gradient (AdamW, arXiv:1711.05101, algorithm 2), or added to the
    gradient where `decoupled` is false. From here on each weight and its gradient are views into `weights` and
    `gradient`, so the model must be on its device before. `clip` bounds the gradient's norm, `average` is the decay of
    an exponential moving average of the weights; both are off at 0.

    Raises `BadValue` where the model has nothing to train or weights of more than one type or device.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        betas: tuple[float, float] = BETAS,
        epsilon: float = EPSILON,
        decay: float = 0.0,
        decoupled: bool = True,
        clip: float = 0.0,
        average: float = 0.0,
    ) -> None:
        weights = [weight for weight in model.parameters() if weight.requires_grad]
        if not weights:
            raise BadValue("the model has no weights to train")
        if len(kinds := {(str(weight.dtype), str(weight.device)) for weight in weights}) > 1:
            raise BadValue(f"weights must share one type and device; they have {sorted(kinds)}")
        self.weights = torch.cat([weight.detach().flatten() for weight in weights])
        self.gradient, self.mean, self.square = (torch.zeros_like(self.weights) for _ in range(3))
        begin = 0
        for weight in weights:
            part = slice(begin, begin := begin + weight.numel())
            weight.data = self.weights[part].view_as(weight)
            weight.grad = self.gradient[part].view_as(weight)
        self.betas, self.epsilon, self.decay = betas, epsilon, decay
        self.apply = torch._fused_adamw_ if decoupled else torch._fused_adam_  # what torch.optim calls
        self.clip, self.average = clip, average
        self.averaged = self.weights.clone() if average else None
        self.steps = torch.zeros((), device=self.weights.device)  # float32 counts to 2**24
        self.taken = 0

    def step(self, rate: float) -> None:
        """Follow the gradient that backward has left, then clear it."""
        if self.clip:
            norm = torch.linalg.vector_norm(self.gradient)
            self.gradient.mul_((self.clip / norm.add_(1e-6)).clamp_(max=1.0))
        self.taken += 1
        self.steps += 1
        self._follow(rate)
        self.gradient.zero_()
        if self.averaged is not None:
            # Early on the average is short, so that it forgets where the weights began.
            decay = min(self.average, (1 + self.taken) / (10 + self.taken))
            self.averaged.lerp_(self.weights, 1 - decay)

    def _follow(self, rate: float) -> None:
        self.apply(
            [self.weights],
            [self.gradient],
            [self.mean],
            [self.square],
            [],
            [self.steps],
            lr=rate,
            beta1=self.betas[0],
            beta2=self.betas[1],
            weight_decay=self.decay,
            eps=self.epsilon,
            amsgrad=False,
            maximize=False,
        )

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the weights for their average, and back; nothing where there is none."""
        if self.averaged is not None:
            kept = self.weights.clone()
            self.weights.copy_(self.averaged)
            self.averaged.copy_(kept)

    def state(self) -> dict[str, Tensor]:
        """All that the next step depends on, the weights included; the tensors are those in use."""
        kept = {"weights": self.weights, "mean": self.mean, "square": self.square, "steps": self.steps}
        return kept if self.averaged is None else {**kept, "averaged": self.averaged}

    @torch.no_grad()
    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go back to where `state` was taken."""
        for name, tensor in self.state().items():
            tensor.copy_(state[name])
        self.taken = int(self.steps)


class Descent(Adam):
    """Stochastic gradient descent with momentum (Polyak 1964), as Adam on all weights as one vector.

    `momentum` is what a step keeps of the last one (0: nothing); `decay` is added to the gradient. What is left of
    Adam, clipping and averaged weights, is the same.
    """

    def __init__(
        self, model: nn.Module, *, momentum: float = 0.0, decay: float = 0.0, clip: float = 0.0, average: float = 0.0
    ) -> None:
        super().__init__(model, decay=decay, clip=clip, average=average)
        self.momentum = momentum

    @torch.no_grad()
    def _follow(self, rate: float) -> None:
        if self.decay:
            self.gradient.add_(self.weights, alpha=self.decay)
        self.mean.mul_(self.momentum).add_(self.gradient)  # the direction of the last step, and of this one
        self.weights.add_(self.mean, alpha=-rate)


def schedule(name: str, total: float, warm_up: float) -> Callable[[float], float]:
    """A learning rate's factor by step, counted from 1, of `total`; it rises linearly to 1 during the warm-up.

    `warm_up` is a share of the total where it is below 1, else a number of steps. After it, `constant` stays, `linear`
    falls to nothing one step after the last, `cosine` does so along half a wave (Loshchilov & Hutter 2017,
    arXiv:1608.03983), and `noam` falls as the inverse square root of the step (Vaswani et al. 2017, equation 3; their
    rate is 1 / sqrt(dim * warm-up) at its height). Raises `BadValue` for another name or a warm-up below 0.
    """
    if name not in SCHEDULES:
        raise BadValue(f"schedule is {name!r}{nearest(name, SCHEDULES)}")
    if warm_up < 0:
        raise BadValue(f"warm_up is {warm_up:g}; it must be a share of the steps below 1, or a number of steps")
    peak = max(1.0, round(warm_up * total) if warm_up < 1 else warm_up)
    after = SCHEDULES[name]
    return lambda step: step / peak if step < peak else after(step, total, peak)


def constant(step: float, total: float, peak: float) -> float:
    """Always 1."""
    del step, total, peak
    return 1.0


def linear(step: float, total: float, peak: float) -> float:
    """From 1 at the peak to 0 one step after the last."""
    return max(0.0, (total + 1 - step) / (total + 1 - peak)) if peak <= total else 1.0


def cosine(step: float, total: float, peak: float) -> float:
    """From 1 at the peak to 0 one step after the last, slowly at both ends."""
    return 0.5 - 0.5 * math.cos(math.pi * linear(step, total, peak))


def noam(step: float, total: float, peak: float) -> float:
    """The inverse square root of the step, 1 at the peak."""
    del total
    return math.sqrt(peak / step)


SCHEDULES = {"constant": constant, "linear": linear, "cosine": cosine, "noam": noam}
