"""Readings in published rows against the rows themselves, by other code; and the page of papers."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import genbench
from genbench import registry
from genbench.analysis.papers import Finding, Paper, Reading
from genbench.cli import cli
from genbench.report.papers import measured

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "leaderboard" / "results"
XOR = "xor_clusters/xor"


@pytest.fixture(scope="module")
def ours():
    """What is measured of some readings, by the reading."""
    readings = {
        "end": Reading(XOR, "xor_net", "test"),
        "slice": Reading("xor_clusters/xor_small", "xor_net", "trained", axis="label", slice="corrupted"),
        "step": Reading(XOR, "xor_net", "test", step=1),
        "part": Reading(XOR, "xor_net", "trained", axis="label", slice="corrupted", step=10),
        "first": Reading(XOR, "xor_net", "test", reaches=0.9),
        "never": Reading(XOR, "xor_net", "test", reaches=2.0),
        "auc": Reading("simplicity/lms5", "vector_mlp", "test", metric="auc"),
        "alone": Reading("spheres/sphere2", "kernel", "test"),
        "quick": Reading(XOR, "xor_net", "test", step=7),
        "nobody": Reading(XOR, "nobody", "test"),
    }
    findings = tuple(Finding("x", "ours", "y", least=0, of=one) for one in readings.values())
    found = measured([Paper("Echoes", "Somebody 2020", findings=findings)], [str(RESULTS)], registry.catalogue().tasks)
    return {name: found.get(one) for name, one in readings.items()}


@pytest.fixture(scope="module")
def rows():
    """The same rows as frames."""
    return genbench.results(RESULTS).where(task="xor_clusters/*", submission="xor_net", profile="full")


def chosen(frame, **values):
    for name, value in values.items():
        frame = frame[frame[name] == value]
    return frame


def test_a_mean_at_the_end_is_that_of_its_scores(ours, rows):
    own = chosen(rows.scores, split="xor", question_set="test", axis="", metric="top_1")
    part = chosen(rows.scores, split="xor_small", question_set="trained", slice="corrupted", metric="top_1")

    assert ours["end"].value == pytest.approx(own["value"].mean())
    assert ours["slice"].value == pytest.approx(part["value"].mean())
    assert ours["end"].seeds == ours["slice"].seeds == len(own) == 3


def test_a_point_of_a_curve_is_the_mean_there(ours, rows):
    own = chosen(rows.curves, split="xor", question_set="test", axis="", metric="top_1", step=1)
    part = chosen(rows.curves, split="xor", question_set="trained", slice="corrupted", metric="top_1", step=10)

    assert ours["step"].value == pytest.approx(own["value"].mean())
    assert ours["step"].low < own["value"].min() <= own["value"].max() < ours["step"].high
    assert ours["part"].value == pytest.approx(part["value"].mean())


def test_the_first_step_at_which_all_seeds_are_as_good_is_their_mean(ours, rows):
    own = chosen(rows.curves, split="xor", question_set="test", axis="", metric="top_1")
    first = own[own["value"] >= 0.9].groupby("seed")["step"].min()

    assert ours["first"].value == pytest.approx(first.mean())
    assert ours["never"].value is None
    assert ours["never"].why == "3 of 3 seeds never reach it"


def test_another_metric_is_read_by_its_name_and_a_deterministic_submission_stands_alone(ours):
    assert ours["auc"].value == pytest.approx(1, abs=1e-4)
    assert ours["alone"].seeds == 1
    assert ours["alone"].alone


def test_what_has_no_rows_is_not_measured(ours):
    assert ours["quick"] is None
    assert ours["nobody"] is None


def test_the_quick_profile_shows_nothing(toys, tmp_path, monkeypatch):
    command = ["evaluate", f"{toys}/stepping", "--task", f"{toys}/echo", "--executor", "here", "--out", str(tmp_path)]
    made = CliRunner().invoke(cli, command)
    place = "echo/small", "stepping"
    end, step, first = Reading(*place, "test"), Reading(*place, "test", step=10), Reading(*place, "test", reaches=0.5)
    itself = Reading(*place, metric="diagnostic.known", step=20)
    findings = tuple(Finding("x", "ours", "y", least=0, of=one) for one in (end, step, first, itself))
    (echo,) = registry.choose_splits([f"{toys}/echo"], registry.catalogue())
    asked = [Paper("Echoes", "Somebody", findings=findings)], [str(tmp_path)], {"echo": echo.task}

    nothing = measured(*asked)
    monkeypatch.setattr("genbench.report.papers.PROFILE", "quick")
    told = {one: found.value for one, found in measured(*asked).items()}

    assert made.exit_code == 0, made.output
    assert nothing == {}
    assert told == {end: 1.0, step: pytest.approx(0.3), first: 20.0, itself: 60.0}


def test_the_docs_hold_what_the_verb_makes_of_the_published_rows():
    made = CliRunner().invoke(cli, ["papers", str(RESULTS)])

    assert made.exit_code == 0, made.output
    assert (ROOT / "docs" / "papers.md").read_text(encoding="utf-8").endswith(made.stdout), (
        "uv run python docs/from_rows.py makes the page anew"
    )


def test_a_folder_without_papers_is_said(tmp_path):
    made = CliRunner().invoke(cli, ["papers", str(RESULTS), "--papers", str(tmp_path)])

    assert f"there are no papers in {tmp_path}; they are TOML files" in str(made.exception)
