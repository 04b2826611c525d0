"""Compounds against their definition, written a second time and slowly; and on the splits they were made for."""

from collections import Counter, defaultdict
from itertools import combinations
from math import isclose

import numpy as np
import pytest

from genbench.analysis import difficulty
from genbench.analysis.difficulty import Trees


def a_forest(seed, count=60):
    """Random trees of up to eight nodes with three labels."""
    stream = np.random.default_rng(seed)
    labels, parents, slots, starts = [], [], [], [0]
    for _ in range(count):
        begin, children = len(labels), Counter()
        for place in range(stream.integers(1, 9)):
            above = -1 if place == 0 else begin + int(stream.integers(0, place))
            labels.append(int(stream.integers(0, 3)))
            parents.append(above)
            slots.append(children[above])
            children[above] += 1
        starts.append(len(labels))
    return Trees(("a", "b", "c"), *(np.array(one, np.int64) for one in (labels, parents, slots, starts)))


def weighed(trees):
    """Compounds with their weight in each example, by the words of the definition."""
    examples, times = [], Counter()
    for begin, end in zip(trees.starts[:-1], trees.starts[1:], strict=True):
        edges = {node: trees.parents[node] for node in range(begin, end) if trees.parents[node] >= 0}

        places = []
        for size in (2, 3):
            for chosen in combinations(range(begin, end), size):
                if sum(edges.get(node) in chosen for node in chosen) != size - 1:
                    continue
                top = next(node for node in chosen if edges.get(node) not in chosen)
                places.append((frozenset(chosen), named(trees, edges, chosen, top)))
        examples.append(places)
        times.update(part for _, part in places)
    found = []
    for places in examples:
        weights = defaultdict(float)
        for nodes, part in places:
            around = [times[other] / times[part] for larger, other in places if nodes < larger]
            weights[part] = max(weights[part], 1 - min(1.0, max(around, default=0.0)))
        found.append(weights)
    return found


def named(trees, edges, chosen, top):
    """Equal parts have equal names: nodes are numbered from the top, siblings by their slot."""
    order = sorted(chosen, key=lambda node, top=top: (depth(edges, node, top), trees.slots[node]))
    where = {node: number for number, node in enumerate(order)}
    return tuple((trees.labels[node], where.get(edges.get(node)), node != top and trees.slots[node]) for node in order)


def depth(edges, node, top):
    return 0 if node == top else 1 + depth(edges, edges[node], top)


@pytest.mark.parametrize("seed", range(5))
def test_compounds_and_their_weights_are_those_of_the_definition(seed):
    trees = a_forest(seed)

    found = difficulty.parts(trees)

    expected = weighed(trees)
    for example, weights in enumerate(expected):
        own = found.compound_owners == example
        assert np.allclose(sorted(found.weights[own]), sorted(weights.values()))
    # A compound is the same compound in all examples.
    summed = Counter()
    for weights in expected:
        summed.update(weights)
    assert np.allclose(
        sorted(np.bincount(found.compounds, found.weights)[np.unique(found.compounds)]), sorted(summed.values())
    )


def test_the_coefficient_is_that_of_the_paper():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])

    assert isclose(difficulty.chernoff(p, q, 0.5), 2 * (0.5 * 0.25) ** 0.5)
    assert isclose(difficulty.chernoff(p, q, 0.1), 2 * 0.5**0.1 * 0.25**0.9)
    assert difficulty.chernoff(p, np.array([0.0, 0.0, 1.0]), 0.1) == 0.0


def test_alike_words_in_unlike_pairs_diverge_in_compounds_alone(table, measured):
    found = measured(table(("a b", "x"), ("c d", "y")), table(("b a", "x"), ("d c", "y")))

    assert (found["atom_divergence"], found["compound_divergence"]) == (0.0, 1.0)
    assert (found["words_seen"], found["pairs_seen"], found["triples_seen"]) == (1.0, 0.0, None)


@pytest.mark.parametrize("split", ["mcd1", "mcd2", "mcd3"])
def test_the_mcd_splits_diverge_in_compounds_and_not_in_atoms(measured_split, reference, monkeypatch, split):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))

    found = measured_split(f"scan/{split}")

    assert found["test", "atom_divergence"] < 0.02
    assert found["test", "compound_divergence"] > 0.5
    assert found["test", "words_seen"] == 1.0


def test_a_random_split_does_not_diverge_and_others_lie_between(measured_split, reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))

    simple, length, mcd = (
        measured_split(f"scan/{split}")["test", "compound_divergence"] for split in ("simple", "length", "mcd2")
    )

    assert simple < 0.001
    assert 100 * simple < length < mcd / 4
