"""Classes of nodes from what their relations lead to, over paths of up to a chosen length.

Of each node a row is made for each path of relations that leads away from it: the average of what stands at its ends,
where each node stands for itself alone. The path of length 0 is the node itself; those of length 1, what each relation
leads to, forwards or back; those of length 2, what a second one leads to from there. Such products of relations are
what LATTE stacks in layers (Tran & Gao 2020, arXiv:2009.08072); `order` is the longest path. Classes are then fitted by
ridge regression on all paths side by side, so that nothing is drawn, and the length of paths is all that differs
between the variants. The paper's attention, which weighs relations for each node, and its learned embeddings are left
out.

Paths with the same end are kept apart by the relations that they pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from genbench.errors import BadData, nearest
from genbench.kit import ranges

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Int

    from genbench import Context

EDGES = "edges"  # the table beside train
COLUMNS = ("head", "relation", "tail")


class Relations:
    """The submission: weights of shape (ends of all paths, classes)."""

    def __init__(self, context: Context) -> None:
        ranges.check(context.params, RANGES)
        self.context = context
        self.where = f"{context.task}/{context.split}"

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Fit the classes. Raises `BadData` without edges or rows, for labels below 0 and for nodes without an edge."""
        del validation
        labels = column(train, self.context.target)
        if not len(labels) or labels.min() < 0:
            raise BadData(f"column {self.context.target!r} must hold labels from 0 on, and some")
        self.rows = sparse.hstack(self.paths()).tocsr()
        self.middle = np.eye(int(labels.max()) + 1)[labels].mean(0)
        given = self.rows[self.nodes(train)]
        square = (given @ given.T).toarray()  # there are more ends of paths than rows: weights are sums of rows
        square[np.diag_indices_from(square)] += float(self.context.params["decay"])
        self.weights = given.T @ np.linalg.solve(square, np.eye(len(self.middle))[labels] - self.middle)
        self.parameters = self.weights.size + self.middle.size

    def paths(self) -> list[sparse.csr_array]:
        """Of each path of up to `order` relations, from every node the share of its ends that each node is."""
        steps = self.relations()
        paths = longest = [sparse.eye_array(steps[0].shape[0], format="csr")]
        for _ in range(int(self.context.params["order"])):
            longest = [path @ step for path in longest for step in steps]
            longest = [path for path in longest if path.nnz]
            paths = [*paths, *longest]
        return paths

    def relations(self) -> list[sparse.csr_array]:
        """Each relation, forwards and back: rows are nodes, and hold equal shares of where it leads from there."""
        if EDGES not in self.context.auxiliary:
            raise BadData(f"{self.where} has no auxiliary table {EDGES!r}{nearest(EDGES, self.context.auxiliary)}")
        table = self.context.auxiliary[EDGES]
        if missing := [name for name in COLUMNS if name not in table.column_names]:
            raise BadData(f"{self.where}: the table {EDGES!r} has no column {missing[0]!r}")
        heads, tails = column(table, "head"), column(table, "tail")
        if not len(heads) or min(heads.min(), tails.min()) < 0:
            raise BadData(f"{self.where}: the table {EDGES!r} must hold edges between nodes from 0 on, and some")
        names = np.array(table["relation"][:])
        nodes = int(max(heads.max(), tails.max())) + 1
        steps = []
        for name in dict.fromkeys(names.tolist()):
            own = names == name
            there = sparse.csr_array((np.ones(own.sum()), (heads[own], tails[own])), shape=(nodes, nodes))
            steps += [averaged(there), averaged(there.T.tocsr())]
        return steps

    def predict(self, questions: Dataset) -> Int[np.ndarray, " question"]:
        """The likeliest class. Raises `BadData` for nodes without an edge."""
        return (self.rows[self.nodes(questions)] @ self.weights + self.middle).argmax(1)

    def nodes(self, given: Dataset) -> Int[np.ndarray, " row"]:
        """The node of each row."""
        (name,) = self.context.inputs
        nodes = column(given, name)
        if (strange := (nodes < 0) | (nodes >= self.rows.shape[0])).any():
            raise BadData(f"{self.where}: column {name!r} has the node {nodes[strange][0]}, which no edge has")
        return nodes


def column(given: Dataset, name: str) -> Int[np.ndarray, " row"]:
    """A column of whole numbers."""
    return given.with_format("arrow")[:].column(name).to_numpy()


def averaged(edges: sparse.csr_array) -> sparse.csr_array:
    """Rows divided by their sums; rows of zeros stay so."""
    sums = edges.sum(1)
    return (sparse.diags_array(1 / np.where(sums, sums, 1)) @ edges).tocsr()


RANGES = {
    "order": (lambda it: 0 <= it <= 4, "0 to 4"),
    "decay": (lambda it: it > 0, "above 0"),
}
