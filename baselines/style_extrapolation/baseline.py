"""A network trained on its rows in styles that were never seen: the more of them, the better other ones are borne.

Li et al. 2024 (arXiv:2403.05523) have a language model name new domains and a text-to-image model paint them, and find
that more novel domains help more. What is here is an analogue without either: the sampler below stands for knowledge of
what images may look like, and it knows none of the styles that are asked. `count` is how many styles are drawn, once:

    a filter of 3 x 3 numbers, normal, with absolute values that add up to 1
    a gain from 1/2 to 2, either sign; an offset from 0 to 1
    a wave across the image of up to 1/2 in height, in any direction, 2 to 7 pixels long

and a row in a style is offset + gain * (filtered row) + wave, cut to 0 .. 1. In each batch every row is shown in a
style drawn from these and its own, all alike; of `count` 0 there is but its own, and it is an ordinary network.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import counting, ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float
    from torch import Tensor

    from genbench import Context

    Rows = Float[Tensor, "row pixel"]

WIDE = 3  # pixels of a filter
GAIN, WAVE, LONG = (0.5, 2.0), 0.5, (2.0, 7.0)


class StyleExtrapolation(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Draw the styles and train. Raises `BadData` for labels below 0, and rows that are no square of pixels."""
        del validation
        generators = seeding.Generators(self.context.seed)
        rows, labels = self.rows(train), vector_networks.labels(train, self.context.target)
        side = math.isqrt(rows.shape[1])
        if side * side != rows.shape[1]:
            raise BadData(f"{self.context.task}/{self.context.split}: {rows.shape[1]} numbers are no square of pixels")
        styles = Styles(int(self.params["count"]), side, generators["styles"])
        width = int(self.params["width"])
        sizes = [rows.shape[1], width, width, vector_networks.classes(train, self.context.target)]
        self.model = vector_networks.network(sizes, generators["weights"]).to(self.device)
        self.parameters = counting.parameters(self.model)
        vector_networks.train(
            self.model,
            rows,
            labels,
            steps=int(self.params["steps"]),
            batch=int(self.params["batch"]),
            rate=float(self.params["learning_rate"]),
            generators=generators,
            tally=self.tally,
            changed=styles.any_of,
        )

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each class."""
        return vector_networks.asked(self.model, self.rows(questions)).softmax(1).numpy()

    def rows(self, given: Dataset) -> Rows:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))


class Styles:
    """Styles drawn once: `count` of them, for images of `side` x `side` pixels. Number 0 is as a row comes."""

    def __init__(self, count: int, side: int, generator: torch.Generator) -> None:
        self.count, self.side = count, side

        def uniform(low: float, high: float) -> Float[Tensor, " style"]:
            return low + (high - low) * torch.rand(count, generator=generator)

        filters = torch.randn(count, WIDE * WIDE, generator=generator)
        self.filters = (filters / filters.abs().sum(1, keepdim=True)).view(count, WIDE, WIDE)
        sign = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
        self.gain, self.offset, height = sign * uniform(*GAIN), uniform(0, 1), uniform(0, WAVE)
        angle, length, phase = uniform(0, math.pi), uniform(*LONG), uniform(0, 2 * math.pi)
        at = torch.arange(side, dtype=torch.float32)
        along = angle.cos()[:, None, None] * at + angle.sin()[:, None, None] * at[:, None]
        self.waves = height[:, None, None] * torch.sin(
            2 * math.pi * along / length[:, None, None] + phase[:, None, None]
        )

    def any_of(self, rows: Rows, generator: torch.Generator) -> Rows:
        """Each row in a style of its own, drawn from all and none."""
        which = torch.randint(self.count + 1, (len(rows),), generator=generator)
        changed = which > 0
        if not changed.any():
            return rows
        shown = rows.clone()
        shown[changed] = self.shown(rows[changed], which[changed] - 1)
        return shown

    def shown(self, rows: Rows, which: Tensor) -> Rows:
        """Rows in these styles."""
        images = rows.view(1, len(rows), self.side, self.side)
        padded = functional.pad(images, (1, 1, 1, 1), mode="replicate")
        filtered = functional.conv2d(padded, self.filters[which][:, None], groups=len(rows))[0]
        found = self.offset[which, None, None] + self.gain[which, None, None] * filtered + self.waves[which]
        return found.clamp(0, 1).flatten(1)


RANGES = {
    "count": (lambda it: 0 <= it <= 10_000, "from 0 to 10,000"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
