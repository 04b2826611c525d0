"""A score for each point of a set, alone or beside what is pooled of the whole set; the best are answered.

What INSET adds to the scores of subsets is the set that they are of, as one pooled vector (Xie et al. 2024,
arXiv:2402.03139). Here each point is scored by itself: `background = true` gives its score the mean of a learned vector
of all points beside the point, `background = false` the point alone. As many points as `size` says, which the question
tells as EquiVSet's evaluation does, are answered, those with the highest scores.

Trained by the cross-entropy of each point's being in the subset or not. The papers' energy of whole subsets, and the
inference by mean field that it asks for, are left out: what is compared is with and without the set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData
from genbench.kit import counting, images, ranges, seeding, training
from genbench.kit.batching import Batches, shuffled
from genbench.kit.optimization import Adam
from genbench.kit.tally import Counted, Tally
from genbench.kit.training import Budget
from genbench.kit.vector_networks import network

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float
    from torch import Tensor

    from genbench import Context
    from genbench.kit.batching import Batch

PLANE = 2  # numbers of a point


class Scores(nn.Module):
    """Scores of the points of sets of one size."""

    def __init__(self, width: int, generator: torch.Generator, *, background: bool) -> None:
        super().__init__()
        self.pooled = network([PLANE, width, width], generator) if background else None
        self.scored = network([PLANE + (width if background else 0), width, width, 1], generator)

    def forward(self, points: Float[Tensor, "row point 2"]) -> Float[Tensor, "row point"]:
        """A score for each point: the larger, the more it belongs to the subset."""
        if self.pooled is not None:
            whole = self.pooled(points).mean(1, keepdim=True)
            points = torch.cat([points, whole.expand(-1, points.shape[1], -1)], 2)
        return self.scored(points)[:, :, 0]


class SubsetScores(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        self.device = seeding.prepare(context.device, context.threads)
        kinds = {kind: name for name, kind in context.inputs.items()}
        self.points, self.size = kinds["list<float64>"], kinds["int64"]
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train. Raises `BadData` for no rows, sets of several sizes, half points, and places outside their set."""
        del validation
        sets = self.sets(train)
        if len(sizes := {points.shape[0] for points in sets}) != 1:
            told = "none" if not sizes else f"sets of {min(sizes)} to {max(sizes)} points"
            raise BadData(
                f"{self.context.task}/{self.context.split}: training rows must be sets of one size; there are {told}"
            )
        shown = torch.from_numpy(np.stack(sets))
        wanted = torch.zeros(shown.shape[:2])
        for row, places in enumerate(train[self.context.target][:]):
            if not all(0 <= place < shown.shape[1] for place in places):
                raise BadData(f"row {row} of {self.context.target!r} has a place outside its set of {shown.shape[1]}")
            wanted[row, places] = 1.0
        generators = seeding.Generators(self.context.seed)
        params = self.params
        self.model = Scores(int(params["width"]), generators["weights"], background=bool(params["background"]))
        self.model.to(self.device)
        self.parameters = counting.parameters(self.model)

        def loss(model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
            points, inside = (part.to(self.device) for part in batch.parts)
            return functional.binary_cross_entropy_with_logits(model(points), inside)

        steps = int(params["steps"])
        for _ in training.train(
            self.model,
            loss,
            Batches(shuffled(len(shown), int(params["batch"])), images.Gathered(shown, wanted), generators["batches"]),
            Adam(self.model, betas=(0.9, 0.999), epsilon=1e-8),
            budget=Budget(steps=steps),
            rate=lambda spent: float(params["learning_rate"]) * (1 - (spent - 1) / steps),
            tally=self.tally,
        ):
            pass  # no curve is asked for

    @torch.no_grad()
    def predict(self, questions: Dataset) -> list[list[int]]:
        """The places of the points with the highest scores, as many as the question says; of equals the earliest."""
        answers = []
        for points, size in zip(self.sets(questions), questions[self.size][:], strict=True):
            scores = self.model(torch.from_numpy(points)[None].to(self.device))[0].cpu()
            answers.append(sorted(scores.sort(descending=True, stable=True).indices[: max(0, size)].tolist()))
        return answers

    def sets(self, given: Dataset) -> list[Float[np.ndarray, "point 2"]]:
        """The points of each row."""
        rows = [np.array(row, np.float32) for row in given[self.points][:]]
        if odd := [place for place, row in enumerate(rows) if len(row) % PLANE or not len(row)]:
            raise BadData(f"row {odd[0]} of {self.points!r} has {len(rows[odd[0]])} numbers; a point has {PLANE}")
        return [row.reshape(-1, PLANE) for row in rows]


RANGES = {
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
