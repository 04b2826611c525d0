"""Attention from a question to the cells of a scene, with or without one vector for a word and its pictures.

A question has a shape and a colour, each a word or a picture. A word has a learned vector, and a picture is read by a
network; both vectors stand beside each other as the query. Another network reads each cell, shape and colour at once,
as a key. The softmax of query times key says how likely each cell is the one meant, and the answer is the mark that
has most of it. Trained by the cross-entropy of the right mark.

Both variants are after one representation for a primitive whatever source it is told in, so that one that training
tells in one source only is known in the other as well. That is what Li et al. 2025 (arXiv:2505.23045) train for, in
models of vision and language, by retrieving what is like each primitive and adding its features up.

`unified` above 0: at each step some pictures of the table `names` are read, and the mean square distance of their
vectors to those of their words, times `unified`, is added to the loss. It is the paper's end without its way.

`retrieves`: the vector of a primitive is the mean of two. Of a word they are its own and the mean of those of its
pictures in the table; of a picture its own and that of the word of the picture in the table that is nearest, number by
number. It is so in training and in what is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData, nearest
from genbench.kit import counting, images, ranges, seeding, training, vectors
from genbench.kit.batching import Batches, shuffled
from genbench.kit.optimization import Adam
from genbench.kit.tally import Counted, Tally
from genbench.kit.training import Budget
from genbench.kit.vector_networks import network

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context
    from genbench.kit.batching import Batch

    Vectors = Float[Tensor, "row width"]

PARTS = ("shape", "colour")
NAMES = "names"  # the table beside train
AT_ONCE = 2048  # questions


class Known(NamedTuple):
    """The table's words, as numbers, and pictures: of shapes, or of colours."""

    words: Int[Tensor, " row"]
    pictures: Float[Tensor, "row number"]

    def nearest(self, shown: Float[Tensor, "row number"]) -> Int[Tensor, " row"]:
        """The word of the nearest picture of each."""
        return torch.cat([self.words[torch.cdist(part, self.pictures).argmin(1)] for part in shown.split(AT_ONCE)])


class SceneAttention(nn.Module):
    """Query and keys. A word is a whole number from 1 on in the order of `words`; 0 is none, and a picture is read."""

    def __init__(
        self, words: int, sizes: tuple[int, int], width: int, generator: torch.Generator, table: list[Known] | None
    ) -> None:
        """`table` is what is retrieved from; None where nothing is."""
        super().__init__()
        self.table = table
        self.words = nn.Embedding(words + 1, width)
        with torch.no_grad():
            self.words.weight.copy_(torch.randn(self.words.weight.shape, generator=generator) / width**0.5)
        self.pictures = nn.ModuleList([network([size, 2 * width, width], generator) for size in sizes])
        self.cells = network([sum(sizes), 4 * width, 2 * width], generator)

    def part(
        self, at: int, word: Int[Tensor, " row"], equal: Int[Tensor, " row"], picture: Float[Tensor, "row number"]
    ) -> Vectors:
        """The vector of a shape (0) or a colour (1) of each row; `equal` is the word that means the same."""
        told, shown = (word > 0)[:, None], self.pictures[at](picture)
        if self.table is None:
            return torch.where(told, self.words(word), shown)
        return (self.words(equal) + torch.where(told, self.retrieved(at)[word], shown)) / 2

    def retrieved(self, at: int) -> Float[Tensor, "word width"]:
        """The mean vector of the table's pictures of each word; zeros where there are none."""
        known = self.table[at]
        each = functional.one_hot(known.words, len(self.words.weight)).T.float()
        return each @ self.pictures[at](known.pictures) / each.sum(1, keepdim=True).clamp(min=1)

    def forward(
        self,
        scene: Float[Tensor, "row cell number"],
        words: Int[Tensor, "row 2"],
        equals: Int[Tensor, "row 2"],
        *pictures: Tensor,
    ) -> Float[Tensor, "row cell"]:
        """Log-probabilities that a cell is the one meant."""
        query = [self.part(at, words[:, at], equals[:, at], picture) for at, picture in enumerate(pictures)]
        return (self.cells(scene) @ torch.cat(query, 1)[:, :, None])[:, :, 0].log_softmax(1)


