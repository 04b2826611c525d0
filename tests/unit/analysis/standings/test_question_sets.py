"""Standings: what a mean over seeds may and may not say."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis.standings import Headline, wilson

EXACT = {"toy/echo": Headline("exact_match", chance={"test": 0.25}, kinds={"test": "ood"}, axes=("length",))}
scores_of_seeds = st.lists(st.integers(0, 100).map(lambda right: right / 100), min_size=1, max_size=6)
boards = st.dictionaries(st.sampled_from(["one", "two", "three", "four", "five"]), scores_of_seeds, min_size=1)


def test_one_seed_has_the_interval_of_its_questions_and_says_so(stand, seeds_of):
    (one,) = stand(seeds_of("mlp", [0.8]))

    assert (one.low, one.high) == pytest.approx(wilson(0.8, 100))
    assert one.one_seed


@given(scores=boards, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_has_no_say(stand, many, scores, order):
    rows = many(scores)
    mixed = order.sample(rows, len(rows))

    assert stand(mixed) == stand(rows)


def test_a_submission_that_only_failed_is_listed_last_on_every_question_set(stand, seeds_of, failure):
    partly = [*seeds_of("partly", [0.0]), failure("partly", 1)]

    found = stand([failure("bad", 0), failure("bad", 1, "error"), failure("bad", 2), *partly, *seeds_of("good", [0.0])])

    assert [one.submission for one in found] == ["good", "partly", "bad"]
    assert (found[2].mean, found[2].failed) == (None, (("error", 1), ("timeout", 2)))
    assert (found[2].question_set, found[2].unranked) == ("test", "no seed was graded")


def test_where_nothing_was_graded_the_card_names_the_question_sets(stand, failure):
    (one,) = stand([failure()])

    assert (one.question_set, one.kind) == ("test", "ood")


def test_a_cell_without_a_finite_score_is_ungraded(a_cell, a_score, stand):
    cells = [a_cell(seed=seed) for seed in range(3)]

    (one,) = stand([(cells[0], [a_score(cells[0], 0.5)]), (cells[1], []), (cells[2], [a_score(cells[2], math.nan)])])

    assert (one.seeds, one.mean, one.failed) == (1, 0.5, (("ungraded", 2),))


@pytest.mark.parametrize(
    ("changes", "above"),
    [
        ({"mean": 0.25}, 0.0),
        ({"mean": 1.0}, 1.0),
        ({"mean": 0.625}, 0.5),
        ({"mean": 0.0}, -1 / 3),
        ({"mean": 0.625, "floor": 0.5}, 0.25),  # the better of chance and floor
        ({"mean": None}, None),
        ({"chance": None}, None),
        ({"chance": 1.0}, None),
        ({"bounded": False}, None),
        ({"mean": 0.5, "chance": 2.0, "direction": "lower", "ends": (0.0, math.inf)}, 0.75),
    ],
)
def test_above_the_floor_is_0_for_what_looks_at_no_question_and_1_for_all_right(stand, seeds_of, changes, above):
    (one,) = stand(seeds_of("mlp", [0.5]))

    assert replace(one, **changes).above_floor == (above if above is None else pytest.approx(above))


def test_a_constant_answer_scores_0_above_the_floor_where_the_card_knows_none(stand, many):
    constant, other = stand(many({"majority": [0.4] * 3, "mlp": [0.3] * 3}))

    assert (constant.floor, constant.above_floor) == (pytest.approx(0.4), 0)
    assert other.above_floor == pytest.approx(-0.1 / 0.6)


def test_steady_seeds_that_answer_the_same_questions_are_surer_than_their_scores_alone(stand, answered, evidence):
    stream = np.random.default_rng(0)
    rows, marks = answered("mlp", (stream.random((5, 300)) < stream.random(300)).astype(float))

    (known,), (alone,) = stand(rows, evidence=evidence(marks)), stand(rows)

    assert known.mean == pytest.approx(alone.mean)
    assert alone.low < known.low < known.high < alone.high


def test_marks_that_are_none_of_the_scores_are_not_looked_at(stand, answered, evidence):
    rows, marks = answered("mlp", [[1, 0, 1, 1], [1, 0, 0, 1], [1, 1, 1, 0]])
    others = {cell: [1 - one for one in own] for cell, own in marks.items()}

    assert stand(rows, evidence=evidence(others)) == stand(rows)


def test_questions_of_a_cluster_count_together_and_the_standing_says_over_how_many(stand, answered, evidence):
    rows, marks = answered("mlp", [np.repeat([1.0, 0, 1, 1, 0, 1], 50)] * 3)
    known = evidence(marks, {"category": np.repeat(np.arange(6), 50)})
    clustered = {"toy/echo": replace(EXACT["toy/echo"], cluster="category")}

    (apart,), (together,) = stand(rows, evidence=known), stand(rows, clustered, known)

    (within,) = stand(rows, {"toy/echo": replace(EXACT["toy/echo"], strata="category")}, known)

    assert (together.clusters, apart.clusters) == (6, 0)
    assert (within.strata, within.stratum, within.clusters) == (6, "category", 0)
    assert within.high - within.low < 0.4 * (apart.high - apart.low)
    assert together.high - together.low > 4 * (apart.high - apart.low)


def test_the_gap_is_between_questions_as_in_training_and_others(a_cell, a_score, stand):
    rows = []
    for seed, (inside, outside) in enumerate([(0.9, 0.5), (0.95, 0.55), (1.0, 0.6)]):
        cell = a_cell(seed=seed)
        rows.append((cell, [a_score(cell, outside), a_score(cell, inside, question_set="id", kind="id")]))

    outside, inside = stand(rows)

    assert outside.gap.value == pytest.approx(0.4)
    assert outside.gap.low < 0.4 < outside.gap.high
    assert inside.gap is None


def test_seeds_that_part_are_told_as_heaps(stand, seeds_of):
    (one,) = stand(seeds_of("mlp", [0.99, 0.05, 0.97, 0.98, 0.96]))

    assert (one.heap.many, one.heap.seeds, one.heap.least) == (4, 5, 0.9)
