"""A network of one hidden layer that grows a few units at a time by gradient boosting, and answers with any first part.

Emami & Martinez-Munoz 2019, "Sequential Training of Neural Networks with Gradient Boosting" (arXiv:1909.12098), in the
setting of GAA-UAM/GBNN at 73bb31bc. From scores of 0 on, each step

- takes what is left, the one-hot label less the probability of each class, as the targets of a regression;
- fits a network of `portion` logistic units to it by L-BFGS, from weights of its own, on a random half of the rows;
- adds its answers h to the scores, times eta times the one step of Newton that is best for all rows and classes
  together: sum(h r) / sum(h^2 p (1 - p)). There is no search along the line.

All portions side by side are one network, whose units have an order: those last trained can be switched off, with what
their portions add to all rows alike, and what is left is the network of an earlier step. `fit` yields the number of
units, so the curve is the accuracy with so many units on: of 100 units, step 50 is that with the last 50 off.

`whole` is the control: a network of as many units, trained all at once by L-BFGS on the cross-entropy, whose units have
no order. It is trained before the first yield, and then asked with its first 10, 20, ... units, the others off.

Departures: with two classes the release takes another loss, here it is the same as for more; the release lets every
portion go on drawing from one stream, as here, whose numbers are not the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from genbench import seeds
from genbench.errors import BadValue
from genbench.kit import ranges, vector_networks, vectors
from genbench.kit.tally import Counted, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datasets import Dataset
    from jaxtyping import Float

    from genbench import Context

    Rows = Float[np.ndarray, "row number"]
    Scores = Float[np.ndarray, "row class"]
    Loss = Callable[[Scores, Scores], tuple[float, Scores]]
    Objective = Callable[[Float[np.ndarray, " weight"]], tuple[float, Float[np.ndarray, " weight"]]]

KINDS = ("boosted", "whole")


@dataclass(frozen=True, slots=True)
class Network:
    """One layer of logistic units: what goes into each, and what it and the `base` add to the scores."""

    inward: Float[np.ndarray, "number unit"]
    bias: Float[np.ndarray, " unit"]
    outward: Float[np.ndarray, "unit class"]
    base: Float[np.ndarray, " class"]

    @classmethod
    def drawn(cls, numbers: int, units: int, classes: int, draw: np.random.Generator) -> Network:
        """Weights and biases uniform, up to sqrt(2 / (inputs + outputs)), which is the release's for logistic units."""
        near, far = (2 / (numbers + units)) ** 0.5, (2 / (units + classes)) ** 0.5
        return cls(
            draw.uniform(-near, near, (numbers, units)),
            draw.uniform(-near, near, units),
            draw.uniform(-far, far, (units, classes)),
            draw.uniform(-far, far, classes),
        )

    def parts(self) -> tuple[np.ndarray, ...]:
        """The arrays, in order."""
        return self.inward, self.bias, self.outward, self.base

    def flat(self) -> Float[np.ndarray, " weight"]:
        """All weights as one vector."""
        return np.concatenate([part.ravel() for part in self.parts()])

    def like(self, flat: Float[np.ndarray, " weight"]) -> Network:
        """A network of this one's sizes with these weights."""
        ends = np.cumsum([part.size for part in self.parts()])
        pieces = np.split(flat, ends[:-1])
        return Network(*(piece.reshape(part.shape) for piece, part in zip(pieces, self.parts(), strict=True)))

    def hidden(self, rows: Rows) -> Float[np.ndarray, "row unit"]:
        """What the units say."""
        return special.expit(rows @ self.inward + self.bias)

    def scores(self, rows: Rows) -> Scores:
        """What the network says."""
        return self.hidden(rows) @ self.outward + self.base


def squared(said: Scores, wanted: Scores) -> tuple[float, Scores]:
    """Half the mean square of what is missed, over rows and classes, and its gradient."""
    missed = said - wanted
    return float((missed**2).mean() / 2), missed / missed.size


def cross_entropy(said: Scores, wanted: Scores) -> tuple[float, Scores]:
    """The mean over rows of -log of the right class' probability, and its gradient; `wanted` is one-hot."""
    logs = special.log_softmax(said, axis=1)
    return float(-(wanted * logs).sum() / len(said)), (np.exp(logs) - wanted) / len(said)


