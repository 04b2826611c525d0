"""The parts of a mean's variance, against the analysis of variance and the regression of statsmodels."""

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from genbench.analysis.inference import between, layout, of_values, stratified


def test_the_parts_are_the_mean_squares_of_an_analysis_of_variance(drawn):
    marks = drawn(4, 30)
    one, seed, question = (
        np.ones((120, 1)),
        np.repeat(np.eye(4)[:, 1:], 30, axis=0),
        np.tile(np.eye(30)[:, 1:], (4, 1)),
    )
    left = [
        OLS(marks.ravel(), np.hstack(terms)).fit().ssr
        for terms in ([one, question], [one, seed], [one, seed, question])
    ]
    squares = [(left[0] - left[2]) / 3, (left[1] - left[2]) / 29, left[2] / (3 * 29)]

    found = layout(marks)

    parts = [found.seeds, found.questions, found.rest]
    assert parts == pytest.approx([square / marks.size for square in squares])


def test_questions_of_a_cluster_count_as_the_cluster_robust_variance_does(drawn):
    marks, clusters = drawn(1, 60), np.arange(60) % 7
    robust = OLS(marks[0], np.ones(60)).fit(cov_type="cluster", cov_kwds={"groups": clusters})

    found = layout(marks, clusters)

    assert found.questions == pytest.approx(robust.bse[0] ** 2)
    assert found.groups == 7


def test_questions_that_are_each_a_cluster_are_questions(drawn):
    marks = drawn(3, 40)

    found = layout(marks, np.arange(40))

    assert [found.seeds, found.questions, found.rest] == pytest.approx(
        [getattr(layout(marks), name) for name in ("seeds", "questions", "rest")]
    )


def test_the_squares_of_the_deviations_add_up_to_the_part_of_the_questions(drawn):
    found = layout(drawn(3, 50), np.arange(50) // 5)

    assert float(found.deviations @ found.deviations) == pytest.approx(found.questions)


def test_values_alone_give_the_variance_of_answers_that_are_right_or_wrong(drawn):
    marks = drawn(1, 80)

    assert of_values([float(marks.mean())], 80).questions == pytest.approx(layout(marks).questions)


def test_where_all_questions_are_of_one_cluster_each_stands_for_itself(drawn):
    found = layout(drawn(2, 20), np.zeros(20, np.int64))

    assert (found.groups, found.clustered) == (20, False)


def test_what_strata_differ_in_makes_a_mean_no_less_sure(drawn):
    strata = np.repeat(np.arange(5), 100)
    marks = (drawn(3, 500) * 0.0) + (strata < 2)
    marks[:, ::10] = 1 - marks[:, ::10]

    within, over, plain = stratified(marks, strata), layout(marks, strata), layout(marks)

    assert within.mean == plain.mean
    assert within.questions == pytest.approx(
        sum(0.2**2 * marks[0, strata == one].var(ddof=1) / 100 for one in range(5))
    )
    wide = [high - low for low, high in map(between, (within, plain, over))]
    assert wide[0] < 0.7 * wide[1] < 0.1 * wide[2]


def test_strata_of_which_all_answers_are_right_or_wrong_still_leave_a_doubt():
    strata = np.repeat(np.arange(4), 50)

    low, high = between(stratified(np.repeat([[1.0, 0, 0, 1]], 50, axis=1), strata))

    assert 0.45 < low < 0.5 < high < 0.55


def test_one_stratum_is_none_and_one_of_a_single_question_counts_as_unlike_all_others(drawn):
    marks = drawn(2, 30)

    assert stratified(marks, np.zeros(30, np.int64)).strata == ()
    assert stratified(marks, np.arange(30)).questions == pytest.approx(2 * layout(marks).questions * 29 / 30)
