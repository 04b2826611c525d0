"""What a rank may and may not say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis.standings import Headline

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
LOWER = {"toy/echo": Headline("error_rate", "lower", kinds={"test": "ood"})}
scores_of_seeds = st.lists(st.integers(0, 100).map(lambda right: right / 100), min_size=1, max_size=6)
boards = st.dictionaries(st.sampled_from(["one", "two", "three", "four", "five"]), scores_of_seeds, min_size=1)


def test_an_unbounded_metric_with_one_seed_has_no_interval_and_no_rank(stand, seeds_of):
    (one,) = stand(seeds_of("mlp", [3.5]))

    assert (one.mean, one.low, one.high) == (3.5, None, None)
    assert (one.rank, one.unranked) == (None, "one seed, no interval")


def test_overlapping_intervals_share_a_rank_and_the_rest_follow(stand, seeds_of):
    found = stand([*seeds_of("best", [0.9]), *seeds_of("near", [0.88]), *seeds_of("far", [0.2])])

    assert [(one.submission, one.rank) for one in found] == [("best", 1), ("near", 1), ("far", 3)]


@given(scores=boards)
def test_where_lower_is_better_the_ranks_turn_round(stand, many, scores):
    rows = many(scores)
    mirrored = [
        (cell, [own | {"value": 1 - own["value"], "metric": "error_rate"} for own in marks]) for cell, marks in rows
    ]

    ranks = {one.submission: one.rank for one in stand(rows)}

    assert {one.submission: one.rank for one in stand(mirrored, LOWER)} == ranks


@given(scores=boards, lost=st.integers(0, 5), data=st.data())
def test_a_failed_cell_never_improves(stand, failure, many, scores, lost, data):
    rows = many(scores)
    name = data.draw(st.sampled_from(sorted(scores)))
    before = next(one for one in stand(rows) if one.submission == name)
    position = [cell["submission"] for cell, _ in rows].index(name) + lost % len(scores[name])
    rows[position] = failure(name, rows[position][0]["seed"])

    after = stand(rows)

    own = next(one for one in after if one.submission == name)
    assert before.rank is not None
    assert own.rank is None
    assert own.failed == (("timeout", 1),)
    assert after[-1] == own  # below every submission that came back whole


def test_the_quick_profile_is_never_ranked_nor_mixed_with_the_full(stand, seeds_of):
    found = stand([*seeds_of("mlp", [1.0], profile="quick"), *seeds_of("mlp", [0.5]), *seeds_of("knn", [0.4])])

    assert [(one.profile, one.rank, one.mean) for one in found] == [
        ("full", 1, 0.5),
        ("full", 1, 0.4),
        ("quick", None, 1.0),
    ]


def test_training_asked_again_is_shown_and_not_ranked(a_cell, a_score, stand):
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 1.0, kind="trained")])])

    assert (one.mean, one.rank, one.unranked) == (1.0, None, "training asked again")


def test_rows_that_ran_without_the_wall_are_not_ranked(stand, seeds_of):
    (one,) = stand(seeds_of("mlp", [0.5], sealing="none"))

    assert (one.rank, one.unranked) == (None, "ran without the wall")


@pytest.mark.parametrize("profile", ["quick", "full"])
def test_rows_that_had_the_network_are_not_ranked_and_say_so_in_every_profile(stand, seeds_of, profile):
    found = stand(
        [*seeds_of("walled", [0.5], profile=profile), *seeds_of("api", [0.9], profile=profile, sealing="network")]
    )

    (one,) = [one for one in found if one.submission == "api"]
    assert (one.rank, one.unranked) == (None, "had the network or variables")


def test_answers_to_an_older_edition_of_the_data_are_not_ranked(stand, seeds_of):
    found = stand(
        [*seeds_of("old", [0.9]), *seeds_of("new", [0.5], data_fingerprint="sha256:x", started=NOON + timedelta(1))]
    )

    assert [(one.submission, one.rank, one.unranked) for one in found] == [
        ("new", 1, ""),
        ("old", None, "older edition of the data"),
    ]
