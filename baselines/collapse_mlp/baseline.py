"""A fully connected network on vectors that tells how its classes collapse while it learns.

Neural collapse (Papyan, Han & Donoho 2020, arXiv:2008.08186): late in training the features of a class come together in
a point, and these points and the rows of the last layer's weights form a simplex. Wu & Papyan 2024 (arXiv:2405.17767)
found that language models whose contexts have collapsed more generalize better. Here the question is asked of a small
network: two hidden layers of rectified units, cross-entropy, Adam at a constant rate, shuffled batches; the settings
are ours. The features are what the last layer is given.

`diagnostics` at each point of the curve, of the same rows of training in whatever submission asks for them
(`genbench.kit.probe`, seed 0): of `probe` rows, by the labels given in training, `nc1_cdnv`, `nc2_norms_cv`,
`nc2_angles`, `gnc2_log_kernel_cv`, `nc3_duality`, `unc3_cv` and `nc4_disagreement`, as `genbench.kit.neural_collapse`
defines them; `gradient_diversity` (G-Vendi, Jung et al. 2025, arXiv:2505.20161) of the first `directions` of these
rows, as `genbench.kit.gradient_diversity` does; and `loss`, the mean over the probe. Collapse is of classes: where the
probe has fewer than two with two rows, the submission says so before it trains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from genbench.errors import BadData, BadValue
from genbench.kit import counting, images, ranges, seeding, training, vector_networks, vectors
from genbench.kit.batching import Batches, shuffled
from genbench.kit.gradient_diversity import gradient_diversity, gradient_products
from genbench.kit.neural_collapse import neural_collapse
from genbench.kit.optimization import Adam
from genbench.kit.probe import probe
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float
    from torch import Tensor, nn

    from genbench import Context
    from genbench.kit.batching import Batch

POINTS = {step * 10**decade for decade in range(1, 6) for step in (1, 2, 5)}
PROBED_BY = 0  # the seed of the probe: rows are the same for all seeds of a submission, too


class CollapseMlp(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params, self.tally = context, context.params, Tally()
        self.device = seeding.prepare(context.device, context.threads)

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps 10, 20, 50, 100, ... and the last.

        Raises `BadData` for no rows, a label below 0, and training whose probe has no two classes of two rows.
        """
        del validation
        labels = vector_networks.labels(train, self.context.target)
        classes = vector_networks.classes(train, self.context.target)
        rows = torch.from_numpy(vectors.matrix(train, self.context.inputs))
        generators = seeding.Generators(self.context.seed)
        width, steps = int(self.params["width"]), int(self.params["steps"])
        self.model = vector_networks.network([rows.shape[1], width, width, classes], generators["weights"])
        self.model = self.model.to(self.device)
        self.parameters = counting.parameters(self.model)
        places = torch.from_numpy(probe(train, int(self.params["probe"]), PROBED_BY))
        self.probed, self.told = rows[places].to(self.device), labels[places].to(self.device)
        try:
            self.diagnostics()
        except BadValue as fault:
            raise BadData(f"{self.context.task}/{self.context.split}: the probe of training: {fault}") from fault
        batches = Batches(
            shuffled(len(rows), int(self.params["batch"])), images.Gathered(rows, labels), generators["batches"]
        )
        optimizer = Adam(self.model, betas=(0.9, 0.999), epsilon=1e-8)
        for point in sorted({*(point for point in POINTS if point < steps), steps}):
            budget = training.Budget(steps=point)
            yield from training.train(
                self.model,
                self.loss,
                batches,
                optimizer,
                budget=budget,
                rate=self.rate,
                tally=self.tally,
                curve=1,
            )

    def rate(self, spent: float) -> float:
        """The learning rate, the same at all steps."""
        del spent
        return float(self.params["learning_rate"])

    def loss(self, model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of a batch."""
        rows, labels = batch.parts
        return functional.cross_entropy(model(rows.to(self.device)), labels.to(self.device))

    def diagnostics(self) -> dict[str, float]:
        """What the probe says of the network as it is, as the module's docstring defines it."""
        last, some = self.model[-1], int(self.params["directions"])
        with torch.no_grad():
            features = self.model[:-1](self.probed)
            measures = neural_collapse(features, self.told, last.weight, last.bias)
            loss = functional.cross_entropy(last(features), self.told)
        products = gradient_products(self.model, self.probed[:some], self.told[:some])
        return {**measures, "gradient_diversity": gradient_diversity(products), "loss": float(loss)}

    @torch.no_grad()
    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each class."""
        rows = torch.from_numpy(vectors.matrix(questions, self.context.inputs))
        return vector_networks.asked(self.model, rows).softmax(1).numpy()


RANGES = {
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "probe": (lambda it: it > 1, "2 or more"),
    "directions": (lambda it: 0 < it <= 2000, "from 1 to 2,000"),
}
