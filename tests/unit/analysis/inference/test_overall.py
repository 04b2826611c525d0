"""Many splits together."""

import numpy as np
import pytest
from scipy import stats

from genbench.analysis.inference import overall

SCORES = np.array([[0.9, 0.8, 0.1], [0.5, 0.6, 0.3], [0.1, 0.1, -0.2]])
TASK = np.array([0, 0, 1])
NONE = np.zeros_like(SCORES)


def test_a_task_counts_once_however_many_splits_it_has():
    assert overall.over_tasks(SCORES, TASK) == pytest.approx([(0.85 + 0.1) / 2, (0.55 + 0.3) / 2, (0.1 - 0.2) / 2])


def test_borda_counts_rivals_beaten():
    assert overall.borda(SCORES) == pytest.approx([(1 + 1 + 0.5) / 3, (0.5 + 0.5 + 1) / 3, 0])


def test_without_uncertainty_improvement_is_the_share_of_rivals_beaten_and_ties_are_one_half():
    assert overall.improvement(SCORES, NONE) == pytest.approx(overall.borda(SCORES))
    assert overall.improvement(np.zeros((2, 3)), np.zeros((2, 3))) == pytest.approx([0.5, 0.5])


def test_the_interval_is_of_the_splits_drawn_and_of_what_is_unsure_in_each():
    (sure, *_), (unsure, *_) = (overall.interval(SCORES, variance, TASK) for variance in (NONE, NONE + 0.01))

    assert sure == pytest.approx([0.45, 0.5])  # the first task's splits are .9 and .8, the second has one
    assert unsure[0] < sure[0] < sure[1] < unsure[1]


def test_tasks_that_order_alike_agree_wholly_and_one_task_says_nothing():
    assert overall.agreement(SCORES[:, :2]) == pytest.approx(1)
    assert overall.agreement(-SCORES[:, :1]) is None
    assert overall.agreement(np.column_stack([SCORES[:, 0], -SCORES[:, 0]])) == pytest.approx(-1)


def test_borda_and_agreement_are_scipys_ranks_and_kendalls_tau_with_ties():
    scores = np.random.default_rng(0).integers(0, 4, (9, 5)).astype(float)
    scores[:, 4] = 1.0  # a task on which all are alike

    taus = [stats.kendalltau(scores[:, one], scores[:, other]).statistic for one in range(4) for other in range(one)]

    assert overall.agreement(scores) == pytest.approx(np.mean(taus))
    assert overall.borda(scores) == pytest.approx((stats.rankdata(scores, axis=0) - 1).mean(axis=1) / 8)
    assert overall.borda(scores[:1]).tolist() == [0.5]
