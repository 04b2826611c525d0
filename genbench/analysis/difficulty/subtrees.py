"""Every connected part of every tree, and which parts are others with one node more.

A part with top v is v, and for each child of v nothing or a part whose top is that child: so the parts of a node are a
product over its children, built from the leaves up. Nodes of equal height are taken together, for all examples at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int

    from genbench.analysis.difficulty.trees import Trees

EVERY: Final = 1 << 30  # no tree has so many nodes


@dataclass(frozen=True, slots=True)
class Subtrees:
    """The connected parts of all examples, single nodes among them.

    `tops` is the node that a part hangs from. `forms` are equal where labels and build of two parts are: mixed into 64
    bits, of which two among a million forms are the same by accident once in 30 million measurements. Part `larger[i]`
    is part `smaller[i]` with one node more, around the same place.
    """

    tops: Int[np.ndarray, " part"]
    forms: Int[np.ndarray, " part"]
    sizes: Int[np.ndarray, " part"]
    smaller: Int[np.ndarray, " pair"]
    larger: Int[np.ndarray, " pair"]


def count(trees: Trees) -> float:
    """How many connected parts there are; infinite where that is beyond a float."""
    below = np.ones(len(trees.labels))
    with np.errstate(over="ignore"):
        for nodes in _by_height(trees):
            inner = nodes[trees.parents[nodes] >= 0]
            np.multiply.at(below, trees.parents[inner], 1.0 + below[inner])
    return float(below.sum())


def subtrees(trees: Trees, most: int = EVERY) -> Subtrees:
    """The connected parts of at most `most` nodes."""
    order, firsts = _children(trees)
    built = _Built.empty(len(trees.labels))
    for nodes in _by_height(trees):
        built.add(_grown(trees, nodes, order, firsts, built, most))
    return built.all()


def _by_height(trees: Trees) -> list[Int[np.ndarray, " node"]]:
    """The nodes by the longest way down to a leaf, leaves first."""
    order, firsts = _children(trees)
    levels = [np.flatnonzero(trees.parents < 0)]
    while len(levels[-1]):
        mother, nth = _spread(np.diff(firsts)[levels[-1]])
        levels.append(order[firsts[levels[-1]][mother] + nth])
    height = np.zeros(len(trees.labels), np.int64)
    for nodes in reversed(levels[1:]):
        np.maximum.at(height, trees.parents[nodes], height[nodes] + 1)
    ordered = np.argsort(height, kind="stable")
    return np.split(ordered, np.flatnonzero(np.diff(height[ordered])) + 1)


def _children(trees: Trees) -> tuple[Int[np.ndarray, " child"], Int[np.ndarray, " node+1"]]:
    """The children of node i are order[firsts[i] : firsts[i + 1]], by their slots."""
    inner = np.flatnonzero(trees.parents >= 0)
    order = inner[np.lexsort((trees.slots[inner], trees.parents[inner]))]
    return order, np.searchsorted(trees.parents[order], np.arange(len(trees.labels) + 1))


@dataclass(slots=True)
class _Parts:
    """Parts whose tops are some nodes of one height, grouped by these, and pairs of them.

    `below` are pairs of a part of a child, by its number among all, and its place here with the top put on.
    """

    nodes: Int[np.ndarray, " node"]
    counts: Int[np.ndarray, " node"]
    forms: Int[np.ndarray, " part"]
    sizes: Int[np.ndarray, " part"]
    pairs: Int[np.ndarray, "2 pair"]
    below: Int[np.ndarray, "2 pair"]


class _Column:
    """Rows of numbers that grow at their end; room is doubled, so that adding costs what is added."""

    def __init__(self, rows: int) -> None:
        self.room, self.length = np.zeros((rows, 1), np.int64), 0

    def add(self, more: Int[np.ndarray, "row number"]) -> None:
        end = self.length + more.shape[1]
        if end > self.room.shape[1]:
            larger = np.zeros((len(more), 2 * end), np.int64)
            larger[:, : self.length] = self.there()
            self.room = larger
        self.room[:, self.length : end] = more
        self.length = end

    def there(self) -> Int[np.ndarray, "row number"]:
        return self.room[:, : self.length]


@dataclass(slots=True)
class _Built:
    """What is there so far: for each node the first of its parts and their number, and likewise its pairs."""

    first: Int[np.ndarray, " node"]
    counts: Int[np.ndarray, " node"]
    first_pair: Int[np.ndarray, " node"]
    pair_counts: Int[np.ndarray, " node"]
    tops: list[Int[np.ndarray, " part"]]
    forms: _Column
    sizes: _Column
    pairs: _Column
    below: list[Int[np.ndarray, "2 pair"]]

    @classmethod
    def empty(cls, nodes: int) -> _Built:
        first, counts, first_pair, pair_counts = np.zeros((4, nodes), np.int64)
        return cls(first, counts, first_pair, pair_counts, [], _Column(1), _Column(1), _Column(2), [])

    def add(self, parts: _Parts) -> None:
        owners = np.repeat(parts.nodes, parts.counts)
        before, pairs_before = self.forms.length, self.pairs.length
        self.first[parts.nodes] = before + _starts(parts.counts)
        self.counts[parts.nodes] = parts.counts
        pairs = parts.pairs[:, np.argsort(parts.pairs[0], kind="stable")]  # by node, for parts are
        own = np.bincount(np.repeat(np.arange(len(parts.nodes)), parts.counts)[pairs[0]], minlength=len(parts.nodes))
        self.first_pair[parts.nodes] = pairs_before + _starts(own)
        self.pair_counts[parts.nodes] = own
        self.tops.append(owners)
        self.forms.add(parts.forms[None])
        self.sizes.add(parts.sizes[None])
        self.pairs.add(pairs + before)
        self.below.append(parts.below + np.array([[0], [before]]))

    def all(self) -> Subtrees:
        smaller, larger = np.concatenate([self.pairs.there(), *self.below], axis=1)
        tops = np.concatenate(self.tops) if self.tops else np.zeros(0, np.int64)
        return Subtrees(tops, self.forms.there()[0], self.sizes.there()[0], smaller, larger)


def _grown(
    trees: Trees,
    nodes: Int[np.ndarray, " node"],
    order: Int[np.ndarray, " child"],
    firsts: Int[np.ndarray, " node+1"],
    built: _Built,
    most: int,
) -> _Parts:
    """The parts of `nodes`, whose children's are built: the node alone, then with each child's parts in turn."""
    ones, none = np.ones(len(nodes), np.int64), np.zeros((2, 0), np.int64)
    alone = _mixed(trees.labels[nodes], np.full(len(nodes), -1), np.full(len(nodes), -1))
    parts = _Parts(nodes, ones, alone, ones, none, none)
    families = firsts[nodes + 1] - firsts[nodes]
    for nth in range(int(families.max(initial=0))):
        has = nth < families
        children = np.where(has, order[np.minimum(firsts[nodes] + nth, len(order) - 1)], -1)
        parts = _with_child(parts, children, trees, built)
        parts = _up_to(parts, most)
    return parts


def _with_child(parts: _Parts, children: Int[np.ndarray, " node"], trees: Trees, built: _Built) -> _Parts:
    """Each part with nothing of the child, -1 for none, or with each of the child's parts."""
    there = children >= 0
    ways = 1 + np.where(there, built.counts[children], 0)  # of one part
    node = np.repeat(np.arange(len(parts.nodes)), parts.counts)
    width = ways[node]
    starts = _starts(width)  # of what becomes of each part
    before, way = _spread(width)
    taken = built.first[children][node[before]] + way - 1
    with_some = way > 0
    forms, sizes = parts.forms[before], parts.sizes[before].copy()
    slots = trees.slots[children][node[before]]
    forms = forms.copy()
    forms[with_some] = _mixed(forms[with_some], slots[with_some], built.forms.room[0, taken[with_some]])
    sizes[with_some] += built.sizes.room[0, taken[with_some]]

    found = []
    pair, way = _spread(width[parts.pairs[0]])  # one of a pair's own, and the same of the child
    found.append(starts[parts.pairs[:, pair]] + way)
    mine = np.flatnonzero(there[node])  # a part with nothing of the child, and with the child alone
    found.append(np.stack([starts[mine], starts[mine] + 1]))
    inner = np.where(there, built.pair_counts[children], 0)[node]
    mine, nth = _spread(inner)  # and with each pair of the child's
    which = built.first_pair[children][node[mine]] + nth
    found.append(starts[mine] + 1 + built.pairs.room[:, which] - built.first[children][node[mine]])

    top = _starts(parts.counts)  # the node alone is the first of its parts
    child, nth = _spread(ways - 1)
    risen = np.stack([built.first[children][child] + nth, starts[top[child]] + 1 + nth])
    below = np.stack([parts.below[0], starts[parts.below[1]]])
    return _Parts(
        parts.nodes,
        parts.counts * ways,
        forms,
        sizes,
        np.concatenate(found, axis=1),
        np.concatenate([below, risen], axis=1),
    )


