"""What a rank may and may not say."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis.standings import Headline

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
TOY = Headline("exact_match", kinds={"test": "ood"})
EXACT = {"toy/echo": TOY}
LOWER = {"toy/echo": Headline("error_rate", "lower", kinds={"test": "ood"})}
scores_of_seeds = st.lists(st.integers(0, 100).map(lambda right: right / 100), min_size=3, max_size=5)
boards = st.dictionaries(st.sampled_from(["one", "two", "three", "four", "five"]), scores_of_seeds, min_size=1)


def ranks_of(found):
    return {one.submission: one.ranks for one in found}


def test_a_rank_is_a_set_that_counts_who_is_surely_better_and_surely_worse(stand, many):
    found = stand(many({"best": [0.9] * 3, "near": [0.88] * 3, "far": [0.2] * 3}))

    assert [(one.submission, one.ranks) for one in found] == [("best", (1, 2)), ("near", (1, 2)), ("far", (3, 3))]


def test_answers_to_the_same_questions_separate_what_scores_alone_do_not(stand, answered, evidence):
    hard = np.arange(200) < 100  # the one is right of half the questions, the other of these and five more
    rows, marks = answered("one", [hard] * 3)
    more, others = answered("other", [np.arange(200) < 112] * 3)

    known = stand([*rows, *more], EXACT, evidence(marks | others))

    assert ranks_of(known) == {"other": (1, 1), "one": (2, 2)}
    assert ranks_of(stand([*rows, *more])) == {"other": (1, 2), "one": (1, 2)}


def test_seeds_at_both_ends_take_no_rank_from_anyone_and_have_none_of_their_own(stand, many):
    found = stand(many({"wild": [0.05, 0.95], "good": [0.987, 0.98, 0.99]}))

    assert [(one.submission, one.ranks) for one in found] == [("good", (1, 1)), ("wild", None)]
    assert found[1].provisional


@pytest.mark.parametrize(
    ("seeds", "why"),
    [
        ([0], "seed 0 of 0 to 2"),
        ([0, 1], "seeds 0, 1 of 0 to 2"),
        ([3, 11, 17], "seeds 3, 11, 17, not 0 to 2"),
        ([0, 1, 3, 2, 7], "seeds 0, 1, 2, 3, 7, not 0 to 4"),
    ],
)
def test_a_rank_asks_for_the_first_seeds_and_says_which_are_there(stand, answered, seeds, why):
    (one,) = stand(answered("mlp", [[1.0, 0.0]] * len(seeds), seeds=seeds)[0])

    assert (one.ranks, one.provisional, one.unranked) == (None, True, why)


def test_where_seeds_part_a_rank_asks_for_five(stand, many):
    rows = many({"mlp": [0.5] * 3, "knn": [0.4] * 5})

    found = stand(rows, {"toy/echo": replace(TOY, bimodal=True)})

    assert [(one.submission, one.ranks) for one in found] == [("knn", (1, 1)), ("mlp", None)]


def test_a_provisional_standing_is_in_order_and_never_first(stand, many):
    found = stand(many({"top": [1.0], "good": [0.8] * 3, "between": [0.5], "poor": [0.2] * 3}))

    assert [one.submission for one in found] == ["good", "top", "between", "poor"]


def test_what_says_that_seeds_do_not_matter_needs_one_and_is_held_to_it(stand, answered, evidence):
    said = {"toy/echo": replace(TOY, deterministic=frozenset({"knn", "liar"}))}
    rows, marks = answered("knn", [[1, 0, 1, 1]])
    more, others = answered("liar", [[1, 0, 0, 1], [0, 1, 1, 0]])

    found = stand([*rows, *more], said, evidence(marks | others))

    assert [(one.submission, one.ranks, one.differ, one.unranked) for one in found] == [
        ("knn", (1, 1), False, ""),
        ("liar", None, True, "seeds 0, 1 of 0 to 2"),
    ]


def test_rows_of_different_code_are_no_rank_unless_it_was_shown_to_give_the_same_answers(stand, seeds_of, a_cell):
    first, second, last = seeds_of("mlp", [0.5, 0.5, 0.5])
    other = (last[0] | {"submission_params": '{"layers": 9}'}, last[1])
    past = {"cell": "x", "submission_params": "{}", "submission_fingerprint": "sha256:code"}
    carried = (other[0] | {"lineage": json.dumps([past])}, last[1])

    (mixed,), (proved,) = stand([first, second, other]), stand([first, second, carried])

    assert (mixed.ranks, mixed.unranked, mixed.editions) == (None, "seeds of different code or parameters", 2)
    assert (proved.ranks, proved.editions) == ((1, 1), 1)


def test_a_parameter_that_does_nothing_makes_no_other_edition(stand, seeds_of):
    first, second, last = seeds_of("mlp", [0.5, 0.5, 0.5])
    later = (last[0] | {"submission_params": '{"jitter": 1.0}'}, last[1])

    (one,) = stand([first, second, later], {"toy/echo": replace(TOY, neutral={"mlp": {"jitter": 1.0}})})

    assert one.ranks == (1, 1)


@given(scores=boards)
def test_where_lower_is_better_the_ranks_turn_round(stand, many, scores):
    rows = many(scores)
    mirrored = [
        (cell, [own | {"value": 1 - own["value"], "metric": "error_rate"} for own in marks]) for cell, marks in rows
    ]

    assert ranks_of(stand(mirrored, LOWER)) == ranks_of(stand(rows))


@given(scores=boards, lost=st.integers(0, 4), data=st.data())
def test_a_failed_cell_never_improves(stand, failure, many, scores, lost, data):
    rows = many(scores)
    name = data.draw(st.sampled_from(sorted(scores)))
    before = next(one for one in stand(rows) if one.submission == name)
    position = [cell["submission"] for cell, _ in rows].index(name) + lost % len(scores[name])
    rows[position] = failure(name, rows[position][0]["seed"])

    after = stand(rows)

    own = next(one for one in after if one.submission == name)
    assert before.ranks is not None
    assert own.ranks is None
    assert own.failed == (("timeout", 1),)
    assert after[-1] == own  # below every submission that came back whole


def test_the_quick_profile_is_never_ranked_nor_mixed_with_the_full(stand, seeds_of):
    found = stand([*seeds_of("mlp", [1.0], profile="quick"), *seeds_of("mlp", [0.5] * 3), *seeds_of("knn", [0.25] * 3)])

    assert [(one.profile, one.ranks, one.mean) for one in found] == [
        ("full", (1, 1), 0.5),
        ("full", (2, 2), 0.25),
        ("quick", None, 1.0),
    ]


def test_training_asked_again_is_shown_and_not_ranked(a_cell, a_score, stand):
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 1.0, kind="trained")])])

    assert (one.mean, one.ranks, one.unranked) == (1.0, None, "training asked again")


@pytest.mark.parametrize("profile", ["quick", "full"])
def test_rows_that_had_the_network_are_not_ranked_and_say_so_in_every_profile(stand, seeds_of, profile):
    found = stand(
        [*seeds_of("walled", [0.5], profile=profile), *seeds_of("api", [0.9], profile=profile, sealing="network")]
    )

    (one,) = [one for one in found if one.submission == "api"]
    assert (one.ranks, one.unranked) == (None, "had the network or variables")


def test_code_that_nobody_reviewed_is_ranked_from_a_sandbox_only(stand, seeds_of):
    card = {"toy/echo": replace(TOY, reviewed=frozenset({"read"}))}
    plain, boxed = {"sealing": "process"}, {"sealing": "sandbox:bwrap"}

    found = stand(
        [
            *seeds_of("read@wide", [0.5] * 3, **plain),
            *seeds_of("stranger", [0.9] * 3, **plain),
            *seeds_of("boxed", [0.7] * 3, **boxed),
        ],
        card,
    )

    told = {one.submission: (one.sealing, one.ranks is not None, one.unranked) for one in found}
    assert told == {
        "read@wide": ("process", True, ""),
        "boxed": ("sandbox:bwrap", True, ""),
        "stranger": ("process", False, "code that nobody reviewed, without a sandbox"),
    }


def test_rows_without_the_wall_never_stand_with_those_behind_it_nor_take_their_place(stand, seeds_of, a_cell, a_score):
    later = a_cell("mlp", 0, cell="file", sealing="none", started=NOON + timedelta(1))

    found = stand([*seeds_of("mlp", [0.5] * 3), (later, [a_score(later, 1.0)])])

    assert [(one.submission, one.mean, one.ranks, one.superseded) for one in found] == [
        ("mlp", 0.5, (1, 1), 0),
        ("mlp (without the wall)", 1.0, None, 0),
    ]
    assert found[1].unranked == "ran without the wall"


@pytest.mark.parametrize("failed", [False, True])
def test_one_row_of_a_stale_checkout_takes_no_rank_but_its_own(stand, seeds_of, failure, failed):
    stale = {"data_fingerprint": "sha256:stale", "started": NOON + timedelta(1)}
    late = [failure("late", **stale)] if failed else seeds_of("late", [0.9], **stale)

    found = stand([*seeds_of("old", [0.5] * 3), *seeds_of("new", [0.4] * 3), *late])

    assert ranks_of(found) == {"old": (1, 2), "new": (1, 2), "late": None}


def test_the_data_of_today_are_those_that_the_card_declares_and_a_stale_rerun_puts_nothing_aside(
    stand, seeds_of, a_cell
):
    declared = {"toy/echo": replace(TOY, data="sha256:data")}
    stale = [
        (cell | {"cell": cell["cell"] + "-stale"}, [one | {"cell": cell["cell"] + "-stale"} for one in own])
        for cell, own in seeds_of("mlp", [0.9] * 3, data_fingerprint="sha256:stale", started=NOON + timedelta(1))
    ]

    (one,) = stand([*seeds_of("mlp", [0.5] * 3), *stale], declared)

    assert (one.mean, one.ranks, one.superseded) == (0.5, (1, 1), 3)
    (alone,) = stand(stale, declared)
    assert (alone.ranks, alone.unranked) == (None, "other edition of the data")
