"""Standings: what a mean, an interval and a rank may and may not say."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench import cards
from genbench.analysis.standings import (
    Headline,
    board,
    by_slice,
    headline,
    interval,
    learning_curves,
    natural,
    standings,
    wilson,
)
from genbench.rows import schema

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
EXACT = {"toy/echo": Headline("exact_match", chance={"test": 0.25}, kinds={"test": "ood"}, axes=("length",))}
LOWER = {"toy/echo": Headline("error_rate", "lower", kinds={"test": "ood"})}

shares = st.floats(0, 1)
scores_of_seeds = st.lists(st.integers(0, 100).map(lambda right: right / 100), min_size=1, max_size=6)
boards = st.dictionaries(st.sampled_from(["one", "two", "three", "four", "five"]), scores_of_seeds, min_size=1)


def a_cell(submission="mlp", seed=0, **changed):
    cell = {
        "cell": f"{submission}-{changed.get('profile', 'full')}-{seed}",
        "task": "toy",
        "split": "echo",
        "submission": submission,
        "profile": "full",
        "seed": seed,
        "status": "ok",
        "detail": "",
        "fit_seconds": 2.0,
        "predict_seconds": 0.1,
        "cell_seconds": 3.0,
        "cpu_seconds": 2.5,
        "peak_memory_bytes": 1 << 28,
        "parameters": None,
        "training_flops": None,
        "device": "cpu",
        "sealing": "process",
        "budget_seconds": 60.0,
        "task_params": "{}",
        "submission_params": "{}",
        "data_fingerprint": "sha256:data",
        "task_fingerprint": "sha256:task",
        "submission_fingerprint": "sha256:code",
        "versions": json.dumps({"genbench": "0.1.0"}),
        "machine": "{}",
        "started": NOON,
        "log": "",
    }
    assert changed.keys() <= cell.keys()
    return cell | changed


def a_score(cell, value, n=100, **changed):
    score = {name: cell[name] for name in ("cell", "task", "split", "submission", "profile", "seed")}
    score |= {
        "question_set": "test",
        "kind": "ood",
        "axis": "",
        "slice": "",
        "metric": "exact_match",
        "value": value,
        "n": n,
    }
    assert changed.keys() <= score.keys()
    return score | changed


def stand(graded, headlines=EXACT):
    """Standings of (cell, scores) pairs."""
    cells = [cell for cell, _ in graded]
    scores = [score for _, own in graded for score in own]
    return standings(schema.to_table(cells, schema.CELLS), schema.to_table(scores, schema.SCORES), headlines)


def seeds_of(submission, values, **changed):
    """One graded cell per value, as (cell, scores) pairs."""
    cells = [a_cell(submission, seed, **changed) for seed in range(len(values))]
    return [(cell, [a_score(cell, value)]) for cell, value in zip(cells, values, strict=True)]


def failure(submission="mlp", seed=0, status="timeout", **changed):
    return (a_cell(submission, seed, status=status, detail=status, fit_seconds=None, **changed), [])


def many(scores):
    return [pair for submission, values in scores.items() for pair in seeds_of(submission, values)]


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596), (1, 1, 0.207, 1.0)],
)
def test_wilson_gives_the_known_intervals(right, n, low, high):
    found = wilson(right / n, n)

    assert found == pytest.approx((low, high), abs=5e-4)


def test_one_seed_has_the_interval_of_its_questions_and_says_so():
    (one,) = stand(seeds_of("mlp", [0.8]))

    assert (one.low, one.high) == pytest.approx(wilson(0.8, 100))
    assert one.one_seed


def test_seeds_and_questions_add_in_squares_on_each_side_by_itself():
    # Three seeds: standard deviation 0.1, Student's t 4.303 with two degrees of freedom.
    across = 4.303 * 0.1 / math.sqrt(3)
    low, high = wilson(0.5, 1000)

    mean, found_low, found_high = interval([0.4, 0.5, 0.6], 1000)

    assert mean == pytest.approx(0.5)
    assert found_low == pytest.approx(0.5 - math.hypot(0.5 - low, across), abs=1e-4)
    assert found_high == pytest.approx(0.5 + math.hypot(high - 0.5, across), abs=1e-4)


@given(values=st.lists(shares, min_size=1, max_size=6), questions=st.integers(1, 10**6))
def test_an_interval_holds_its_mean_and_stays_in_range(values, questions):
    mean, low, high = interval(values, questions)

    assert 0 <= low <= mean <= high <= 1


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6))
def test_an_unbounded_metric_has_the_interval_of_its_seeds(values):
    mean, low, high = interval(values, 10, bounded=False)

    assert low <= mean <= high


def test_an_unbounded_metric_with_one_seed_has_no_interval_and_no_rank():
    (one,) = stand(seeds_of("mlp", [3.5]))

    assert (one.mean, one.low, one.high) == (3.5, None, None)
    assert (one.rank, one.unranked) == (None, "one seed, no interval")


def test_overlapping_intervals_share_a_rank_and_the_rest_follow():
    found = stand([*seeds_of("best", [0.9]), *seeds_of("near", [0.88]), *seeds_of("far", [0.2])])

    assert [(one.submission, one.rank) for one in found] == [("best", 1), ("near", 1), ("far", 3)]


@given(scores=boards, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_has_no_say(scores, order):
    rows = many(scores)
    mixed = order.sample(rows, len(rows))

    assert stand(mixed) == stand(rows)


@given(scores=boards)
def test_where_lower_is_better_the_ranks_turn_round(scores):
    rows = many(scores)
    mirrored = [
        (cell, [own | {"value": 1 - own["value"], "metric": "error_rate"} for own in marks]) for cell, marks in rows
    ]

    ranks = {one.submission: one.rank for one in stand(rows)}

    assert {one.submission: one.rank for one in stand(mirrored, LOWER)} == ranks


@given(scores=boards, lost=st.integers(0, 5), data=st.data())
def test_a_failed_cell_never_improves(scores, lost, data):
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


def test_a_submission_that_only_failed_is_listed_last_on_every_question_set():
    partly = [*seeds_of("partly", [0.0]), failure("partly", 1)]

    found = stand([failure("bad", 0), failure("bad", 1, "error"), failure("bad", 2), *partly, *seeds_of("good", [0.0])])

    assert [one.submission for one in found] == ["good", "partly", "bad"]
    assert (found[2].mean, found[2].failed) == (None, (("error", 1), ("timeout", 2)))
    assert (found[2].question_set, found[2].unranked) == ("test", "no seed was graded")


def test_where_nothing_was_graded_the_card_names_the_question_sets():
    (one,) = stand([failure()])

    assert (one.question_set, one.kind) == ("test", "ood")


def test_a_cell_without_a_finite_score_is_ungraded():
    cells = [a_cell(seed=seed) for seed in range(3)]

    (one,) = stand([(cells[0], [a_score(cells[0], 0.5)]), (cells[1], []), (cells[2], [a_score(cells[2], math.nan)])])

    assert (one.seeds, one.mean, one.failed) == (1, 0.5, (("ungraded", 2),))


def test_the_quick_profile_is_never_ranked_nor_mixed_with_the_full():
    found = stand([*seeds_of("mlp", [1.0], profile="quick"), *seeds_of("mlp", [0.5]), *seeds_of("knn", [0.4])])

    assert [(one.profile, one.rank, one.mean) for one in found] == [
        ("full", 1, 0.5),
        ("full", 1, 0.4),
        ("quick", None, 1.0),
    ]


def test_training_asked_again_is_shown_and_not_ranked():
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 1.0, kind="trained")])])

    assert (one.mean, one.rank, one.unranked) == (1.0, None, "training asked again")


def test_rows_that_ran_without_the_wall_are_not_ranked():
    (one,) = stand(seeds_of("mlp", [0.5], sealing="none"))

    assert (one.rank, one.unranked) == (None, "ran without the wall")


def test_the_newest_cell_counts_also_where_it_failed():
    old = a_cell(cell="old", submission_fingerprint="sha256:before")

    (one,) = stand([(old, [a_score(old, 0.9)]), failure(cell="new", started=NOON + timedelta(hours=1))])

    assert (one.mean, one.failed, one.superseded) == (None, (("timeout", 1),), 1)


def test_a_cell_read_from_two_folders_is_one_cell():
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 0.9)]), (cell, [a_score(cell, 0.9)])])

    assert (one.seeds, one.superseded) == (1, 0)


def test_a_cell_with_two_values_counts_at_its_worst():
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 0.9), a_score(cell, 0.4), a_score(cell, 0.6)])])

    assert one.seed_values == ((0, 0.4),)


def test_seeds_of_different_code_are_said_to_differ():
    new = a_cell(seed=1, submission_fingerprint="sha256:later")

    (one,) = stand([*seeds_of("mlp", [0.5]), (new, [a_score(new, 0.5)])])

    assert one.editions == 2


def test_answers_to_an_older_edition_of_the_data_are_not_ranked():
    found = stand(
        [*seeds_of("old", [0.9]), *seeds_of("new", [0.5], data_fingerprint="sha256:x", started=NOON + timedelta(1))]
    )

    assert [(one.submission, one.rank, one.unranked) for one in found] == [
        ("new", 1, ""),
        ("old", None, "older edition of the data"),
    ]


def test_without_a_card_the_first_metric_by_name_is_shown_and_chance_left_open():
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 0.5), a_score(cell, 0.7, metric="accuracy")])], {})

    assert (one.metric, one.mean, one.chance, one.direction) == ("accuracy", 0.7, None, "higher")


def test_overridden_parameters_keep_the_metric_of_the_card_but_not_its_chance():
    cell = a_cell(split="echo:width=9")

    (one,) = stand([(cell, [a_score(cell, 0.5), a_score(cell, 0.7, metric="accuracy")])])

    assert (one.metric, one.chance) == ("exact_match", None)


def test_slices_stand_apart_in_the_order_of_their_numbers():
    rows = []
    for seed, shift in enumerate((0.0, 0.2)):
        cell = a_cell(seed=seed)
        parts = [a_score(cell, 0.05 * length + shift, 10, axis="length", slice=str(length)) for length in (2, 1, 10)]
        rows.append((cell, [a_score(cell, 0.5), *parts]))
    cells = schema.to_table([cell for cell, _ in rows], schema.CELLS)
    scores = schema.to_table([score for _, own in rows for score in own], schema.SCORES)

    found = by_slice(cells, scores, EXACT)

    assert [(one.slice, round(one.mean, 6), one.seeds, one.questions) for one in found] == [
        ("1", 0.15, 2, 10),
        ("2", 0.2, 2, 10),
        ("10", 0.6, 2, 10),
    ]
    assert all(one.chance == 0.25 and one.low < one.mean < one.high for one in found)


def test_a_slice_has_the_chance_that_the_card_gives_it_and_else_that_of_its_question_set():
    cell = a_cell(seed=0)
    scores = [a_score(cell, 0.5), *(a_score(cell, 0.5, 10, axis="length", slice=part) for part in ("1", "2"))]
    headline = replace(EXACT["toy/echo"], chance_along={"length": {"2": 0.1}})

    found = by_slice(
        schema.to_table([cell], schema.CELLS), schema.to_table(scores, schema.SCORES), {"toy/echo": headline}
    )

    assert [(one.slice, one.chance) for one in found] == [("1", 0.25), ("2", 0.1)]


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
def test_above_chance_is_0_for_guessing_and_1_for_all_right(changes, above):
    cell = a_cell(seed=0)
    (one,) = standings(
        schema.to_table([cell], schema.CELLS), schema.to_table([a_score(cell, 0.5)], schema.SCORES), EXACT
    )

    assert replace(one, **changes).above_chance == (above if above is None else pytest.approx(above))


def test_a_learning_curve_is_the_mean_of_the_seeds_that_reached_a_step():
    cells = [a_cell(seed=0), a_cell(seed=1, status="timeout")]
    points = [(0, 10, 0.2), (1, 10, 0.4), (0, 100, 0.9)]
    rows = [a_score(cells[which], value) | {"step": step, "fit_seconds": step / 10} for which, step, value in points]

    found = learning_curves(schema.to_table(cells, schema.CELLS), schema.to_table(rows, schema.CURVES), EXACT)

    assert [(one.step, round(one.mean, 6), one.least, one.most, one.seeds) for one in found] == [
        (10, 0.3, 0.2, 0.4, 2),
        (100, 0.9, 0.9, 0.9, 1),
    ]


def test_what_a_submission_said_of_itself_is_a_curve_of_its_own():
    cells = [a_cell(seed=0), a_cell(seed=1)]
    told = {"question_set": "", "kind": "", "metric": "diagnostic.norm", "n": 0, "fit_seconds": 1.0}
    rows = [
        a_score(cell, value) | told | {"step": step}
        for cell, step, value in [(cells[0], 10, 3.0), (cells[1], 10, 5.0), (cells[0], 20, 7.0)]
    ]
    counted = a_score(cells[0], 400.0) | told | {"metric": "examples_seen", "step": 10}

    found = learning_curves(
        schema.to_table(cells, schema.CELLS), schema.to_table([*rows, counted], schema.CURVES), EXACT
    )

    assert [(one.metric, one.question_set, one.step, one.mean, one.least, one.most) for one in found] == [
        ("diagnostic.norm", "", 10, 4.0, 3.0, 5.0),
        ("diagnostic.norm", "", 20, 7.0, 7.0, 7.0),
    ]


CARD = """
kind = "task"
name = "toy"
title = "Toy"
entry = "task:load"
about = "a toy"
source = "here"
license = "CC0-1.0"
embedded = true
inputs = { word = "string" }
target = { echo = "string" }
axes = { length = "int64" }
metrics = ["exact_match", "token_accuracy"]
[splits.echo]
about = "say it back"
chance = 0.25
train = 1
fingerprint = "sha256:%s"
[splits.echo.questions.test]
kind = "ood"
rows = 2
[splits.echo.questions.again]
kind = "trained"
rows = 1
chance = 0.5
"""


def test_the_headline_of_a_split_is_what_its_card_says(tmp_path):
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "card.toml").write_text(CARD % ("0" * 64))
    card = cards.read(tmp_path / "toy", "task")

    found = headline(card, card.splits["echo"])

    assert (found.metric, found.direction, found.axes) == ("exact_match", "higher", ("length",))
    assert (found.title, found.about) == ("Toy", "say it back")
    assert found.chance == {"test": 0.25, "again": 0.5}
    assert found.kinds == {"test": "ood", "again": "trained"}


def test_a_board_says_what_it_rests_on():
    rows = [*seeds_of("mlp", [0.5]), failure("mlp", 1, started=NOON + timedelta(hours=2))]
    older = a_cell(cell="older", started=NOON - timedelta(1))
    cells = schema.to_table([older, *(cell for cell, _ in rows)], schema.CELLS)
    scores = schema.to_table([score for _, own in rows for score in own], schema.SCORES)

    found = board(cells, scores, schema.to_table([], schema.CURVES), EXACT)

    assert (found.cells, found.failed, found.superseded) == (2, 1, 1)
    assert (found.first, found.last) == (NOON, NOON + timedelta(hours=2))
    assert found.versions == (("genbench", ("0.1.0",)),)


def test_no_rows_make_an_empty_board():
    empty = [schema.to_table([], kind) for kind in (schema.CELLS, schema.SCORES, schema.CURVES)]

    found = board(*empty, {})

    assert (found.standings, found.slices, found.curves, found.cells, found.first) == ((), (), (), 0, None)


def test_versions_that_are_not_json_do_not_stop_a_leaderboard():
    cells = schema.to_table([a_cell(versions="?")], schema.CELLS)

    found = board(cells, schema.to_table([], schema.SCORES), schema.to_table([], schema.CURVES), EXACT)

    assert found.versions == ()


def test_labels_are_sorted_by_the_numbers_in_them():
    labels = ["mlp:weight_decay=15", "mlp:weight_decay=5", "mlp:weight_decay=0.5", "mlp"]

    assert sorted(labels, key=natural) == [labels[3], labels[2], labels[1], labels[0]]


def test_question_sets_stand_in_the_order_of_their_numbers():
    asked = ["length_30", "length_50", "length_100", "length_500"]
    cell = a_cell()

    shown = stand([(cell, [a_score(cell, 0.5, question_set=name) for name in sorted(asked)])])

    assert [one.question_set for one in shown] == asked
