"""How far sets agree, by their slow definitions."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.scoring import metrics, overlap

lists = st.lists(st.integers(0, 4), max_size=5)
rows = st.lists(st.tuples(lists, lists), min_size=1, max_size=6)


def columns_of(pairs, kind):
    return [pa.array([pair[place] for pair in pairs], kind) for place in (0, 1)]


SLOW = {
    "set_exact": lambda given, wanted: float(given == wanted),
    "jaccard": lambda given, wanted: len(given & wanted) / len(given | wanted) if given | wanted else 1.0,
    "set_f1": lambda given, wanted: 2 * len(given & wanted) / (len(given) + len(wanted)) if given or wanted else 1.0,
}


@pytest.mark.parametrize("name", SLOW)
def test_a_metric_of_sets_is_its_slow_definition(name):
    @given(rows)
    def holds(pairs):
        found = metrics.METRICS[name].grade(*columns_of(pairs, pa.list_(pa.int64())))

        assert found.tolist() == [SLOW[name](set(one), set(other)) for one, other in pairs]

    holds()


def f1(pairs, label):
    both, either = (
        sum(sum(label in side for side in pair) == 2 for pair in pairs),
        sum(label in side for pair in pairs for side in pair),
    )
    return 2 * both / either if either else None


@given(rows)
def test_f1_over_many_questions_is_its_slow_definition(pairs):
    given = columns_of(pairs, pa.list_(pa.int64()))
    sets = [(set(one), set(other)) for one, other in pairs]
    known = set().union(*(wanted for _, wanted in sets))
    # Labels that no target has are one label.
    named = [({label if label in known else -1 for label in one}, other) for one, other in sets]
    labels = set().union(*(one | other for one, other in named))
    counts = Counter(label for pair in sets for side in pair for label in side)

    both = sum(len(one & other) for one, other in sets)
    assert overlap.micro_f1(overlap.by_counts(*given)) == pytest.approx(2 * both / counts.total() if counts else 1.0)
    each = [f1(named, label) for label in labels]
    assert overlap.macro_f1(overlap.by_label(*given)) == pytest.approx(np.mean(each) if each else 1.0)


def test_macro_f1_of_single_labels_is_that_of_scikit_learn():
    # sklearn.metrics.f1_score([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], average="macro"), from its documentation
    found = overlap.macro_f1(overlap.by_label(pa.array([0, 2, 1, 0, 0, 1]), pa.array([0, 1, 2, 0, 1, 2])))

    assert found == pytest.approx(0.26666666666666666)


def test_many_made_up_labels_take_no_more_room_than_one():
    marks = overlap.by_label(pa.array([list(range(100, 1000)), [1]]), pa.array([[1, 2], [1]]))

    assert marks.shape == (2, 3)