class Scenes(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context, self.params = context, context.params
        self.where = f"{context.task}/{context.split}"
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train. Raises `BadData` without rows, for an answer that is no mark of its scene, and without `names`."""
        del validation
        if not len(train):
            raise BadData(f"{self.where} has no training rows to learn from")
        table = self.names()
        told = {word for part in PARTS for word in train[f"{part}_word"][:]} - {""}
        self.places = {word: place for place, word in enumerate(sorted(told | set(table["word"][:])), 1)}
        self.table = self.known(table)
        parts = self.parts(train)
        marks, answers = self.marks(train), torch.tensor(train[self.context.target][:])
        right = marks == answers[:, None]
        if not bool((right.sum(1) == 1).all()):
            row = int((right.sum(1) != 1).nonzero()[0, 0])
            raise BadData(f"{self.where}: the answer of row {row} is {int(answers[row])}, not one of its marks")
        generators = seeding.Generators(self.context.seed)
        self.model = SceneAttention(
            len(self.places),
            (parts[-2].shape[1], parts[-1].shape[1]),
            int(self.params["width"]),
            generators["weights"],
            self.table if self.params["retrieves"] else None,
        ).to(self.device)
        self.parameters = counting.parameters(self.model)

        def loss(model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
            *shown, wanted = (part.to(self.device) for part in batch.parts)
            found = functional.nll_loss(model(*shown), wanted)
            if not self.params["unified"]:
                return found
            return found + float(self.params["unified"]) * self.apart(generators["pulled"])

        steps = int(self.params["steps"])
        for _ in training.train(
            self.model,
            loss,
            Batches(
                shuffled(len(train), int(self.params["batch"])),
                images.Gathered(*parts, right.int().argmax(1)),
                generators["batches"],
            ),
            Adam(self.model, betas=(0.9, 0.999), epsilon=1e-8),
            budget=Budget(steps=steps),
            rate=lambda spent: float(self.params["learning_rate"]) * (1 - (spent - 1) / steps),
            tally=self.tally,
        ):
            pass  # no curve is asked for

    def apart(self, generator: torch.Generator) -> Float[Tensor, ""]:
        """How far some pictures lie from their words: the mean square distance."""
        far = []
        for at, (words, pictures) in enumerate(self.table):
            rows = torch.randint(len(words), (int(self.params["pulled"]),), generator=generator)
            far.append((self.model.words(words[rows]) - self.model.pictures[at](pictures[rows])).square().mean())
        return torch.stack(far).mean()

    def known(self, table: Dataset) -> list[Known]:
        """The words and pictures of shapes, and those of colours."""
        words = torch.tensor([self.places[word] for word in table["word"][:]])
        found = []
        for part in PARTS:
            pictures = torch.from_numpy(vectors.matrix(table, [f"{part}_picture"]))
            own = (pictures != 0).any(1)  # of the other kind they are zeros
            if not bool(own.any()):
                raise BadData(f"{self.where}: the table {NAMES!r} has no picture of a {part}")
            found.append(Known(words[own].to(self.device), pictures[own].to(self.device)))
        return found

    def names(self) -> Dataset:
        """The table of words and pictures."""
        if NAMES not in self.context.auxiliary:
            raise BadData(f"{self.where} has no auxiliary table {NAMES!r}{nearest(NAMES, self.context.auxiliary)}")
        return self.context.auxiliary[NAMES]

    def parts(self, given: Dataset) -> list[Tensor]:
        """Of each row the scene (cell, number), words (2; 0 for none), words that mean the same (2), and pictures."""
        cells = self.marks(given).shape[1]
        scene = torch.from_numpy(vectors.matrix(given, ["scene"])).reshape(len(given), cells, -1)
        words = torch.tensor([[self.places.get(word, 0) for word in given[f"{part}_word"][:]] for part in PARTS])
        pictures = [torch.from_numpy(vectors.matrix(given, [f"{part}_picture"])) for part in PARTS]
        seen = [known.nearest(shown.to(self.device)).cpu() for known, shown in zip(self.table, pictures, strict=True)]
        return [scene, words.T, torch.where(words > 0, words, torch.stack(seen)).T, *pictures]

    def marks(self, given: Dataset) -> Int[Tensor, "row cell"]:
        """The marks of each scene."""
        return torch.tensor(given["marks"][:])

    @torch.no_grad()
    def predict(self, questions: Dataset) -> Int[np.ndarray, " question"]:
        """The mark of the likeliest cell."""
        parts = [part.split(AT_ONCE) for part in self.parts(questions)]
        found = [
            self.model(*(part.to(self.device) for part in batch)).argmax(1).cpu() for batch in zip(*parts, strict=True)
        ]
        return self.marks(questions).gather(1, torch.cat(found)[:, None])[:, 0].numpy()


RANGES = {
    "unified": (lambda it: it >= 0, "0 or more"),
    "pulled": (lambda it: it > 0, "1 or more"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
