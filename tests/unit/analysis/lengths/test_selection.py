"""Which cells have a reach."""

import pytest

from genbench.errors import BadValue


def test_the_newest_of_cells_run_again_counts_and_failed_seeds_are_told(cell, scores, told):
    cells = [cell("old"), cell("new", minute=1), cell("b", seed=1, status="timeout")]
    rows = scores({5: 0.0, 10: 0.0}, "old") + scores({5: 1.0, 10: 1.0}, "new")

    (found,), lines = told(cells, rows)

    assert [one.cell for one in found.readings] == ["new"]
    assert found.failed == 1
    assert lines == ["gru on sorting/up_to_20: seed 1 ended with timeout"]


def test_answers_to_an_older_edition_of_the_questions_are_left_out(cell, scores, told):
    cells = [cell("a"), cell("b", seed=1, minute=1, data="sha256:y")]

    (found,), lines = told(cells, scores({5: 0.0, 10: 0.0}) + scores({5: 1.0, 10: 1.0}, "b", seed=1))

    assert [one.cell for one in found.readings] == ["b"]
    assert lines == ["gru on sorting/up_to_20: seed 0 answered an older edition of the questions"]


@pytest.mark.parametrize(
    ("accuracy", "axis", "message"),
    [
        (
            {"short": 1.0, "long": 0.0},
            "length",
            (
                "no accuracy by 'length' can be told\n"
                "  sorting/up_to_20: no axis 'length' with numbers and graded by exact_match"
            ),
        ),
        (
            {5: 1.0},
            "length",
            ("no accuracy by 'length' can be told\n  gru on sorting/up_to_20: one length is asked only"),
        ),
        (
            {5: 1.0, 10: 1.0},
            "lenght",
            (
                "no accuracy by 'lenght' can be told; did you mean 'length'?\n"
                "  sorting/up_to_20: no axis 'lenght' with numbers and graded by exact_match"
            ),
        ),
    ],
)
def test_where_nothing_can_be_told_one_error_says_why(cell, scores, told, accuracy, axis, message):
    with pytest.raises(BadValue) as fault:
        told([cell()], scores(accuracy), axis=axis)

    assert str(fault.value) == message


def test_cells_that_nobody_asked_for_are_no_fault_of_the_axis(cell, scores, told):
    with pytest.raises(BadValue, match="no cell of these results matches"):
        told([cell()], scores({5: 1.0, 10: 1.0}), wanted=lambda _split, submission: submission == "lstm")
