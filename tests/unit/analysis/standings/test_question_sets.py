"""Standings: what a mean over seeds may and may not say."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis.standings import Headline, standings, wilson
from genbench.rows import schema

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
        ({"mean": None}, None),
        ({"chance": None}, None),
        ({"chance": 1.0}, None),
        ({"bounded": False}, None),
        ({"direction": "lower"}, None),
    ],
)
def test_above_chance_is_0_for_guessing_and_1_for_all_right(a_cell, a_score, changes, above):
    cell = a_cell(seed=0)
    (one,) = standings(
        schema.to_table([cell], schema.CELLS), schema.to_table([a_score(cell, 0.5)], schema.SCORES), EXACT
    )

    assert replace(one, **changes).above_chance == (above if above is None else pytest.approx(above))
