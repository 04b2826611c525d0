"""Pictures of families are drawn by code, and those kept are of the code as it stands."""

from pathlib import Path

import families
import pytest
import theory
from making import charts, geometry

DOCS = Path(__file__).parents[3] / "docs"
RESULTS = str(DOCS.parent / "leaderboard" / "results")


def test_the_picture_of_geometry_is_of_the_task_and_the_baseline_as_they_are():
    assert geometry.picture() == (DOCS / "geometry.svg").read_text(encoding="utf-8")


def test_a_panel_shows_an_answer_that_is_wrong():
    row, answer = geometry.wrong("tour_5_20", 10)

    assert sorted(answer) == sorted(row["answer"]) == list(range(1, 11))
    assert answer != row["answer"]


@pytest.mark.parametrize("name", families.PICTURES)
def test_a_kept_picture_of_a_family_is_of_the_rows(name):
    assert families.PICTURES[name](RESULTS) == (DOCS / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", [families, theory])
def test_of_results_without_these_rows_nothing_is_drawn(tmp_path, capsys, script):
    assert charts.write(script.PICTURES, ["these.py", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert charts.write(script.PICTURES, ["these.py"]) == 2
    assert "usage: these.py RESULTS" in capsys.readouterr().err
