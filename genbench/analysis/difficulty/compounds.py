"""Atoms and compounds: what trees are made of, and how far their distributions in training and questions diverge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from genbench.analysis.difficulty.trees import Trees, together, trees_of
from genbench.analysis.difficulty.words import sizes
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jaxtyping import Float, Int

    from genbench.cards import TaskCard

ATOM_ALPHA: Final = 0.5  # section 2.2 of their paper
COMPOUND_ALPHA: Final = 0.1
NODES: Final = 4_000_000  # nodes whose compounds are counted: of more, every nth row's; bounds memory to about 1 GB


@dataclass(frozen=True, slots=True)
class Parts:
    """What the trees of some examples are made of: each atom's place, and each compound once an example.

    `atoms` and `compounds` are numbers that mean the same for all examples; `owners` are the examples they stand in.
    """

    atoms: Int[np.ndarray, " node"]
    atom_owners: Int[np.ndarray, " node"]
    compounds: Int[np.ndarray, " found"]
    compound_owners: Int[np.ndarray, " found"]
    weights: Float[np.ndarray, " found"]


def parts(trees: Trees) -> Parts:
    """Atoms and weighted compounds of all examples; P(G' | G) is taken over all of them."""
    owners = np.repeat(np.arange(len(trees.starts) - 1), np.diff(trees.starts))
    nodes = np.flatnonzero(trees.parents >= 0)  # a pair is a node with its parent, told by the node
    above = trees.parents[nodes]
    pairs = numbered(trees.labels[above], trees.slots[nodes], trees.labels[nodes])
    edge = np.full(len(trees.labels), -1)
    edge[nodes] = np.arange(len(nodes))
    upper, lower, shapes = _triples(trees, nodes, edge)
    triples = numbered(shapes, pairs[upper], pairs[lower])
    times = np.bincount(pairs, minlength=1)
    larger = np.bincount(triples, minlength=1)[triples]
    share = np.zeros(len(nodes))  # the largest P(triple | pair) around each pair
    for sides in (upper, lower):
        np.maximum.at(share, sides, np.minimum(1.0, larger / times[pairs[sides]]))
    most = int(pairs.max(initial=-1)) + 1
    found = np.concatenate([pairs, triples + most])
    where = np.concatenate([owners[nodes], owners[nodes[upper]]])
    weights = np.concatenate([1.0 - share, np.ones(len(triples))])
    # Once an example, with the greatest weight that it has there.
    both = where * (int(found.max(initial=0)) + 1) + found
    order = np.lexsort((-weights, both))
    first = order[np.flatnonzero(np.diff(both[order], prepend=-1))]
    return Parts(trees.labels, owners, found[first], where[first], weights[first])


def _triples(
    trees: Trees, nodes: Int[np.ndarray, " pair"], edge: Int[np.ndarray, " node"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Connected parts of three nodes, as two pairs that share one: shape 0 is a line down, shape 1 two children."""
    grand = edge[trees.parents[nodes]]
    lines = np.flatnonzero(grand >= 0)
    upper, lower, shapes = [grand[lines]], [lines], [np.zeros(len(lines), np.int64)]
    siblings = nodes[np.lexsort((trees.slots[nodes], trees.parents[nodes]))]
    apart = 1
    while True:
        same = trees.parents[siblings[apart:]] == trees.parents[siblings[:-apart]]
        if not same.any():
            break
        upper.append(edge[siblings[:-apart][same]])
        lower.append(edge[siblings[apart:][same]])
        shapes.append(np.ones(int(same.sum()), np.int64))
        apart += 1
    return np.concatenate(upper), np.concatenate(lower), np.concatenate(shapes)


def numbered(*columns: Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    """Equal rows get equal numbers, from 0 without gaps."""
    whole = np.zeros(len(columns[0]), np.int64)
    for one in columns:
        size = int(one.max(initial=0)) + 1
        whole = np.asarray(pa.array(whole * size + one).dictionary_encode().indices).astype(np.int64)
    return whole


def chernoff(p: Float[np.ndarray, " k"], q: Float[np.ndarray, " k"], alpha: float) -> float:
    """The Chernoff coefficient of two distributions, given as weights: 1 for equal ones, 0 for disjoint ones.

    >>> round(chernoff(np.array([1.0, 1.0]), np.array([2.0, 2.0]), 0.1), 6)
    1.0
    """
    if not p.sum() or not q.sum():
        return 0.0
    return float(np.sum((p / p.sum()) ** alpha * (q / q.sum()) ** (1 - alpha)))


def divergences(
    card: TaskCard, tables: Sequence[pa.Table], words: Sequence[pa.Array]
) -> Iterator[dict[str, float | None]]:
    """Of each table but the first, training, from that. Where inputs are very large, of every nth row."""
    every = int(np.ceil(sum(int(sizes(own).sum()) for own in words) / NODES)) or 1
    some = [pa.array(np.arange(0, table.num_rows, every)) for table in tables]
    given = [
        trees_of(card, table.take(rows), own.take(rows)) for table, rows, own in zip(tables, some, words, strict=True)
    ]
    found = parts(together(given))
    if not len(found.atoms):
        raise BadData(f"{card.name}: there is no word in the inputs")
    edges = np.cumsum([0, *(len(rows) for rows in some)])

    def divergence(
        numbers: np.ndarray, owners: np.ndarray, weights: np.ndarray, asked: int, alpha: float
    ) -> float | None:
        size = int(numbers.max(initial=0)) + 1
        sets = [(owners >= edges[at]) & (owners < edges[at + 1]) for at in (0, asked)]
        p, q = (np.bincount(numbers[own], weights[own], size) for own in sets)
        return 1.0 - chernoff(p, q, alpha) if p.sum() and q.sum() else None

    ones = np.ones(len(found.atoms))
    for asked in range(1, len(tables)):
        yield {
            "atom_divergence": divergence(found.atoms, found.atom_owners, ones, asked, ATOM_ALPHA),
            "compound_divergence": divergence(
                found.compounds, found.compound_owners, found.weights, asked, COMPOUND_ALPHA
            ),
        }
