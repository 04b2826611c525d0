"""NoProp: blocks that are trained apart to take noise from a label, then asked one after another.

Li, Teh & Pascanu 2025, "NoProp: Training Neural Networks without Back-propagation or Forward-propagation"
(arXiv:2503.24322), in its form of discrete time, NoProp-DT. A label is a one-hot vector u, which stays fixed. Of T
blocks, block t is shown a row x and z = sqrt(A) u + sqrt(1 - A) e, where e is noise and A = A_(t-1) says how much of
the label is left: nearly nothing for the first block, nearly all after the last. It says u', the probabilities of the
classes, and is trained by

    (T / 2) .1 (SNR_t - SNR_(t-1)) |u' - u|^2,   SNR_t = A_t / (1 - A_t),

and a layer that reads z after the last block by cross-entropy. No block waits for another: what each is shown in
training is made of the label, and no gradient passes from one to another. Asked, z begins as noise, and each block
makes of it what the diffusion would have given, a_t u' + b_t z + sqrt(c_t) e (their equation for q(z_t | z_(t-1), u)).

A follows a cosine (Nichol & Dhariwal 2021, arXiv:2102.09672). No release was at hand: sizes, the rate and the block are
ours: a hidden layer of x, one of z, and one of both. The term of the first z's distance from plain noise depends on no
weight where labels are fixed, and is left out. `backprop` is the control: the same blocks, z beginning at 0 and each
block adding its scores to it, trained by cross-entropy at the end, whose gradient goes back through all of them.

All blocks are computed side by side, which changes nothing: Adam scales each weight's step by its own gradients.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.kit import checkpoints, counting, images, ranges, seeding, training, vector_networks, vectors
from genbench.kit.batching import Batches, shuffled, split
from genbench.kit.optimization import Adam
from genbench.kit.tally import Counted, Tally
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float
    from torch import Tensor

    from genbench import Context
    from genbench.kit.batching import Batch

    Labels = Float[Tensor, "block row class"]

METHODS = ("noprop", "backprop")
ETA = 0.1  # of the blocks' loss, beside that of the layer that reads; said to be the paper's
OFFSET = 0.008  # of the cosine, so that a first block sees some label and a last one some noise; Nichol & Dhariwal's
ASKED_AT_ONCE = 8192  # rows; bounds memory


def left(blocks: int) -> Float[Tensor, " time"]:
    """How much of the label is left at each time, 0 to `blocks`; float64, rising."""
    when = torch.arange(blocks, -1, -1, dtype=torch.float64) / blocks
    return ((when + OFFSET) / (1 + OFFSET) * torch.pi / 2).cos().square().clamp(min=1e-4)


def passing(kept: Float[Tensor, " time"]) -> Float[Tensor, "factor block"]:
    """For each block the factors of what it says, of what it was shown, and of noise, as the diffusion has them."""
    before, after = kept[:-1], kept[1:]
    step = before / after
    said = after.sqrt() * (1 - step) / (1 - before)
    shown = step.sqrt() * (1 - after) / (1 - before)
    return torch.stack([said, shown, ((1 - after) * (1 - step) / (1 - before)).sqrt()])


class Blocks(nn.Module):
    """Blocks side by side: each has its own matrices, of x, of z, of both, and of what it says."""

    def __init__(self, numbers: int, classes: int, blocks: int, width: int, generator: torch.Generator) -> None:
        super().__init__()

        def drawn(given: int, made: int) -> nn.ParameterList:
            bound = 1 / math.sqrt(given)
            shapes = (blocks, given, made), (blocks, 1, made)
            return nn.ParameterList((2 * torch.rand(shape, generator=generator) - 1) * bound for shape in shapes)

        self.row, self.label = drawn(numbers, width), drawn(classes, width)
        self.both, self.said = drawn(2 * width, width), drawn(width, classes)
        self.read = vector_networks.network([classes, classes], generator)

    def forward(
        self, rows: Float[Tensor, "row number"], labels: Labels, which: slice = slice(None)
    ) -> Float[Tensor, "block row class"]:
        """The scores that each of these blocks gives the classes, shown the rows and its own noisy labels."""

        def layer(given: Tensor, weights: nn.ParameterList) -> Tensor:
            return torch.baddbmm(weights[1][which], given, weights[0][which])

        every = rows.expand(len(labels), *rows.shape)
        hidden = torch.cat([layer(every, self.row), layer(labels, self.label)], -1).relu()
        return layer(layer(hidden, self.both).relu(), self.said)


class NoProp(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()
        self.kept = left(int(self.params["blocks"]))

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for no training rows or a label below 0."""
        del validation
        params, target = self.params, self.context.target
        labels = vector_networks.labels(train, target)
        self.classes = vector_networks.classes(train, target)
        rows = torch.from_numpy(vectors.matrix(train, self.context.inputs))
        self.generators = seeding.Generators(self.context.seed)
        sizes = rows.shape[1], self.classes, int(params["blocks"]), int(params["width"])
        self.model = Blocks(*sizes, self.generators["weights"]).to(self.device)
        self.parameters = counting.parameters(self.model)
        loss = self.apart if params["method"] == "noprop" else self.through
        gather = images.Gathered(rows, labels)
        probe = gather(torch.arange(min(2, len(rows))))
        operations = counting.operations(lambda: loss(self.model, probe).backward()) / probe.rows
        self.model.zero_grad(set_to_none=True)
        self.generators = seeding.Generators(self.context.seed)  # counting drew from them
        yield from training.train(
            self.model,
            loss,
            Batches(shuffled(len(rows), int(params["batch"])), gather, self.generators["batches"]),
            Adam(self.model, betas=(0.9, 0.999), epsilon=1e-8, decay=float(params["weight_decay"])),
            budget=Budget(steps=int(params["steps"])),
            rate=lambda _spent: float(params["learning_rate"]),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=lambda sizes: operations * sizes[0],
            generators=self.generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(labels)}),
        )

    def apart(self, model: Blocks, batch: Batch) -> Float[Tensor, ""]:
        """The blocks' losses, each of its own weights alone, and that of the layer that reads; means over rows."""
        rows, labels = (part.to(self.device) for part in batch.parts)
        right = functional.one_hot(labels, self.classes).to(rows.dtype)
        kept = self.kept.to(self.device, rows.dtype)[:, None, None]
        noisy = kept.sqrt() * right + (1 - kept).sqrt() * self.noise("augment", len(kept), *right.shape)
        missed = (model(rows, noisy[:-1]).softmax(-1) - right).square().sum(-1).mean(1)
        ratio = self.kept / (1 - self.kept)
        weights = (ratio[1:] - ratio[:-1]).to(missed) * (ETA * len(missed) / 2)
        return (weights * missed).sum() + functional.cross_entropy(model.read(noisy[-1]), labels)

    def through(self, model: Blocks, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of what is read after the last block."""
        rows, labels = (part.to(self.device) for part in batch.parts)
        return functional.cross_entropy(self.passed(model, rows), labels)

    def passed(self, model: Blocks, rows: Float[Tensor, "row number"]) -> Float[Tensor, "row class"]:
        """Scores of the classes after all blocks, one after another."""
        denoising = self.params["method"] == "noprop"
        label = self.noise("asked", 1, len(rows), self.classes) * denoising
        for block, (said, shown, random) in enumerate(passing(self.kept).to(self.device, rows.dtype).T):
            scores = model(rows, label, slice(block, block + 1))
            if denoising:
                label = said * scores.softmax(-1) + shown * label + random * self.noise("asked", *label.shape)
            else:
                label = label + scores
        return model.read(label[0])

    def noise(self, stream: str, *shape: int) -> Tensor:
        """Normal numbers."""
        return torch.randn(*shape, generator=self.generators[stream]).to(self.device)

    @torch.no_grad()
    def predict(self, questions: Dataset) -> Float[np.ndarray, "question class"]:
        """The probability of each label, from noise that is drawn anew, the same at each point of the curve."""
        self.model.eval()
        rows = torch.from_numpy(vectors.matrix(questions, self.context.inputs))
        kept, self.generators = self.generators, seeding.Generators(self.context.seed)
        parts = [self.passed(self.model, part.to(self.device)) for part in split(rows, ASKED_AT_ONCE)]
        self.generators = kept
        return torch.cat(parts).softmax(1).cpu().numpy()


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    **{name: (lambda it: it > 0, "1 or more") for name in ("blocks", "width", "steps", "batch")},
    "learning_rate": (lambda it: it > 0, "above 0"),
    "weight_decay": (lambda it: it >= 0, "0 or more"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
