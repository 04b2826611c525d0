"""Standard errors over questions: what they are of means, and how often their intervals hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis.intervals import interval
from genbench.scoring import metrics, sureness
from genbench.scoring.sets import of_those_within

MEAN = of_those_within(lambda marks: float(np.mean(marks)))


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=sureness.GROUPS))
def test_the_jackknife_of_a_mean_is_its_standard_error(marks):
    own = np.array(marks)

    assert sureness.of_number(MEAN, own, np.ones(len(own), bool)) == pytest.approx(sureness.of_mean(own), abs=1e-9)


def test_one_question_tells_nothing_of_how_sure_a_number_is():
    assert sureness.of_mean(np.array([1.0])) is None
    assert sureness.of_number(MEAN, np.array([1.0, 2.0]), np.array([True, False])) is None


def test_a_number_that_some_group_does_not_have_has_no_error():
    auc = metrics.METRICS["auc"]
    marks = np.full((30, 11), np.nan)
    marks[:, 0], marks[:, 1], marks[:, 2] = [1.0] + [0.0] * 29, 1, 0.5

    assert auc.over(marks) == 0.5
    assert auc.error(marks, np.ones(30, bool)) is None


@pytest.mark.parametrize(("name", "least"), [("auc", 0.92), ("brier", 0.92), ("aurc", 0.9)])
def test_intervals_by_the_jackknife_hold_the_truth_about_as_often_as_they_say(name, least):
    stream, metric = np.random.default_rng(1), metrics.METRICS[name]

    def drawn(questions):
        """Marks of a submission whose probabilities are true, of two labels."""
        chance = stream.beta(2, 2, questions)
        label = (stream.random(questions) < chance).astype(float)
        if name == "brier":
            return (((chance - label) ** 2) * 2)[:, None]
        if name == "aurc":
            return np.stack([np.maximum(chance, 1 - chance), (chance > 0.5) == label], axis=1)
        marks = np.full((questions, 11), np.nan)
        marks[:, 0], marks[:, 1], marks[:, 2], marks[:, 3], marks[:, 4] = label, 1, chance, 0, 1 - chance
        return marks

    truth = metric.over(drawn(200_000))
    held = 0
    for _ in range(300):
        marks = drawn(200)
        error = metric.error(marks, np.ones(200, bool))
        _, low, high = interval(
            [metric.over(marks)], 200, bounded=False, errors=[error], ends=(metric.low, metric.high)
        )
        held += low <= truth <= high

    assert held / 300 >= least
