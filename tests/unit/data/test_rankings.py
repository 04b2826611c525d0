"""Answers that are more than a label: what comes in, and what is kept."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import rankings
from genbench.data.problem import Targets
from genbench.errors import SubmissionFault
from genbench.evaluation.answers import as_answers
from genbench.scoring import grading

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


def test_a_question_that_cannot_be_read_is_wrong_whatever_is_answered():
    targets = Targets(("test",), np.zeros(3, np.int16), pa.array([4, 5, 6]), unreadable=(1,), answer="ranking")
    answers = pa.table({"question_id": [2, 1, 0], "prediction": pa.array([6, 5, 4])})

    joined = grading.join(answers, targets)

    assert rankings.place(joined, targets.target).tolist() == [0, rankings.KEPT, 0]
    assert joined[1].as_py() == []


def test_the_lesser_label_comes_first_among_equals():
    answers = rankings.of_probabilities(np.full((1, 7), 1 / 7))

    assert [one["label"] for one in answers[0].as_py()] == [0, 1, 2, 3, 4]


def slow_average_precision(ranking, right):
    hits = [place for place, label in enumerate(ranking) if label in right]
    return sum((number + 1) / (place + 1) for number, place in enumerate(hits)) / len(right)


@given(
    st.lists(
        st.tuples(st.permutations(range(6)), st.integers(0, 6), st.sets(st.integers(0, 8), min_size=1)), max_size=5
    )
)
def test_average_precision_is_its_slow_definition(rows):
    ranked = [list(order[:count]) for order, count, _ in rows]
    answers = rankings.kept(rankings.from_values(ranked), rankings.DEEP)

    found = rankings.average_precision(answers, pa.array([sorted(right) for *_, right in rows], pa.list_(pa.int64())))

    slow = [slow_average_precision(one, right) for one, (_, _, right) in zip(ranked, rows, strict=True)]
    assert found.tolist() == pytest.approx(slow)


def test_all_right_labels_ranked_are_perfect_also_where_there_are_more_than_are_kept():
    targets = pa.array([[3, 1], list(range(300))])

    assert rankings.average_precision(rankings.of_sets(targets), targets).tolist() == [1.0, 1.0]


def test_a_ranking_whose_target_is_a_set_is_kept_deeper():
    scores = np.full((1, 40), 1 / 40)

    assert len(as_answers(scores, "ranking<set>", 1)[0]) == 40
    assert len(as_answers(scores, "ranking", 1)[0]) == rankings.KEPT
