"""How a contest is worded wherever it is told."""

import pytest

from genbench.analysis.inference import Heap
from genbench.report.contests import chance_of, kind_of, metric_of, notes_on, reported_on


def test_a_contest_says_its_kind_direction_and_chance_in_words(a_standing):
    one = a_standing(direction="lower")

    assert (kind_of(one), metric_of(one), chance_of(one)) == (
        "out of distribution",
        "exact_match, lower is better",
        "chance 0.250",
    )
    assert chance_of(a_standing(chance=None)) == ""
    assert chance_of(one, a_standing(chance=0.125), a_standing(chance=None)) == "chance 0.125 \N{EN DASH} 0.250"
    assert kind_of(a_standing(transductive=True)) == "out of distribution, transductive"


@pytest.mark.parametrize(
    ("changed", "notes"),
    [
        ({}, ()),
        ({"failed": (("out_of_memory", 2),)}, ("2 out of memory",)),
        ({"seeds": 1}, ("one seed",)),
        ({"seeds": 1, "deterministic": True}, ("deterministic",)),
        ({"differ": True}, ("declared deterministic, and its seeds differ",)),
        ({"seeds": 1, "unranked": "seed 0 of 0 to 2", "provisional": True}, ("provisional: seed 0 of 0 to 2",)),
        ({"heap": Heap(4, 5, 0.9, 0.28, 0.995)}, ("4 of 5 seeds at 0.9 or above (28% to 100% of seeds)",)),
        ({"sees_questions": True}, ("learns of the questions during fit",)),
        ({"unranked": "ran without the wall"}, ("ran without the wall",)),
        ({"unranked": "quick profile", "profile": "quick"}, ()),
        (
            {"editions": 2, "superseded": 3},
            ("2 editions mixed", "run again: 3 older runs put aside, the newest counts"),
        ),
    ],
)
def test_a_row_has_the_notes_that_its_reader_needs(a_standing, changed, notes):
    assert notes_on(a_standing(**changed)) == notes


def test_published_figures_stand_below_full_rows_only(a_standing):
    told = {("toy", "echo", "test"): ("0.9, a paper",)}

    assert reported_on(a_standing(), told) == ("0.9, a paper",)
    assert reported_on(a_standing(profile="quick"), told) == ()
