"""Which differences are sure, against statsmodels and scipy; how often wrongly, tests/bench/test_coverage.py says."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from genbench.analysis.inference import holm, layout, of_values, pair, rank_sets, surely_better


@pytest.mark.parametrize("p", [[0.3], [0.01, 0.04, 0.03, 0.005], [0.02, 0.02, 1.0, 0.9], np.linspace(0, 1, 11)[::-1]])
def test_adjusted_ps_are_those_of_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_one_seed_each_is_the_paired_t_test_over_questions(drawn):
    one, other = drawn(1, 90, skill=1.2), drawn(1, 90, seed=1)

    found = pair(layout(one), layout(other))

    assert found.p == pytest.approx(stats.ttest_rel(one[0], other[0]).pvalue)
    assert found.difference == pytest.approx(float(one.mean() - other.mean()))


def test_questions_that_both_find_hard_do_not_count(drawn):
    hard = np.random.default_rng(5).normal(size=400) * 3
    one, other = (layout(drawn(3, 400, skill, 0.0, seed, hard)) for skill, seed in ((0.9, 1), (0.4, 2)))

    paired = pair(one, other)

    apart = pair(of_values(one.values, 400), of_values(other.values, 400))
    assert paired.variance < apart.variance / 1.5


def test_pairs_of_a_contest_stand_holms_test(drawn):
    hard = np.random.default_rng(5).normal(size=300) * 1.5
    layouts = [layout(drawn(1, 300, skill, 0.0, seed, hard)) for seed, skill in enumerate((0.3, 0.35, 1.0, 1.3, 3.0))]
    names = [(i, j) for i in range(5) for j in range(i)]
    stands = multipletests([pair(layouts[i], layouts[j]).p for i, j in names], method="holm")[0]

    better = surely_better(layouts)

    assert [bool(better[i, j] or better[j, i]) for i, j in names] == stands.tolist()
    assert 0 < sum(stands) < len(stands)


def test_where_less_is_better_the_other_one_wins(drawn):
    layouts = [layout(drawn(3, 300, skill, 0.0)) for skill in (0.0, 3.0)]

    assert (surely_better(layouts) == surely_better(layouts, lower=True).T).all()
    assert rank_sets(surely_better(layouts)) == [(2, 2), (1, 1)]


def test_seeds_that_succeed_and_fail_are_not_sure_to_be_better_than_anyone(drawn):
    wild = layout(np.repeat([[0.05], [0.95], [0.95]], 500, axis=1))
    steady = layout(drawn(3, 500, -0.5, 0.0))

    assert rank_sets(surely_better([wild, steady])) == [(1, 2), (1, 2)]


def test_the_same_answers_never_differ(drawn):
    marks = layout(drawn())

    assert pair(marks, marks).p == 1
    assert not surely_better([marks, marks]).any()


def test_all_right_and_all_wrong_differ_also_where_no_variance_is_seen():
    right, wrong = layout(np.ones((1, 50))), layout(np.zeros((1, 50)))

    assert rank_sets(surely_better([wrong, right])) == [(2, 2), (1, 1)]
    assert 0 < pair(right, wrong).p < 1e-10
