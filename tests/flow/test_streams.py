"""A split that is a stream: training one stage at a time, all questions after each."""

import json

import pytest

from genbench import registry
from genbench.cli import main
from genbench.data import tables
from genbench.evaluation import prepare
from genbench.evaluation.build import build
from genbench.evaluation.executors.process import Process
from genbench.evaluation.plan import plan

SEEN = [
    line
    for stage in range(3)
    for line in (
        f"stage {stage} rows 6 2 {{{stage}}} ['stage-{stage}-validation.arrow', 'stage-{stage}.arrow']",
        "asked ['number'] 30",
    )
]
NEWEST_ONLY = {(step, str(stage)): float(step == stage) for step in range(3) for stage in range(3)}


def by_stage(done, submission):
    rows = done.rows("curves", submission=submission, axis="stage", metric="exact_match")
    return {(row["step"], row["slice"]): row["value"] for row in rows}


@pytest.fixture
def apart(evaluate, tmp_path, behind_the_wall):
    """Gives `apart("remembers@dies")`, evaluated in the process executor; called again, it goes on."""
    return lambda *names: evaluate(tmp_path, *names, task="seasons", executor=behind_the_wall)


def test_fit_has_one_stage_at_a_time_and_all_questions_are_asked_after_each(apart):
    done = apart("remembers", "remembers@yields")

    for name in ("remembers", "remembers@yields"):
        assert done.cell(name)["log"].splitlines() == SEEN
        assert by_stage(done, name) == NEWEST_ONLY
        assert {row["value"] for row in done.rows("scores", submission=name, axis="stage", slice="2")} == {1.0}


def test_forgetting_is_told_of_its_rows(evaluate, tmp_path, capsys):
    evaluate(tmp_path, "remembers", task="seasons", seeds=2)
    capsys.readouterr()

    code = main(["streams", str(tmp_path), "--format", "json"])

    (row,) = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    assert code == 0
    assert (row["stages"], row["seeds"], row["forgetting"], row["backward_transfer"]) == (3, 2, 1.0, -1.0)
    assert main(["streams", str(tmp_path), "--axis", "season"]) == 2
    assert "error: no stream along 'season' is in these results" in capsys.readouterr().err


def test_in_this_process_it_is_the_same(evaluate, tmp_path):
    done = evaluate(tmp_path, "remembers", task="seasons")

    assert by_stage(done, "remembers") == NEWEST_ONLY


def test_the_stage_to_come_is_not_had_before_the_answers_after_this_one(apart):
    done = apart("remembers@early")

    said = done.cell("remembers@early")["log"].splitlines()
    assert [line for line in said if line.startswith("early")] == ["early: False"] * 3
    assert by_stage(done, "remembers@early") == NEWEST_ONLY


def test_an_interrupted_stream_goes_on_at_the_stage_after_its_checkpoint(toys, tmp_path):
    first, _ = attempt(toys, tmp_path, "first")

    second, answers = attempt(toys, tmp_path, "second")

    assert (first.status, second.status) == ("crashed", "ok")
    assert second.log.splitlines() == ["asked ['number'] 30", *SEEN[4:]], "stage 1 was fitted, and not yet answered"
    assert [step.step for step in second.steps] == [0, 1, 2]
    assert answers == [{0}, {1}, {2}]
    assert second.fit_seconds > 100, "with what it took before"


def test_one_that_claims_more_stages_than_were_answered_is_told_so(toys, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "label.json").write_text("[1, 2, 1]")

    outcome, _ = attempt(toys, tmp_path, "only")

    assert (outcome.status, outcome.detail) == (
        "error",
        (
            "resumed_stage is 2, and only 0 stages were answered before; keep a checkpoint when fit of a stage ends, "
            "not ahead of it"
        ),
    )


def attempt(toys, place, name):
    """One attempt at a cell, whose checkpoints are those of the attempts before; its outcome and its answers."""
    (chosen,) = registry.choose_splits([f"{toys}/seasons"], registry.Catalogue())
    (submission,) = registry.choose_submissions([f"{toys}/remembers@dies"], registry.Catalogue())
    (cell,) = plan([chosen], [submission], 1, "quick", "cpu").cells
    problem = build(chosen).problem
    (place / "kept").mkdir(exist_ok=True)
    prepare.write_problem(problem, place / name, "stage")
    job = prepare.job_of(cell, name, place / name, place / "kept", stages=prepare.stages_of(problem, "stage"))
    (outcome,) = Process().run([job])
    return outcome, [set(tables.read(step.answers).column("prediction").to_pylist()) for step in outcome.steps]
