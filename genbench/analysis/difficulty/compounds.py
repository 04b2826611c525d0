"""Atoms and compounds: what trees are made of, and how far their distributions in training and questions diverge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from genbench.analysis.difficulty.subtrees import EVERY, count, subtrees
from genbench.analysis.difficulty.trees import Trees, together, trees_of
from genbench.analysis.difficulty.words import sizes
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jaxtyping import Float, Int

    from genbench.cards import TaskCard

ATOM_ALPHA: Final = 0.5  # section 2.2 of their paper
COMPOUND_ALPHA: Final = 0.1
PARTS: Final = 6_000_000  # connected parts that are all counted; of more, those of at most three nodes
FEW: Final = 3
NODES: Final = 2_000_000  # nodes whose compounds are counted: of more, every nth row's. Both bound memory to about 2 GB


@dataclass(frozen=True, slots=True)
class Parts:
    """What the trees of some examples are made of: each atom's place, and each compound once an example.

    `atoms` and `compounds` are numbers that mean the same for all examples; `owners` are the examples they stand in.
    `largest` is the number of nodes of the largest compound, 0 where there is none.
    """

    atoms: Int[np.ndarray, " node"]
    atom_owners: Int[np.ndarray, " node"]
    compounds: Int[np.ndarray, " found"]
    compound_owners: Int[np.ndarray, " found"]
    weights: Float[np.ndarray, " found"]
    largest: int


def parts(trees: Trees, most: int = EVERY) -> Parts:
    """Atoms and weighted compounds, of at most `most` nodes, of all examples; P(G' | G) is taken over all of them."""
    owners = np.repeat(np.arange(len(trees.starts) - 1), np.diff(trees.starts))
    found = subtrees(trees, most)
    forms = numbered(found.forms)
    times = np.bincount(forms, minlength=1)
    # Of a G' with one node more, for whatever is larger holds one. That P(G' | G) is the largest, but where G stands at
    # unlike places of one G'': in SCAN's mcd1 three of 402,993 parts weigh more so than by all G', by 0.007 at most.
    share = np.zeros(len(forms))
    smaller, around = found.smaller, forms[found.larger]
    within = numbered(smaller, around)  # a place of G, and what it stands within: counted once
    one = np.unique(within, return_index=True)[1]
    both = numbered(forms[smaller], around)
    chances = np.bincount(both[one], minlength=1)[both] / times[forms[smaller]]
    np.maximum.at(share, smaller, chances)
    several = found.sizes > 1
    compounds, where, weights = forms[several], owners[found.tops[several]], 1.0 - share[several]
    # Once an example, with the greatest weight that it has there.
    pairs = numbered(where, compounds)
    order = np.lexsort((-weights, pairs))
    first = order[np.flatnonzero(np.diff(pairs[order], prepend=-1))]
    return Parts(
        trees.labels, owners, compounds[first], where[first], weights[first], int(found.sizes[several].max(initial=0))
    )


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
    """Of each table but the first, training, from that; and how many nodes the largest compound has.

    Where inputs are very large, of every nth row, and of compounds of at most three nodes.
    """
    every = int(np.ceil(sum(int(sizes(own).sum()) for own in words) / NODES)) or 1
    some = [pa.array(np.arange(0, table.num_rows, every)) for table in tables]
    given = [
        trees_of(card, table.take(rows), own.take(rows)) for table, rows, own in zip(tables, some, words, strict=True)
    ]
    trees = together(given)
    found = parts(trees, EVERY if count(trees) <= PARTS else FEW)
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
            "compound_nodes": float(found.largest) or None,
        }
