"""What is told and drawn of teachers, from their own cells: double descent beside its closed form, and exponents."""

import json
import sys
from pathlib import Path

import pytest

from genbench.cards.entries import load_entry
from genbench.cli import main

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs"))

import double_descent  # noqa: E402 - it lies in docs/, in no package


@pytest.fixture(scope="module")
def descents(tmp_path_factory):
    """Cells of linear_gd by rows and draw, and some that are no part of the picture."""
    place = tmp_path_factory.mktemp("descents")
    small = "linear_teacher/linear_over:dimension=20,questions=40"
    evaluated(place, f"{small},rows=10|20|40,draw=0|1", "linear_gd", "linear_gd@early", "mean")
    evaluated(place, f"{small},noise=2.0,rows=30", "linear_gd")
    return place


def evaluated(place, task, *submissions):
    assert main(["evaluate", *submissions, "--task", task, "--out", str(place), "--executor", "here"]) == 0


def test_points_are_means_over_draws_of_the_setting_that_most_cells_have(descents):
    setting, points = double_descent.measured(str(descents))

    assert setting == (20, 0.5, 0.5)
    assert set(points) == {(ratio, time) for ratio in (0.5, 1.0, 2.0) for time in (1, 10, 100, 1000)}
    assert {len(errors) for errors in points.values()} == {2}


def test_the_picture_has_a_line_of_the_closed_form_for_each_time_and_every_point(descents, monkeypatch):
    specs = []
    monkeypatch.setattr(double_descent, "drawn", lambda spec: specs.append(spec) or "<svg/>")
    setting, points = double_descent.measured(str(descents))
    double_descent.picture(setting, points)
    line, bars, dots = specs[0]["concat"][0]["layer"]
    errors = load_entry(ROOT / "tasks" / "linear_teacher", "dynamics:errors")

    drawn = line["data"]["values"]
    assert {row["time"] for row in drawn} == {1, 10, 100, 1000}
    for row in drawn[::50]:
        assert row["error"] == errors(row["ratio"], 0.5, 0.5, row["time"]).generalization
    assert len(dots["data"]["values"]) == 12
    for row in bars["data"]["values"]:
        own = points[row["ratio"], row["time"]]
        assert row["error"] == sum(own) / 2
        assert row["high"] - row["low"] == pytest.approx(abs(own[0] - own[1]))


def test_it_is_written_beside_the_rows_and_results_without_them_are_one_error(descents, tmp_path, capsys):
    assert double_descent.main([str(descents)]) == 0
    assert (descents / "double_descent.svg").read_text(encoding="utf-8").startswith("<svg")

    assert double_descent.main([]) == 2
    (tmp_path / "none").mkdir()
    assert double_descent.main([str(tmp_path / "none")]) == 2
    assert "cell" in capsys.readouterr().err


def test_exponents_of_local_students_are_told_along_rows(tmp_path, capsys):
    place = tmp_path / "exponents"
    evaluated(place, "local_teacher/local1:questions=200,rows=64|128|256", "kernel_regression@local1", "mean")
    capsys.readouterr()

    assert main(["exponents", str(place), "--format", "json"]) == 0
    rows = {row["submission"]: row for row in json.loads(capsys.readouterr().out)["tables"][0]["rows"]}
    assert {(row["split"], row["sizes"], row["least_rows"], row["most_rows"]) for row in rows.values()} == {
        ("local1:questions=200", 3, 64, 256)
    }
    assert rows["kernel_regression@local1"]["exponent"] < -0.6
    assert abs(rows["mean"]["exponent"]) < 0.1