def _up_to(parts: _Parts, most: int) -> _Parts:
    kept = parts.sizes <= most
    if kept.all():
        return parts
    node = np.repeat(np.arange(len(parts.nodes)), parts.counts)
    place = np.cumsum(kept) - 1
    pairs, below = parts.pairs[:, kept[parts.pairs[1]]], parts.below[:, kept[parts.below[1]]]
    counts = np.bincount(node[kept], minlength=len(parts.nodes))
    below = np.stack([below[0], place[below[1]]])
    return _Parts(parts.nodes, counts, parts.forms[kept], parts.sizes[kept], place[pairs], below)


def _starts(counts: Int[np.ndarray, " group"]) -> Int[np.ndarray, " group"]:
    return np.asarray(np.cumsum(counts) - counts)


def _spread(counts: Int[np.ndarray, " group"]) -> tuple[Int[np.ndarray, " one"], Int[np.ndarray, " one"]]:
    """For `counts` things of each group: the group of each, and its place there from 0."""
    group = np.repeat(np.arange(len(counts)), counts)
    return group, np.arange(len(group)) - _starts(counts)[group]


def _mixed(
    form: Int[np.ndarray, " part"], slot: Int[np.ndarray, " part"], child: Int[np.ndarray, " part"]
) -> Int[np.ndarray, " part"]:
    """64 bits of three numbers, in which each bit of each has a say (the finalizer of splitmix64 after each)."""
    mixed = np.zeros(len(form), np.uint64)
    for one in (form, slot, child):
        mixed = (mixed ^ one.astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed.astype(np.int64)
