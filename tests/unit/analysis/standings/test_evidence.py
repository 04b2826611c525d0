"""What is measured of a split's questions: the chance of a question set, and of each slice its own."""

from itertools import permutations

import numpy as np
import pytest

from genbench.analysis.standings import Evidence, Headline, by_slice, standings
from genbench.analysis.standings.evidence import Marked
from genbench.rows.schema import CELLS, SCORES, to_table
from genbench.rows.store import Store

TARGETS = ["a b", "a  b", "c", "a b", "d"]
KINDS = ["x", "x", "x", "y", "z"]


def pairs(targets):
    """The share of ordered pairs of two questions with equal targets."""
    found = [one.split() == other.split() for one, other in permutations(targets, 2)]
    return sum(found) / len(found) if found else None


@pytest.fixture
def rows(tmp_path, a_cell, a_score):
    """A cell that answered questions of three kinds: where it lies, its row of CELLS, and its scores."""
    cell = a_cell()
    graded = [a_score(cell, 0.2, 5)]
    graded += [a_score(cell, 0.0, KINDS.count(one), axis="kind", slice=one) for one in "xyz"]
    asked = [
        {"cell": cell["cell"], "question_set": "test", "question_id": place, "prediction": "d", "target": target}
        | {"correct": target == "d", "slices": [("kind", kind)]}
        for place, (target, kind) in enumerate(zip(TARGETS, KINDS, strict=True))
    ]
    store = Store(str(tmp_path))
    store.append("toy", "mlp", cell["cell"], {"cells": [cell], "scores": graded, "predictions": asked})
    return store, to_table([cell], CELLS), to_table(graded, SCORES)


@pytest.mark.parametrize("metric", ["exact_match", "token_accuracy"])
def test_chance_is_measured_where_a_mark_says_that_an_answer_is_the_target(rows, metric):
    store, cells, scores = rows
    if metric != "exact_match":
        scores = to_table([{**row, "metric": metric} for row in scores.to_pylist()], SCORES)
    fact = Headline(metric, kinds={"test": "ood"}, axes=("kind",), ends=(0, 1))
    evidence = Evidence([store])

    (whole,) = standings(cells, scores, {"toy/echo": fact}, evidence)
    found = {one.slice: one.chance for one in by_slice(cells, scores, {"toy/echo": fact}, evidence)}

    if metric == "exact_match":
        assert whole.chance == pytest.approx(pairs(TARGETS))
        assert found == {"x": pytest.approx(pairs(TARGETS[:3])), "y": None, "z": None}
    else:
        assert (whole.chance, set(found.values())) == (None, {None})


def test_what_the_card_says_stands_before_what_was_measured(rows):
    store, cells, scores = rows
    said = Headline(
        "exact_match",
        chance={"test": 0.5},
        chance_along={"kind": {"x": 0.25}},
        kinds={"test": "ood"},
        axes=("kind",),
    )

    (whole,) = standings(cells, scores, {"toy/echo": said}, Evidence([store]))
    found = {one.slice: one.chance for one in by_slice(cells, scores, {"toy/echo": said}, Evidence([store]))}

    assert (whole.chance, found["x"]) == (0.5, 0.25)


def test_the_share_is_that_of_answers_in_disorder():
    targets = np.array([0] * 60 + [1] * 30 + [2] * 10)
    stream = np.random.default_rng(0)
    turned = [np.mean(targets == np.roll(stream.permutation(targets), 1)) for _ in range(500)]

    assert Marked(targets={"test": targets}).chance("test") == pytest.approx(np.mean(turned), abs=0.01)
    assert Marked(targets={"test": targets}).chance("test", "kind", "x") is None
    assert Marked(targets={"test": targets[:1]}).chance("test") is None
