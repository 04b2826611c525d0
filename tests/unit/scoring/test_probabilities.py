"""Metrics of probabilities, against the slow counts that they stand for and figures worked out by hand."""

import itertools
import json
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import rankings
from genbench.scoring import metrics
from genbench.scoring.probabilities import WORST

BINARY = st.lists(st.tuples(st.sampled_from([0.0, 0.125, 0.5, 0.75, 1.0]), st.integers(0, 1)), min_size=1, max_size=9)


def of(name, answers, targets):
    metric = metrics.METRICS[name]
    return metric.over(metric.grade(rankings.kept(rankings.from_values(answers)), pa.array(targets, pa.int64())))


def told(chance):
    """Both labels with their probabilities, the likelier first."""
    return sorted([(1, chance), (0, 1 - chance)], key=lambda one: -one[1])


def test_metrics_of_probabilities_are_those_of_independent_code(reference):
    cases = json.loads((reference / "seeds_tasks" / "calibration.json").read_text())

    assert len(cases) == 4
    names = {"top_1": "accuracy", "expected_calibration_error": "ece_15", "aurc": "aurc", "e_aurc": "e_aurc",
             "nll": "nll", "brier": "brier"}  # fmt: skip
    for case in cases:
        chances, targets = np.array(case["probabilities"]), pa.array(case["y"], pa.int64())
        answers = rankings.of_probabilities(chances, most=chances.shape[1])  # whole, where rows keep the five best
        found = {}
        for ours, theirs in names.items():
            metric = metrics.METRICS[ours]
            found[theirs] = metric.over(metric.grade(answers, targets))
        assert found == pytest.approx({theirs: case[theirs] for theirs in names.values()}, abs=1e-5)


def test_the_loss_is_that_of_the_right_label():
    assert of("nll", [[(3, 0.5), (1, 0.25)], [(1, 0.25)]], [3, 1]) == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_a_label_that_was_not_named_costs_as_much_as_one_that_rounds_to_nothing():
    assert of("nll", [[(3, 1.0)]], [1]) == of("nll", [[]], [1]) == WORST


def test_the_brier_score_is_a_squared_distance_over_all_classes():
    # By hand: (0.7 - 1)^2 + 0.2^2 = 0.13, and 0.6^2 + (0.4 - 1)^2 = 0.72.
    assert of("brier", [[(0, 0.7), (1, 0.2)], [(0, 0.6), (1, 0.4)]], [0, 1]) == pytest.approx((0.13 + 0.72) / 2)
    assert of("brier", [[(0, 1.0)]], [1]) == 2.0


@given(BINARY)
def test_the_area_under_the_roc_is_the_share_of_pairs_in_the_right_order(rows):
    found = of("auc", [told(chance) for chance, _ in rows], [label for _, label in rows])

    positive, negative = ([chance for chance, label in rows if label == wanted] for wanted in (1, 0))
    if not positive or not negative:
        assert found is None
        return
    pairs = [(one > other) + (one == other) / 2 for one, other in itertools.product(positive, negative)]
    assert found == pytest.approx(np.mean(pairs))


def test_of_two_classes_one_probability_says_both():
    assert of("auc", [[(0, 0.9)], [(0, 0.6)], [(1, 0.7)]], [0, 1, 1]) == 1.0


def test_of_more_classes_each_is_told_from_the_rest_and_counts_alike():
    answers = [[(0, 0.8), (1, 0.2)], [(1, 0.5), (0, 0.5)], [(2, 1.0)], [(0, 0.9)]]
    targets = [0, 1, 2, 2]

    # Class 0: 0.8 against 0.5, 0, 0.9 is 2/3; class 1: 0.5 above all; class 2: 1 above both, 0 tied with both.
    assert of("auc", answers, targets) == pytest.approx((2 / 3 + 1.0 + (2 + 1) / 4) / 3)


def slow_area(rows):
    """The mean over all orders that never put the less sure first, of the mean error among the k surest."""
    areas = []
    for order in itertools.permutations(rows):
        if all(one[0] >= other[0] for one, other in itertools.pairwise(order)):
            errors = np.cumsum([not right for _, right in order]) / np.arange(1, len(order) + 1)
            areas.append(errors.mean())
    return np.mean(areas)


@given(st.lists(st.tuples(st.sampled_from([0.25, 0.5, 1.0]), st.booleans()), min_size=1, max_size=5))
def test_the_area_under_the_risk_coverage_curve_is_that_of_a_slow_count(rows):
    answers = [[(1, sure)] for sure, _ in rows]
    targets = [int(right) for _, right in rows]

    best = min(
        slow_area(list(zip(range(len(rows), 0, -1), order, strict=True)))
        for order in itertools.permutations(right for _, right in rows)
    )
    assert of("aurc", answers, targets) == pytest.approx(slow_area(rows))
    assert of("e_aurc", answers, targets) == pytest.approx(slow_area(rows) - best, abs=1e-12)


def test_the_excess_of_many_answers_is_that_of_the_papers_closed_form():
    stream = np.random.default_rng(0)
    right = stream.random(20_000) < 0.7
    answers = [[(1, float(sure))] for sure in stream.random(20_000)]

    r = 1 - right.mean()
    area = of("aurc", answers, right.astype(int).tolist())
    assert of("e_aurc", answers, right.astype(int).tolist()) == pytest.approx(
        area - (r + (1 - r) * math.log(1 - r)), abs=1e-3
    )


@pytest.mark.parametrize("name", ["nll", "brier", "auc", "aurc", "e_aurc"])
def test_without_probabilities_there_is_no_value(name):
    assert of(name, [[1], [0, 1], [2]], [0, 1, 2]) is None
