"""Answers that a submission gives are joined with targets that it never saw, and graded."""

import time

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from genbench import registry
from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.evaluation import build, prepare
from genbench.evaluation.cell import ANSWERS, QUESTIONS, Outcome, Step
from genbench.rows.store import Store


class Answering:
    """An executor whose submissions know what they should not: it answers from targets that the test gives it."""

    def __init__(self, answers):
        self.answers = answers

    def run(self, jobs):
        for job in jobs:
            tables.write(self.answers, job.folder / ANSWERS)
            yield Outcome(job.key, "ok", "", "none", time.time(), 0.1, answers=job.folder / ANSWERS)


@pytest.fixture
def echo(toys):
    """The toy task, built: problem and targets."""
    return build.build(registry.choose_splits([f"{toys}/echo"], registry.Catalogue())[0])


def answers_of(ids, predictions):
    return pa.table({QUESTION_ID: pa.array(ids, pa.int64()), PREDICTION: predictions})


def test_perfect_answers_score_the_ceiling_in_whatever_order_they_come(evaluate, tmp_path, echo):
    backwards = list(range(100))[::-1]
    answers = answers_of(backwards, echo.targets.target.take(pa.array(backwards)))

    found = evaluate(tmp_path, "idle", executor=Answering(answers))

    assert {row["value"] for row in found.rows("scores")} == {1.0}
    assert all(row["correct"] for row in found.rows("predictions"))


def test_shuffled_answers_score_about_chance(evaluate, tmp_path, echo):
    shuffled = echo.targets.target.take(pa.array([(i + 1) % 100 for i in range(100)]))

    found = evaluate(tmp_path, "idle", executor=Answering(answers_of(range(100), shuffled)))

    assert {row["value"] for row in found.rows("scores")} == {0.0}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: answers_of(range(99), t[:99]), "1 of 100 questions have no answer, the first 99"),
        (lambda t: answers_of([0, *range(99)], t), "question 0 is answered 2 times"),
        (lambda t: answers_of(range(1, 101), t), "1 answers have an unknown question_id, the first 100"),
        (lambda t: answers_of(range(-1, 99), t), "1 answers have an unknown question_id, the first -1"),
        (lambda t: answers_of([None, *range(99)], t), "1 answers have no question_id"),
        (lambda t: answers_of(range(100), pa.array([None, *range(99)])), "1 predictions are null"),
        (
            lambda t: answers_of(range(100), t.cast(pa.float64())),
            "predictions are of type double; the target is of type int64",
        ),
        (
            lambda t: pa.table({"id": pa.array(range(100)), "answer": t}),
            "the answers have columns ['id', 'answer']; they must be ['question_id', 'prediction']",
        ),
        (
            lambda t: pa.table({QUESTION_ID: pa.array(map(str, range(100))), PREDICTION: t}),
            "the answers have columns ['question_id', 'prediction']; they must be ['question_id', 'prediction']",
        ),
    ],
)
def test_answers_that_do_not_fit_the_questions_are_the_submissions_fault(evaluate, tmp_path, echo, spoil, message):
    found = evaluate(tmp_path, "idle", executor=Answering(spoil(echo.targets.target)))

    assert (found.cell("idle")["status"], found.cell("idle")["detail"]) == ("error", message)
    assert found.rows("scores") == []


def test_curve_points_that_do_not_fit_are_the_submissions_fault_too(evaluate, tmp_path, echo):
    class Halfway(Answering):
        def run(self, jobs):
            from dataclasses import replace

            for outcome in super().run(jobs):
                point = outcome.answers.with_name("curve-1.arrow")
                tables.write(self.answers.slice(0, 3), point)
                yield replace(outcome, steps=(Step(1, 0.1, point),))

    found = evaluate(tmp_path, "idle", executor=Halfway(answers_of(range(100), echo.targets.target)))

    assert found.cell("idle")["detail"] == "97 of 100 questions have no answer, the first 3"
    assert found.rows("scores") == found.rows("curves") == []


def test_questions_that_cross_the_wall_carry_no_target(toys, tmp_path, echo):
    prepare.write_problem(echo.problem, tmp_path / "job")

    asked = tables.read(tmp_path / "job" / QUESTIONS)

    assert asked.column_names == [QUESTION_ID, "number"]
    assert pc.all(pc.equal(asked.column(QUESTION_ID), pa.array(range(100)))).as_py()
    assert Store(str(tmp_path)).files("cells") == []
