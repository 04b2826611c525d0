"""Metrics of rankings and of whole question sets, against the slow counts that they stand for."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import rankings
from genbench.scoring import metrics, sets

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


def test_a_bin_is_closed_above():
    answers = rankings.from_values([[(0, 0.2)], [(0, 0.2)], [(0, 0.21)]])  # 0.2 is the end of the third bin
    right = pa.array([0, 1, 1])

    marks = metrics.METRICS["expected_calibration_error"].grade(answers, right)

    assert sets.calibration_error(marks) == pytest.approx((abs(1 - 0.4) + 0.21) / 3)


def test_labels_alone_have_no_confidence_and_so_no_calibration_error():
    answers = rankings.of_labels(pa.array([1, 2]))
    targets = pa.array([1, 0])

    marks = {name: metrics.named(name).grade(answers, targets) for name in ("top_1", "expected_calibration_error")}

    assert marks["top_1"].tolist() == [1.0, 0.0]
    assert metrics.over("expected_calibration_error", marks["expected_calibration_error"]) is None


def test_no_answer_is_wrong_in_every_metric_and_sure_of_nothing():
    answers = rankings.kept(rankings.from_values([[], [(1, 1.0)]]))
    targets = pa.array([1, 1])

    found = {
        name: metrics.over(name, metrics.METRICS[name].grade(answers, targets))
        for name in ("top_1", "top_5", "class_balanced_accuracy", "expected_calibration_error")
    }

    assert found == {"top_1": 0.5, "top_5": 0.5, "class_balanced_accuracy": 0.5, "expected_calibration_error": 0.0}
