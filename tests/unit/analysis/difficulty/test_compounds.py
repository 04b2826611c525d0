"""Compounds against their definition, written a second time and slowly; and on the splits they were made for."""

from collections import Counter, defaultdict
from itertools import combinations
from math import isclose

import numpy as np
import pytest

from genbench.analysis import difficulty
from genbench.analysis.difficulty import Trees, compounds
from genbench.analysis.difficulty.subtrees import count, subtrees
from genbench.analysis.difficulty.words import words_of


def a_forest(seed, examples=20):
    """Random trees of up to eight nodes with three labels."""
    stream = np.random.default_rng(seed)
    labels, parents, slots, starts = [], [], [], [0]
    for _ in range(examples):
        begin, children = len(labels), Counter()
        for place in range(stream.integers(1, 9)):
            above = -1 if place == 0 else begin + int(stream.integers(0, place))
            labels.append(int(stream.integers(0, 3)))
            parents.append(above)
            slots.append(children[above])
            children[above] += 1
        starts.append(len(labels))
    return Trees(("a", "b", "c"), *(np.array(one, np.int64) for one in (labels, parents, slots, starts)))


def weighed(trees, most):
    """Compounds of at most `most` nodes with their weight in each example, by the words of the definition."""
    examples, times, inside = [], Counter(), Counter()
    for begin, end in zip(trees.starts[:-1], trees.starts[1:], strict=True):
        edges = {node: trees.parents[node] for node in range(begin, end) if trees.parents[node] >= 0}
        places = []
        for size in range(1, min(most, end - begin) + 1):
            for chosen in combinations(range(begin, end), size):
                if sum(edges.get(node) in chosen for node in chosen) == size - 1:
                    top = next(node for node in chosen if edges.get(node) not in chosen)
                    places.append((frozenset(chosen), named(trees, edges, chosen, top)))
        examples.append([(nodes, part, one_more(nodes, places)) for nodes, part in places])
        times.update(part for _, part in places)
        inside.update((part, other) for _, part, around in examples[-1] for other in around)
    found = []
    for places in examples:
        weights = defaultdict(float)
        for nodes, part, around in places:
            if len(nodes) > 1:
                within = max((inside[part, other] / times[part] for other in around), default=0.0)
                weights[part] = max(weights[part], 1 - within)
        found.append(weights)
    return found


def one_more(nodes, places):
    return {other for larger, other in places if nodes < larger and len(larger) == len(nodes) + 1}


def named(trees, edges, chosen, top):
    """Equal parts have equal names: each node's label, and the slots on the way to it from the top."""
    return tuple(sorted((way_down(trees, edges, node, top), trees.labels[node]) for node in chosen))


def way_down(trees, edges, node, top):
    return () if node == top else (*way_down(trees, edges, edges[node], top), trees.slots[node])


@pytest.mark.parametrize(("seed", "most"), [(0, 8), (1, 8), (2, 3), (3, 5)])
def test_compounds_and_their_weights_are_those_of_the_definition(seed, most):
    trees = a_forest(seed)

    found = difficulty.parts(trees, most)

    expected = weighed(trees, most)
    assert found.largest == most
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


# Computed by independent code from the published index lists, with all connected parts of the same parses.
FIGURES = {"mcd1": (0.0066, 0.7403), "mcd2": (0.0166, 0.7450), "mcd3": (0.0072, 0.7418), "simple": (0.0001, 0.065)}


@pytest.mark.parametrize("split", FIGURES)
def test_divergence_of_compounds_is_that_of_every_part_of_the_parse(data_of, reference, monkeypatch, split):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    card, data = data_of(f"scan/{split}")
    tables = [data.train, data.questions["test"]]

    found = next(compounds.divergences(card, tables, [words_of(table, card.inputs) for table in tables]))

    assert (found["atom_divergence"], found["compound_divergence"]) == pytest.approx(FIGURES[split], abs=0.0001)
    assert found["compound_nodes"] == 9


def test_parts_of_at_most_three_nodes_are_counted_where_all_would_be_too_many(table, measured, monkeypatch):
    monkeypatch.setattr(compounds, "PARTS", 20)
    rows = table(("a b c d e f", "x"), ("c d", "y"))  # 21 runs of the first, 3 of the second

    assert measured(rows, rows)["compound_nodes"] == 3


def test_the_parts_of_a_tree_are_told_by_a_product_over_its_children():
    trees = a_forest(9)

    assert count(trees) == len(subtrees(trees).sizes)
