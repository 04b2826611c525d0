"""Pictures of families are drawn by code, and those kept are of the code as it stands."""

from pathlib import Path

from making import geometry

DOCS = Path(__file__).parents[3] / "docs"


def test_the_picture_of_geometry_is_of_the_task_and_the_baseline_as_they_are():
    assert geometry.picture() == (DOCS / "geometry.svg").read_text(encoding="utf-8")


def test_a_panel_shows_an_answer_that_is_wrong():
    row, answer = geometry.wrong("tour_5_20", 10)

    assert sorted(answer) == sorted(row["answer"]) == list(range(1, 11))
    assert answer != row["answer"]
