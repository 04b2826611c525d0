"""Answers that are more than a label: what comes in, what is kept, and what the metrics make of it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import rankings
from genbench.data.problem import Targets
from genbench.errors import SubmissionFault
from genbench.evaluation.worker import as_answers
from genbench.scoring import grading, metrics

ROWS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 9), max_size=7, unique=True),
        st.lists(st.floats(0, 1), min_size=7, max_size=7),
        st.integers(0, 9),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def ranked(rows):
    """Python rankings of (label, probability), best first, that add up to at most 1."""
    found = []
    for labels, weights, _, told in rows:
        chances = sorted((weight / 8 for weight in weights[: len(labels)]), reverse=True)
        found.append([(label, chance if told else None) for label, chance in zip(labels, chances, strict=True)])
    return found


@given(ROWS)
def test_metrics_of_rankings_are_those_of_a_slow_count(rows):
    given = ranked(rows)
    targets = pa.array([row[2] for row in rows], pa.int64())
    answers = rankings.kept(rankings.from_values(given))

    found = {
        name: metrics.over(name, metrics.METRICS[name].grade(answers, targets))
        for name in ("top_1", "top_5", "class_balanced_accuracy", "expected_calibration_error")
    }

    first = [bool(ranking) and ranking[0][0] == row[2] for ranking, row in zip(given, rows, strict=True)]
    among = [row[2] in [label for label, _ in ranking[:5]] for ranking, row in zip(given, rows, strict=True)]
    by_class = {row[2]: [] for row in rows}
    bins = {}
    for right, row, ranking in zip(first, rows, given, strict=True):
        by_class[row[2]].append(right)
        sure = 0.0 if not ranking else None if ranking[0][1] is None else round(ranking[0][1], 6)
        place = None if sure is None else next(at for at in range(15) if sure * 15 <= at + 1)
        bins.setdefault(place, []).append((right, sure))
    assert found["top_1"] == pytest.approx(np.mean(first))
    assert found["top_5"] == pytest.approx(np.mean(among))
    assert found["class_balanced_accuracy"] == pytest.approx(np.mean([np.mean(own) for own in by_class.values()]))
    if None in bins:
        assert found["expected_calibration_error"] is None
    else:
        gaps = [abs(np.mean([right for right, _ in own]) - np.mean([sure for _, sure in own])) for own in bins.values()]
        weights = [len(own) / len(rows) for own in bins.values()]
        assert found["expected_calibration_error"] == pytest.approx(np.dot(gaps, weights))


@given(ROWS)
def test_what_is_stored_is_what_was_graded(rows):
    answers = rankings.kept(rankings.from_values(ranked(rows)))

    assert grading.from_text(grading.as_text(answers), "ranking").equals(answers)


def test_a_bin_is_closed_above():
    answers = rankings.from_values([[(0, 0.2)], [(0, 0.2)], [(0, 0.21)]])  # 0.2 is the end of the third bin
    right = pa.array([0, 1, 1])

    marks = metrics.METRICS["expected_calibration_error"].grade(answers, right)

    assert metrics.calibration_error(marks) == pytest.approx((abs(1 - 0.4) + 0.21) / 3)


PROBABILITIES = np.array([[0.1, 0.6, 0.3], [0.0, 0.0, 1.0]])
TWO = {
    "labels": [1, 2],
    "a numpy array of labels": np.array([1, 2], np.int32),
    "pairs": [[(1, 0.6), (2, 0.3), (0, 0.1)], [(2, 1.0), (0, 0.0), (1, 0.0)]],
    "dicts": [[{"label": 1, "probability": 0.6}], [{"label": 2, "probability": 1.0}]],
    "rows of probabilities": PROBABILITIES,
    "rows of float32": PROBABILITIES.astype(np.float32),
    "a list of rows": list(PROBABILITIES),
    "labels in order": [[1, 2], [2]],
    "an Arrow array": rankings.from_values([[(1, 0.6)], [(2, 1.0)]]),
}


@pytest.mark.parametrize("form", TWO)
def test_rankings_come_in_many_forms(form):
    answers = as_answers(TWO[form], "ranking", 2)

    assert answers.type == rankings.TYPE
    assert rankings.place(answers, pa.array([1, 2])).tolist() == [0, 0]
    if "label" not in form:
        assert rankings.confidence(answers).tolist() == [0.6, 1.0]


def test_tensors_are_probabilities_too():
    import torch

    answers = as_answers(torch.tensor(PROBABILITIES), "ranking", 2)

    assert answers[0].as_py()[:2] == [{"label": 1, "probability": 0.6}, {"label": 2, "probability": 0.3}]


def test_labels_alone_have_no_confidence_and_so_no_calibration_error():
    answers = as_answers([1, 2], "ranking", 2)
    targets = Targets(("test",), np.zeros(2, np.int16), pa.array([1, 0]), ranked=True)

    marks = {name: metrics.METRICS[name].grade(answers, targets.target) for name in metrics.METRICS if "_1" in name}
    error = metrics.METRICS["expected_calibration_error"].grade(answers, targets.target)

    assert marks["top_1"].tolist() == [1.0, 0.0]
    assert metrics.over("expected_calibration_error", error) is None


FAULTS = {
    "scores that are none": (np.array([[3.0, -1.0]]), "answer 0 is [3, -1]; a row of scores must be probabilities"),
    "sums above 1": (np.array([[0.9, 0.9]]), "answer 0 is [0.9, 0.9]; a row of scores must be probabilities"),
    "NaN": (np.array([[np.nan, 0.1]]), "answer 0 is [nan, 0.1]; a row of scores must be"),
    "a label twice": ([[(1, 0.5), (1, 0.2)]], "ranking 0 names a label twice"),
    "the worst first": ([[(1, 0.2), (2, 0.5)]], "ranking 0 is not in order of probability"),
    "a probability above 1": ([[(1, 1.5)]], "ranking 0 has a probability outside 0 to 1"),
    "some probabilities": ([[(1, 0.5), (2, None)]], "ranking 0 has probabilities for some labels only"),
    "too much together": ([[(1, 0.7), (2, 0.7)]], "ranking 0 has probabilities that add up to more than 1"),
    "no label": ([[(None, 0.5)]], "a ranking holds a null in place of a label"),
    "words": ([["bird"]], "the answers are no rankings"),
    "a bare word": (["bird"], "the answers are no rankings"),
    "triples": ([[(1, 0.5, 3)]], "the answers are no rankings"),
    "one too many": ([1, 2], "predict returned 2 answers for 1 questions"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_no_ranking_is_the_submissions_fault(what):
    given, message = FAULTS[what]

    with pytest.raises(SubmissionFault) as fault:
        as_answers(given, "ranking", 1)

    assert message in str(fault.value)


def test_no_answer_is_wrong_in_every_metric_and_sure_of_nothing():
    answers = as_answers([[], [(1, 1.0)]], "ranking", 2)
    targets = pa.array([1, 1])

    found = {
        name: metrics.over(name, metrics.METRICS[name].grade(answers, targets))
        for name in ("top_1", "top_5", "class_balanced_accuracy", "expected_calibration_error")
    }

    assert found == {"top_1": 0.5, "top_5": 0.5, "class_balanced_accuracy": 0.5, "expected_calibration_error": 0.0}


def test_a_question_that_cannot_be_read_is_wrong_whatever_is_answered():
    targets = Targets(("test",), np.zeros(3, np.int16), pa.array([4, 5, 6]), unreadable=(1,), ranked=True)
    answers = pa.table({"question_id": [2, 1, 0], "prediction": pa.array([6, 5, 4])})

    joined = grading.join(answers, targets)

    assert rankings.place(joined, targets.target).tolist() == [0, rankings.KEPT, 0]
    assert joined[1].as_py() == []


def test_the_lesser_label_comes_first_among_equals():
    answers = rankings.of_probabilities(np.full((1, 7), 1 / 7))

    assert [one["label"] for one in answers[0].as_py()] == [0, 1, 2, 3, 4]
