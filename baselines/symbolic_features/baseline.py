"""A network on the elements of a set that is also told what a few chosen programs make of it.

After Whitehouse 2023, "Symbolic Synthesis of Neural Networks" (arXiv:2303.03340), whose abstract says that the choice
of the features injected into a network modulates its data efficiency, with patterns of both heightened and curtailed
generalization. Its programs are found by a search and shape graphs of neural modules, on images; here they are written
down, and stand beside the network's other inputs:

    useful   the remainder of the sum
    useless  the remainders of the size, of the first element and of the last one
    hash     `hashes` remainders that a hash of the elements gives: they tell rows apart, and nothing else

All are remainders by `modulus`, told as a one for the number that came out and zeros for the others. The elements are
told in the same way by their places; places beyond the longest row of training, and values that it has not, are not
told, so a larger set is known by its first elements and by what programs say of the whole.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import torch

from genbench.errors import BadData
from genbench.kit import counting, ranges, seeding, vector_networks
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

    Program = Callable[[Sequence[int]], int]

FEATURES = ("none", "useful", "useless", "hash")


def programs(features: str, hashes: int) -> list[Program]:
    """The programs of a choice; each makes a number of a set's elements in their order, of which the remainder counts.

    >>> [program([1, 0, 1, 1]) for program in programs("useful", 0)]
    [3]
    >>> [program([1, 0, 1, 0]) for program in programs("useless", 0)]
    [4, 1, 0]
    """
    return {
        "none": [],
        "useful": [sum],
        "useless": [len, lambda elements: elements[0], lambda elements: elements[-1]],
        "hash": [hashed(number) for number in range(hashes)],
    }[features]


def hashed(number: int) -> Program:
    """A program that makes of each sequence a number that says nothing of it."""
    return lambda elements: int.from_bytes(
        blake2b(f"{number}:{list(elements)}".encode(), digest_size=8).digest(), "big"
    )


class SymbolicFeatures(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()
        (self.column,) = context.inputs
        self.modulus = int(self.params["modulus"])
        self.programs = programs(str(self.params["features"]), int(self.params["hashes"]))

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train. Raises `BadData` for no training rows, an empty set, or a label below 0."""
        del validation
        labels = vector_networks.labels(train, self.context.target)
        sets = self.sets(train)
        self.longest = max(map(len, sets))
        self.places = {value: place for place, value in enumerate(sorted({one for own in sets for one in own}))}
        rows = self.rows(sets)
        self.generators = seeding.Generators(self.context.seed)
        hidden = [int(self.params["width"])] * int(self.params["depth"])
        sizes = [rows.shape[1], *hidden, vector_networks.classes(train, self.context.target)]
        self.model = vector_networks.network(sizes, self.generators["weights"]).to(self.device)
        self.parameters = counting.parameters(self.model)
        vector_networks.train(
            self.model,
            rows,
            labels,
            steps=int(self.params["steps"]),
            batch=int(self.params["batch"]),
            rate=float(self.params["learning_rate"]),
            generators=self.generators,
            tally=self.tally,
        )

    def predict(self, questions: Dataset) -> list[int]:
        """The likeliest label of each set."""
        self.model.eval()
        return vector_networks.asked(self.model, self.rows(self.sets(questions))).argmax(1).tolist()

    def sets(self, given: Dataset) -> list[list[int]]:
        """The elements of each row. Raises `BadData` where a row has none."""
        found = given.with_format("arrow")[:].column(self.column).to_pylist()
        if not all(found):
            raise BadData(f"row {next(row for row, own in enumerate(found) if not own)} is an empty set")
        return found

    def rows(self, sets: Sequence[Sequence[int]]) -> Float[torch.Tensor, "row number"]:
        """Each set as ones and zeros: its elements by their places, then what each program says of it."""
        elements = np.zeros((len(sets), self.longest, len(self.places)), np.float32)
        outputs = np.zeros((len(sets), len(self.programs), self.modulus), np.float32)
        for row, own in enumerate(sets):
            for at, value in enumerate(own[: self.longest]):
                if value in self.places:
                    elements[row, at, self.places[value]] = 1
            for number, program in enumerate(self.programs):
                outputs[row, number, program(own) % self.modulus] = 1
        return torch.from_numpy(np.concatenate([one.reshape(len(sets), -1) for one in (elements, outputs)], 1))


RANGES = {
    "features": (lambda it: it in FEATURES, f"one of {', '.join(FEATURES)}"),
    "modulus": (lambda it: it > 1, "2 or more"),
    "hashes": (lambda it: it > 0, "1 or more"),
    "width": (lambda it: it > 0, "1 or more"),
    "depth": (lambda it: it >= 0, "0 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
