"""Which cells have a course."""

import pytest

from genbench.analysis import grokking
from genbench.errors import BadValue


def test_the_course_of_corrupted_labels_is_kept_beside(course):
    found = course([0.5, 0.9, 0.8], [0, 0, 1], memorized=[0.1, 0.9, 0.4], recovered=[0, 0.05, 0.5])

    rows = list(grokking.course_rows([found]))

    assert [(row["memorized"], row["recovered"]) for row in rows] == [(0.1, 0), (0.9, 0.05), (0.4, 0.5)]
    assert [row["neither"] for row in rows] == pytest.approx([0.9, 0.05, 0.1])


def test_a_split_that_asks_against_one_label_only_leaves_the_other_open(course):
    (row,) = grokking.end_rows([course([0.5, 0.9, 0.8], [0, 0, 1], memorized=[0.1, 0.9, 0.4])])

    assert (row["memorized"], row["recovered"], row["neither"]) == (0.4, None, None)


def test_of_cells_run_again_the_newest_counts_also_where_it_failed(cell, curve, told):
    good = curve([1, 10], "a", trained=[0, 1], test=[0, 1])
    newer = curve([1, 10], "b", trained=[0, 0.5], test=[0, 0.5])

    (found,), _ = told([cell("a"), cell("b", minute=1)], good + newer)

    assert found.cell == "b"
    with pytest.raises(BadValue, match="mlp on modular/addition_phases:share=0.5: the cell ended with timeout"):
        told([cell("a"), cell("c", minute=1, status="timeout")], good)


def test_a_phase_asked_of_a_submission_without_curves_is_refused_and_says_why(cell, told):
    with pytest.raises(BadValue) as fault:
        told([cell()], [])

    assert str(fault.value) == (
        "no phase can be told, for no course is left:\n"
        "  mlp on modular/addition_phases:share=0.5: it has no learning curve; "
        "a submission has one whose fit yields steps"
    )


def test_those_without_curves_are_named_where_others_have_some(cell, curve, told):
    curves = curve([1, 10], "a", trained=[0, 1], test=[0, 1])

    found, left_out = told([cell("a"), cell("b", submission="chance")], curves)

    assert [one.submission for one in found] == ["mlp"]
    why = "it has no learning curve; a submission has one whose fit yields steps"
    assert left_out == [f"chance on modular/addition_phases:share=0.5: {why}"]


def test_ranked_labels_have_a_course_by_top_1_and_other_metrics_none(cell, curve, told):
    points = curve([1, 10], trained=[0, 1], test=[0, 0.5])
    ranked, scored = ([{**point, "metric": name} for point in points] for name in ("top_1", "auc"))

    (found,), _ = told([cell()], ranked + scored)

    assert (found.train, found.test) == ((0, 1), (0, 0.5))
    with pytest.raises(BadValue, match="it is not graded by exact_match or top_1"):
        told([cell()], scored)


def test_a_split_that_asks_no_training_rows_again_has_no_phase(cell, curve, told):
    with pytest.raises(BadValue, match=r"no one question set asks training rows again; there is test \(ood\)"):
        told([cell()], curve([1, 10], test=[0, 1]))


def test_question_sets_of_other_names_are_taken_where_there_is_one_of_the_kind(cell, curve, told, course):
    found = course([0, 0, 1], [0, 0, 1])

    (renamed,), _ = told([cell()], curve([1, 10, 100], trained=[0, 0, 1], far=[0, 0, 1]))

    assert (renamed.train, renamed.test) == (found.train, found.test)


def test_nothing_that_matches_is_refused(cell, told):
    with pytest.raises(BadValue, match="no cell of these results matches"):
        told([cell()], [], lambda split, submission: False)
