"""Metrics that a task brings itself: what they see, and what is said where one is at fault."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.data.problem import Targets
from genbench.errors import BadCard, MetricFault
from genbench.evaluation import plan, run
from genbench.evaluation.executors.here import Here
from genbench.registry import ChosenSplit, ChosenSubmission
from genbench.rows.store import Store
from genbench.scoring import grading, metrics

TOYS = Path(__file__).parents[2] / "toys"
TABLE = """
[metric.closeness]
entry = "scoring:closeness"
about = "how close the answer comes to the question"
"""
CODE = """\
import numpy as np
import pyarrow.compute as pc

def closeness(answers, targets, questions):
    assert questions.column_names == ["number"]
    far = pc.abs(pc.subtract(answers, questions["number"].combine_chunks())).to_numpy(zero_copy_only=False)
    return 1.0 / (1.0 + far)
"""
FRACTION = """\
import numpy as np

def parts(answers, targets, questions):
    right = answers.to_numpy() == targets.to_numpy()
    return np.stack([right, np.ones(len(right))], axis=1).astype(float)

def reduce(marks, within):
    return float(marks[within, 0].sum() / marks[:, 1].sum())
"""


@pytest.fixture
def task(tmp_path):
    """Gives `task(code, table)`: a copy of the toy task with a metric of its own, which is the headline."""

    def made(code=CODE, table=TABLE, listed='["closeness", "exact_match"]'):
        folder = tmp_path / "echo"
        shutil.copytree(TOYS / "echo", folder)
        text = (folder / "card.toml").read_text().replace('["exact_match"]', listed)
        (folder / "card.toml").write_text(text + table)
        (folder / "scoring.py").write_text(code)
        return cards.read(folder, "task")

    return made


def targets_of(numbers):
    values = pa.array(numbers, pa.int64())
    return Targets(("test",), np.zeros(len(numbers), np.int16), values, questions=pa.table({"number": values}))


def test_a_metric_of_the_tasks_own_sees_the_questions(task):
    graded = grading.grade(pa.array([1, 2, 6]), targets_of([1, 3, 3]), task())

    assert graded["closeness"].tolist() == [1.0, 0.5, 0.25]
    assert graded["exact_match"].tolist() == [1.0, 0.0, 0.0]


def test_a_metric_of_a_whole_set_is_told_all_marks_and_which_are_meant(task):
    card = task(FRACTION, TABLE.replace(":closeness", ":parts") + 'reduce = "scoring:reduce"\n')
    targets = targets_of([1, 2, 3, 4])
    targets.slices["parity"] = pa.array(["odd", "even", "odd", "even"])  # type: ignore[index]
    graded = grading.grade(pa.array([1, 2, 3, 0]), targets, card)

    rows = list(grading.score_rows({}, graded, targets, card.splits["small"], card))

    found = {(row["metric"], row["slice"]): row["value"] for row in rows}
    assert found["closeness", ""] == 0.75
    assert found["closeness", "odd"] == 0.5, "two right of the four of the whole set"
    assert found["exact_match", "odd"] == 1.0


MARKS = "1.0 / (1.0 + far)"
FAULTS = {  # what the metric does -> its code, and what is said
    "it raises for one answer": (
        CODE.replace(MARKS, "1 // min(answers.to_pylist()) * np.ones(len(far))"),
        r" raised ZeroDivisionError for question 2 \(answer 0, target 3\): integer ",
    ),
    "it raises for the whole only": (
        CODE.replace(MARKS, "np.ones(len(far)) if len(far) < 4 else 1 // 0"),
        " raised ZeroDivisionError: integer ",
    ),
    "it gives NaN": (
        CODE.replace(MARKS, "np.where(far > 1, np.nan, 0.0)"),
        r" gives nan for question 2 \(answer 0, target 3\); the card says that it lies from 0 to 1",
    ),
    "it gives more than the card says": (
        CODE.replace(MARKS, "far.astype(float)"),
        r" gives 3 for question 2 \(answer 0, target 3\); the card says that it lies from 0 to 1",
    ),
    "it gives too few": (
        CODE.replace(MARKS, "np.ones(3)"),
        r" gives an array of shape \(3,\); it must be \(4,\), one a question",
    ),
    "it gives another type": (
        CODE.replace(MARKS, "far > 0"),
        " gives an array of bool; it must give float64, as a NumPy or Arrow array",
    ),
    "it gives nothing": (
        CODE.replace("return ", ""),
        " gives a NoneType; it must give float64, as a NumPy or Arrow array",
    ),
    "it gives nulls": (
        CODE.replace(MARKS, "__import__('pyarrow').array([None, 1.0, 1.0, 1.0])"),
        " gives an Arrow array of double with 1 nulls; it must be float64 without",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_metric_at_fault_is_named_with_card_and_question(task, what):
    code, said = FAULTS[what]
    card = task(code)

    with pytest.raises(MetricFault, match=rf"echo/card.toml: metric 'closeness' \(scoring:closeness\){said}"):
        grading.grade(pa.array([1, 2, 0, 4]), targets_of([1, 2, 3, 4]), card)


def test_a_metric_is_given_answers_targets_and_questions_and_nothing_that_tells_of_a_submission(task):
    card = task(
        "SEEN = []\n" + CODE.replace("    assert", "    SEEN.append([answers, targets, questions])\n    assert")
    )
    targets = targets_of([1])

    grading.grade(pa.array([2]), targets, card)

    assert load_entry(card.folder, "scoring:closeness").__globals__["SEEN"] == [
        [pa.array([2]), targets.target, targets.questions]
    ]


def test_a_name_that_genbench_has_is_refused(task):
    card = task(table=TABLE.replace("metric.closeness", "metric.first_error"), listed='["first_error"]')

    with pytest.raises(
        BadCard, match="key 'metric.first_error': 'first_error' is a metric of genbench; choose another"
    ):
        metrics.of_card(card)


ZEROS = """\
class Zeros:
    def __init__(self, context): ...
    def fit(self, train, validation): ...
    def predict(self, questions): return [0] * len(questions)
