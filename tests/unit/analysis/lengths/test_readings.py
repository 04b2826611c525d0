"""Accuracy at each length, from SCORES."""

import pytest


def test_question_sets_join_and_training_asked_again_and_other_metrics_stay_out(cell, scores, told):
    rows = [
        *scores({5: 1.0, 10: 0.8}, kind="id", asked="id"),
        *scores({10: 0.4, 20: 0.2}, n=300, asked="longer"),
        *scores({40: 0.0}, kind="trained", asked="trained"),
        *scores({30: 0.5}, metric="token_accuracy"),
        *scores({"": 0.3}, axis=""),
        *scores({50: 0.5}, axis="depth"),
    ]

    ((found,), _) = told([cell()], rows)

    (reading,) = found.readings
    assert reading.lengths == (5, 10, 20)
    assert reading.shares == pytest.approx((1.0, 0.5, 0.2))
    assert reading.counts == (100, 400, 300)
    assert reading.familiar == 10


def test_a_cell_read_from_two_folders_counts_once(cell, scores, told):
    ((found,), _) = told([cell(), cell()], scores({5: 1.0, 10: 0.8}) * 2)

    assert found.readings[0].counts == (100, 100)


def test_another_axis_is_told_where_it_is_asked_for(cell, scores, told):
    ((found,), _) = told([cell()], scores({3: 1.0, 5: 0.2}, axis="depth"), axis="depth")

    assert found.break_point.value == 3
