"""Clusters of what has labels and what has none, in the features of a network that was trained on other signs.

`semi_supervised`  k-means in which labelled rows stay in the cluster of their class (Vaze et al. 2022,
                   arXiv:2201.02609, section 3.2). The first centres are means of the labelled classes; the others are
                   drawn from the unlabelled rows as k-means++ does (Arthur & Vassilvitskii 2007), far from those
                   before them. Of `restarts` the one with the least squared distance counts.
`classifier`       the labelled classes alone: the nearest of their means. It finds no new class.

`features` are the last hidden layer of a network of two, trained on the table `pretraining` and on the labelled rows
together, each row scaled to length 1; or `pixels`, likewise scaled.

The number of clusters is a parameter: the task says how many there are, and this estimates none. Prototypes that are
learned together with the features, as in ProtoGCD (arXiv:2504.03755), are not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from genbench.errors import BadData, BadValue, nearest
from genbench.kit import counting, ranges, seeding, vector_networks, vectors
from genbench.kit.tally import Counted, Tally
from genbench.seeds import derive

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context

    Rows = Float[np.ndarray, "row feature"]
    Centres = Float[np.ndarray, "cluster feature"]

METHODS, FEATURES = ("semi_supervised", "classifier"), ("network", "pixels")
UNLABELLED, PRETRAINING, LABEL = "unlabelled", "pretraining", "sign"  # tables beside train, and a column of labels


class Prototypes(Counted):
    """The submission."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        self.device = seeding.prepare(context.device, context.threads)
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Make features, and find the centres.

        Raises `BadData` where a table beside train is missing, `BadValue` for fewer clusters than labelled classes.
        """
        del validation
        wanted = [UNLABELLED] if self.params["features"] == "pixels" else [UNLABELLED, PRETRAINING]
        for name in wanted:
            if name not in self.context.auxiliary:
                where = f"{self.context.task}/{self.context.split}"
                raise BadData(f"{where} has no auxiliary table {name!r}{nearest(name, self.context.auxiliary)}")
        labels = vector_networks.labels(train, self.context.target)
        clusters, classes = int(self.params["clusters"]), len(labels.unique())
        if clusters < classes:
            raise BadValue(f"parameter 'clusters' is {clusters}; train alone has {classes} classes")
        self.layers = None if self.params["features"] == "pixels" else self.network(train, labels)
        known, which = np.unique(labels.numpy(), return_inverse=True)
        rows = self.features(train)
        self.centres = np.stack([rows[which == at].mean(0) for at in range(len(known))])
        if self.params["method"] == "semi_supervised":
            self.centres = self.clustered(rows, which, self.features(self.context.auxiliary[UNLABELLED]))
        # A cluster is called as its class where it has one, and the others by numbers that are no class's.
        self.names = np.concatenate([known, known.max() + 1 + np.arange(len(self.centres) - len(known))])

    def network(self, train: Dataset, labels: Int[Tensor, " row"]) -> nn.Sequential:
        """The hidden layers of a network for other signs and the labelled classes."""
        beside = self.context.auxiliary[PRETRAINING]
        signs = vector_networks.labels(beside, LABEL)
        rows = torch.cat([self.rows(beside), self.rows(train)])
        answers = torch.cat([signs, labels + signs.max() + 1])
        width, generators = int(self.params["width"]), seeding.Generators(self.context.seed)
        sizes = [rows.shape[1], width, width, int(answers.max()) + 1]
        model = vector_networks.network(sizes, generators["weights"]).to(self.device)
        vector_networks.train(
            model,
            rows,
            answers,
            steps=int(self.params["steps"]),
            batch=int(self.params["batch"]),
            rate=float(self.params["learning_rate"]),
            generators=generators,
            tally=self.tally,
        )
        self.parameters = counting.parameters(model)
        return model[:-1]

    def clustered(self, labelled: Rows, which: Int[np.ndarray, " row"], unlabelled: Rows) -> Centres:
        """The centres of the best of several restarts."""
        draw = np.random.default_rng(derive(self.context.seed, "centres"))
        best, least = self.centres, np.inf
        for _ in range(int(self.params["restarts"])):
            begun = spread(self.centres, unlabelled, int(self.params["clusters"]), draw)
            centres, spent = settled(begun, labelled, which, unlabelled, int(self.params["rounds"]))
            if spent < least:
                best, least = centres, spent
        return best

    def predict(self, questions: Dataset) -> Int[np.ndarray, " question"]:
        """The cluster with the nearest centre."""
        return self.names[distances(self.features(questions), self.centres).argmin(1)]

    def features(self, given: Dataset) -> Rows:
        """Rows as points on the unit sphere."""
        rows = self.rows(given)
        shown = rows if self.layers is None else vector_networks.asked(self.layers, rows)
        return nn.functional.normalize(shown).numpy().astype(np.float64)

    def rows(self, given: Dataset) -> Float[Tensor, "row number"]:
        """All numbers of each row."""
        return torch.from_numpy(vectors.matrix(given, self.context.inputs))


def distances(rows: Rows, centres: Centres) -> Float[np.ndarray, "row cluster"]:
    """Squared distances."""
    return np.maximum((rows**2).sum(1)[:, None] - 2 * rows @ centres.T + (centres**2).sum(1), 0)


def spread(centres: Centres, rows: Rows, count: int, draw: np.random.Generator) -> Centres:
    """Centres and further ones from the rows, each drawn in proportion to its squared distance from those before."""
    while len(centres) < count:
        far = distances(rows, centres).min(1)
        shares = far / far.sum() if far.sum() else None
        centres = np.concatenate([centres, rows[draw.choice(len(rows), p=shares)][None]])
    return centres


def settled(
    centres: Centres, labelled: Rows, which: Int[np.ndarray, " row"], unlabelled: Rows, rounds: int
) -> tuple[Centres, float]:
    """Centres after k-means, labelled rows staying where they are, and the squared distance from them in all."""
    rows = np.concatenate([labelled, unlabelled])
    nearest_of = np.full(len(unlabelled), -1)
    for _ in range(rounds):
        found = distances(unlabelled, centres).argmin(1)
        if (found == nearest_of).all():
            break
        nearest_of = found
        member = np.concatenate([which, found])
        # A cluster that has lost all its rows stays where it was.
        centres = np.stack(
            [rows[member == at].mean(0) if (member == at).any() else own for at, own in enumerate(centres)]
        )
    return centres, float(distances(unlabelled, centres).min(1).sum())


RANGES = {
    "method": (lambda it: it in METHODS, f"one of {', '.join(METHODS)}"),
    "features": (lambda it: it in FEATURES, f"one of {', '.join(FEATURES)}"),
    "clusters": (lambda it: it >= 1, "1 or more"),
    "restarts": (lambda it: it >= 1, "1 or more"),
    "rounds": (lambda it: it >= 1, "1 or more"),
    "width": (lambda it: it > 0, "1 or more"),
    "steps": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 0, "1 or more"),
    "learning_rate": (lambda it: it > 0, "above 0"),
}