"""


def evaluated(tmp_path, *tasks):
    """What a submission that always answers 0 makes of the tasks: the events, and the results."""
    shutil.copytree(TOYS / "idle", tmp_path / "zeros")
    text = (tmp_path / "zeros" / "card.toml").read_text().replace("baseline:Idle", "baseline:Zeros")
    (tmp_path / "zeros" / "card.toml").write_text(text)
    (tmp_path / "zeros" / "baseline.py").write_text(ZEROS)
    zeros = ChosenSubmission(cards.read(tmp_path / "zeros", "submission"), "", {})
    splits = [ChosenSplit(one, one.splits["small"], {}) for one in tasks]
    store = Store(str(tmp_path / "results"))
    return list(run.run(plan.plan(splits, [zeros], 1, "full", "cpu"), Here(), store)), store


def test_an_evaluation_names_the_split_whose_metric_fails_and_goes_on_with_the_others(task, tmp_path):
    broken = task(CODE.replace(MARKS, "np.ones(len(far)) if not far.any() else 1 // 0")).folder
    (broken / "card.toml").write_text((broken / "card.toml").read_text().replace('name = "echo"', 'name = "broken"'))

    events, store = evaluated(tmp_path, cards.read(broken, "task"), cards.read(TOYS / "echo", "task"))

    (fault,) = [one for one in events if isinstance(one, run.SplitFault)]
    assert fault.cells == 1
    assert fault.message.startswith("idle, seed 0: ")
    assert "metric 'closeness' (scoring:closeness) raised ZeroDivisionError for question " in fault.message
    assert "ZeroDivisionError" in fault.log
    assert [(row["task"], row["status"]) for row in store.read("cells").table.to_pylist()] == [("echo", "ok")]


def test_a_metric_that_cannot_grade_the_right_answers_is_known_before_anything_is_trained(task, tmp_path):
    events, store = evaluated(tmp_path, task(CODE.replace("1.0 / (1.0 + far)", "far")))

    assert [type(one) for one in events] == [run.SplitFault]
    assert "gives an array of int64" in events[0].message
    assert store.read("cells").table.num_rows == 0
