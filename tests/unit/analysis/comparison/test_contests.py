"""Two submissions on the questions that both answered."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from genbench.analysis.comparison import Rows, compare
from genbench.analysis.standings import Headline
from genbench.rows import schema

TOY = {"toy/echo": Headline("exact_match", kinds={"test": "ood"}, axes=("length",))}
ONE = np.repeat([1.0, 0.0], 20)
OTHER = np.concatenate([ONE[:14], np.zeros(6), ONE[20:38], np.ones(2)])


@pytest.fixture
def rows(answered, evidence, failure):
    """Gives `rows(order, mlp=marks, knn=marks)`: results with these answers, seed by seed."""

    def made(order="order", lost=(), mixed=(), **marks):
        pairs, known = [failure(name) for name in lost], {}
        for name, own in marks.items():
            own_pairs, own_marks = answered(name, own)
            if name in mixed:
                own_pairs[-1][0]["submission_fingerprint"] = "sha256:later"
            pairs, known = [*pairs, *own_pairs], known | own_marks
        lengths = {"length": [str(1 + place % 2) for place in range(40)]}
        cells = schema.to_table([cell for cell, _ in pairs], schema.CELLS)
        scores = schema.to_table([score for _, own in pairs for score in own], schema.SCORES)
        return Rows(cells, scores, evidence(known, lengths, order))

    return made


def beside(rows, other=None, by=""):
    return compare((rows, "mlp"), (other or rows, "mlp" if other else "knn"), TOY, lambda _: True, by)[:2]


def test_of_one_seed_each_questions_won_and_lost_are_the_counts_of_mcnemar(rows):
    (one,), left_out = beside(rows(mlp=[ONE], knn=[OTHER]))

    assert (one.won, one.lost, one.questions, left_out) == (6, 2, 40, [])
    both = [[int(((i == ONE) & (j == OTHER)).sum()) for j in (1, 0)] for i in (1, 0)]
    assert (one.adjusted > 0.05) == (mcnemar(both).pvalue > 0.05)
    assert one.verdict == "not separated"


def test_a_sure_difference_is_better_or_worse_by_the_direction_of_the_metric(rows):
    results = rows(mlp=[np.ones(40)] * 3, knn=[ONE] * 3)

    (one,), _ = beside(results)
    (turned,), *_ = compare((results, "knn"), (results, "mlp"), TOY, lambda _: True)

    assert (one.verdict, turned.verdict) == ("better", "worse")
    assert one.found.difference == pytest.approx(0.5)


def test_the_same_submission_of_two_folders_is_compared(rows):
    (one,), _ = beside(rows(mlp=[ONE] * 3), rows(mlp=[np.ones(40)] * 3))

    assert (one.mean, one.other_mean, one.verdict) == (0.5, 1.0, "worse")


def test_answers_to_other_questions_are_named_and_never_put_beside_each_other(rows):
    found, left_out = beside(rows(mlp=[ONE]), rows("another", mlp=[OTHER]))

    assert found == []
    assert left_out == ["toy/echo test: they answered other questions, of another edition of the data"]


def test_a_split_that_one_has_not_answered_is_named(rows):
    found, left_out = beside(rows(mlp=[ONE]))

    assert (found, left_out) == ([], ["toy/echo: there are no rows of knn"])


def test_where_no_cell_was_graded_it_is_said_and_counts_as_lost(rows):
    found, left_out, lost = compare(
        (rows(lost=["mlp"], knn=[OTHER]), "mlp"), (rows(mlp=[ONE]), "mlp"), TOY, lambda _: True
    )
    *_, given_up = compare((rows(mlp=[ONE]), "mlp"), (rows(lost=["mlp"]), "mlp"), TOY, lambda _: True)

    assert (found, left_out) == ([], ["toy/echo: no cell of mlp was graded (1 timeout)"])
    assert (lost, given_up) == (["toy/echo"], [])


def test_seeds_of_different_code_are_counted_as_editions(rows):
    (one,), _ = beside(rows(mlp=[ONE, ONE], knn=[OTHER, OTHER], mixed=["mlp"]))

    assert (one.editions, one.other_editions, one.same_task) == (2, 1, True)


def test_slices_are_told_below_their_question_set_and_p_is_adjusted_over_sets_alone(rows):
    found, _ = beside(rows(mlp=[ONE], knn=[OTHER]), by="length")

    assert [(one.axis, one.slice, one.questions) for one in found] == [
        ("", "", 40),
        ("length", "1", 20),
        ("length", "2", 20),
    ]
    assert found[0].adjusted == found[0].found.p


def test_how_many_more_questions_would_separate_them_is_where_their_difference_is_sure(rows):
    (one,), _ = beside(rows(mlp=[ONE], knn=[OTHER]))

    t = one.found.difference / np.sqrt(one.found.variance * one.questions / one.more_questions)
    assert t == pytest.approx(1.96, abs=0.02)
    assert one.more_questions > one.questions


def test_the_questions_on_which_they_differ_most_come_first(rows):
    (one,), _ = beside(rows(mlp=[ONE], knn=[OTHER]))

    assert set(one.most) == set(np.flatnonzero(ONE != OTHER).tolist())
