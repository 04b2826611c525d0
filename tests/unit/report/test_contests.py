"""How a contest is worded wherever it is told."""

import pytest

from genbench.report.contests import chance_of, kind_of, metric_of, notes_on, reported_on


def test_a_contest_says_its_kind_direction_and_chance_in_words(a_standing):
    one = a_standing(direction="lower")

    assert (kind_of(one), metric_of(one), chance_of(one)) == (
        "out of distribution",
        "exact_match, lower is better",
        "chance 0.250",
    )
    assert chance_of(a_standing(chance=None)) == ""
    assert kind_of(a_standing(transductive=True)) == "out of distribution, transductive"


@pytest.mark.parametrize(
    ("changed", "notes"),
    [
        ({}, ()),
        ({"failed": (("out_of_memory", 2),)}, ("2 out of memory",)),
        ({"seeds": 1}, ("one seed",)),
        ({"sees_questions": True}, ("learns of the questions during fit",)),
        ({"unranked": "ran without the wall"}, ("ran without the wall",)),
        ({"unranked": "quick profile", "profile": "quick"}, ()),
        ({"editions": 2, "superseded": 3}, ("2 editions mixed", "3 superseded")),
    ],
)
def test_a_row_has_the_notes_that_its_reader_needs(a_standing, changed, notes):
    assert notes_on(a_standing(**changed)) == notes


def test_published_figures_stand_below_full_rows_only(a_standing):
    told = {("toy", "echo", "test"): ("0.9, a paper",)}

    assert reported_on(a_standing(), told) == ("0.9, a paper",)
    assert reported_on(a_standing(profile="quick"), told) == ()
