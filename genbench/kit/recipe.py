"""The parameters of a card that `sequence.Learner` reads, checked all at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from genbench.errors import BadValue
from genbench.kit.optimization import BETAS, SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench.cards import Value


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parameters of a card that `Learner` reads; exactly one of steps, examples and flops must be there.

    `betas` is written "0.9 0.98"; `warm_up` a share of the budget where it is below 1, else as many of its units; 0
    turns clip (largest norm of the gradient), ema (decay of the averaged weights), curve (points of the learning curve)
    and early_stopping (looks at validation without a better one, one look in `look_every` steps) off. A look counts the
    validation rows of which every token is predicted right from the right ones before it, which are those that greedy
    decoding answers exactly; the loss decides between equals. `jitter` is the largest factor by which the sharpness of
    attention is changed in training, as `attention.jitter` does it; 1 turns it off.
    """

    batch_tokens: int  # source and target of a batch together, padding included
    learning_rate: float
    steps: float | None = None
    examples: float | None = None
    flops: float | None = None
    schedule: str = "linear"
    warm_up: float = 0.1
    weight_decay: float = 0.0
    betas: tuple[float, float] = BETAS
    clip: float = 0.0
    ema: float = 0.0
    jitter: float = 1.0
    label_smoothing: float = 0.0
    curve: int = 0
    beam: int = 1
    length_penalty: float = 0.0
    amp: Literal["off", "bf16"] = "off"
    compile: bool = False
    early_stopping: int = 0
    look_every: int = 100
    longest: float = 2.0
    limit: Literal["longest", "ratio"] = "longest"

    @classmethod
    def from_params(cls, params: Mapping[str, Value]) -> Recipe:
        """Read what is there. Raises `BadValue` with all faults at once: key, value and the right form."""
        faults, read = [], {}
        for name, (right, form, make) in FORMS.items():
            if name not in params:
                continue
            try:
                read[name] = make(params[name])
                if not right(read[name]):
                    raise ValueError  # noqa: TRY301 - the message is made once, below
            except (TypeError, ValueError):
                faults.append(f"{name} is {params[name]!r}; it must be {form}")
        faults += [f"there is no {name}; it must be {FORMS[name][1]}" for name in REQUIRED if name not in params]
        if sum(name in params for name in BUDGETS) != 1:
            faults.append(f"exactly one of {', '.join(BUDGETS)} must be given; it says how long to train")
        if faults:
            raise BadValue("parameters of the card:\n  " + "\n  ".join(faults))
        return cls(**read)


def _whole(value: Value) -> int:
    if isinstance(value, bool) or float(value) != int(value):
        raise ValueError
    return int(value)


def _number(value: Value) -> float:
    if isinstance(value, (bool, str)):
        raise TypeError
    return float(value)


def _flag(value: Value) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _pair(value: Value) -> tuple[float, float]:
    first, second = str(value).replace(",", " ").split()
    return float(first), float(second)


BUDGETS = ("steps", "examples", "flops")
REQUIRED = ("batch_tokens", "learning_rate")
# What each parameter must be: a test, the same in words, and how it is read.
FORMS: dict[str, tuple[Callable[[Any], bool], str, Callable[[Value], Any]]] = {
    "batch_tokens": (lambda it: it > 0, "a whole number above 0", _whole),
    "learning_rate": (lambda it: it > 0, "a number above 0", _number),
    "steps": (lambda it: it > 0, "a whole number above 0", _whole),
    "examples": (lambda it: it > 0, "a whole number above 0", _whole),
    "flops": (lambda it: it > 0, "a number above 0", _number),
    "schedule": (lambda it: it in SCHEDULES, f"one of {', '.join(SCHEDULES)}", str),
    "warm_up": (lambda it: it >= 0, "a share below 1 or a number of steps", _number),
    "weight_decay": (lambda it: it >= 0, "a number from 0 on", _number),
    "betas": (lambda it: all(0 <= beta < 1 for beta in it), 'two numbers below 1, as in "0.9 0.98"', _pair),
    "clip": (lambda it: it >= 0, "a number from 0 on", _number),
    "ema": (lambda it: 0 <= it < 1, "a number from 0 to below 1", _number),
    "jitter": (lambda it: 1 <= it < math.inf, "a number from 1 on", _number),
    "label_smoothing": (lambda it: 0 <= it < 1, "a number from 0 to below 1", _number),
    "curve": (lambda it: it >= 0, "a whole number from 0 on", _whole),
    "beam": (lambda it: it > 0, "a whole number above 0", _whole),
    "length_penalty": (lambda it: it >= 0, "a number from 0 on", _number),
    "amp": (lambda it: it in ("off", "bf16"), "off or bf16", str),
    "compile": (lambda it: True, "true or false", _flag),  # noqa: ARG005
    "early_stopping": (lambda it: it >= 0, "a whole number from 0 on", _whole),
    "look_every": (lambda it: it > 0, "a whole number above 0", _whole),
    "longest": (lambda it: it > 0, "a number above 0", _number),
    "limit": (lambda it: it in ("longest", "ratio"), "longest or ratio", str),
}