class Gbnn(Counted):
    """The submission: `fit` yields numbers of units, and `predict` answers with so many."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        ranges.check(self.params, RANGES)
        units, portion, points = (int(self.params[name]) for name in ("units", "portion", "curve"))
        if units % portion or (points and (units % points or units // points % portion)):
            raise BadValue(
                f"parameters of the card:\n  units is {units}, portion {portion} and curve {points}; each point of the "
                "curve must come after whole portions, so units must be a multiple of curve times portion"
            )
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the numbers of units of the curve. Raises `BadData` for no rows, and labels below 0."""
        del validation
        labels = vector_networks.labels(train, self.context.target).numpy()
        self.classes = vector_networks.classes(train, self.context.target)
        rows = vectors.matrix(train, self.context.inputs).astype(np.float64)
        wanted = np.eye(self.classes)[labels]
        self.draw = np.random.default_rng(seeds.derive("gbnn", self.context.seed))
        units, points = int(self.params["units"]), int(self.params["curve"])
        self.parameters = units * (rows.shape[1] + 1 + self.classes) + self.classes
        kind = str(self.params["kind"])
        for on, network in self.boosted(rows, wanted) if kind == "boosted" else self.whole(rows, wanted):
            self.asked, self.network = on, network
            if points and on % (units // points) == 0:
                yield on

    def boosted(self, rows: Rows, wanted: Scores) -> Iterator[tuple[int, Network]]:
        """After each portion, how many units there are and the network they make."""
        portion = int(self.params["portion"])
        made: list[Network] = []
        scores = np.zeros_like(wanted)
        for step in range(int(self.params["units"]) // portion):
            likely = special.softmax(scores, axis=1)
            missing = wanted - likely
            half = self.draw.choice(len(rows), max(1, int(float(self.params["shown"]) * len(rows))), replace=False)
            begun = Network.drawn(rows.shape[1], portion, self.classes, self.draw)
            part = self.minimized(begun, rows[half], missing[half], squared)
            said = part.scores(rows)
            factor = float(self.params["eta"]) * newton(said, missing, likely)
            scores += factor * said
            made.append(Network(part.inward, part.bias, factor * part.outward, factor * part.base))
            yield (step + 1) * portion, joined(made)

    def whole(self, rows: Rows, wanted: Scores) -> Iterator[tuple[int, Network]]:
        """A network trained at once, and how many of its units are on."""
        units = int(self.params["units"])
        begun = Network.drawn(rows.shape[1], units, self.classes, self.draw)
        network = self.minimized(begun, rows, wanted, cross_entropy)
        for on in range(1, units + 1):
            yield on, network

    def minimized(self, begun: Network, rows: Rows, wanted: Scores, loss: Loss) -> Network:
        """The network after `iterations` of L-BFGS."""
        valued = objective(begun, rows, wanted, loss, float(self.params["decay"]) / len(rows))
        products = 6.0 * len(rows) * (begun.inward.size + begun.outward.size)

        def counted(flat: Float[np.ndarray, " weight"]) -> tuple[float, Float[np.ndarray, " weight"]]:
            self.tally.count(len(rows), len(rows), products)
            return valued(flat)

        options = {"maxiter": int(self.params["iterations"]), "gtol": 0.0}
        return begun.like(optimize.minimize(counted, begun.flat(), jac=True, method="L-BFGS-B", options=options).x)

    def predict(self, questions: Dataset) -> Scores:
        """The probability of each label, by the units that are on."""
        on, network = self.asked, self.network
        kept = Network(network.inward[:, :on], network.bias[:on], network.outward[:on], network.base)
        rows = vectors.matrix(questions, self.context.inputs).astype(np.float64)
        return special.softmax(kept.scores(rows), axis=1)


def objective(sizes: Network, rows: Rows, wanted: Scores, loss: Loss, decay: float) -> Objective:
    """The loss of weights as one vector, with half of `decay` times the squares of both matrices, and its gradient."""

    def valued(flat: Float[np.ndarray, " weight"]) -> tuple[float, Float[np.ndarray, " weight"]]:
        now = sizes.like(flat)
        hidden = now.hidden(rows)
        value, away = loss(hidden @ now.outward + now.base, wanted)
        back = away @ now.outward.T * hidden * (1 - hidden)
        slopes = Network(
            rows.T @ back + decay * now.inward, back.sum(0), hidden.T @ away + decay * now.outward, away.sum(0)
        )
        return value + decay * float((now.inward**2).sum() + (now.outward**2).sum()) / 2, slopes.flat()

    return valued


def newton(said: Scores, missing: Scores, likely: Scores) -> float:
    """The factor of `said` that is best by the first two derivatives of the loss, summed over rows and classes."""
    curvature = float((said**2 * likely * (1 - likely)).sum())
    return float((said * missing).sum()) / max(curvature, np.finfo(np.float64).tiny)


def joined(parts: list[Network]) -> Network:
    """Networks whose scores are added, as one."""
    return Network(
        np.concatenate([part.inward for part in parts], axis=1),
        np.concatenate([part.bias for part in parts]),
        np.concatenate([part.outward for part in parts]),
        np.sum([part.base for part in parts], axis=0),
    )


RANGES = {
    "kind": (lambda it: it in KINDS, f"one of {', '.join(KINDS)}"),
    **{name: (lambda it: it > 0, "1 or more") for name in ("units", "portion", "iterations")},
    "eta": (lambda it: it > 0, "above 0"),
    "shown": (lambda it: 0 < it <= 1, "above 0, and at most 1"),
    "decay": (lambda it: it >= 0, "0 or more"),
    "curve": (lambda it: it >= 0, "0 or more"),
}
