"""Metrics that tell how near a wrong sequence came, against the slow definitions that they stand for."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genbench.data import tables
from genbench.scoring import metrics, sequences

values = {
    "string": st.lists(st.sampled_from(["a", "b", " ", "  "]), max_size=6).map("".join),
    "list<int64>": st.lists(st.integers(-2, 2), max_size=5),
    "list<string>": st.lists(st.sampled_from(["a", "b", ""]), max_size=5),
}


@st.composite
def graded(draw):
    kind = draw(st.sampled_from(list(values)))
    pairs = draw(st.lists(st.tuples(values[kind], values[kind]), max_size=8))
    return kind, [one for one, _ in pairs], [other for _, other in pairs]


def tokens_of(answers, targets):
    return [
        tuple(value.split() if isinstance(value, str) else value for value in pair)
        for pair in zip(answers, targets, strict=True)
    ]


def slow_token_accuracy(one, other):
    longer = max(len(one), len(other))
    return sum(a == b for a, b in zip(one, other, strict=False)) / longer if longer else 1.0


def slow_distance(one, other):
    row = list(range(len(other) + 1))
    for at, token in enumerate(one, start=1):
        above, row[0] = row[0], at
        for beside, wanted in enumerate(other, start=1):
            above, row[beside] = row[beside], min(above + (token != wanted), row[beside] + 1, row[beside - 1] + 1)
    return row[-1] / max(len(one), len(other), 1)


def slow_first_error(one, other):
    longer = max(len(one), len(other))
    right = next((at for at in range(longer) if one[at : at + 1] != other[at : at + 1]), longer)
    return right / longer if longer else 1.0


def slow_prefix_length(one, other):
    right = 0
    while right < min(len(one), len(other)) and one[right] == other[right]:
        right += 1
    return right


@pytest.mark.parametrize(
    ("name", "slow"),
    [
        ("token_accuracy", slow_token_accuracy),
        ("token_edit_distance", slow_distance),
        ("first_error", slow_first_error),
        ("prefix_length", slow_prefix_length),
    ],
)
def test_a_metric_is_its_slow_definition(name, slow):
    @settings(deadline=None)  # pyarrow's first call is slow
    @given(graded())
    def holds(drawn):
        kind, answers, targets = drawn

        found = metrics.named(name).grade(*(pa.array(column, tables.ARROW[kind]) for column in (answers, targets)))

        assert found.tolist() == pytest.approx([slow(*pair) for pair in tokens_of(answers, targets)])

    holds()


@pytest.mark.parametrize(
    ("answer", "distance", "before"),
    [("I J J W", 0.0, 1.0), ("J J W", 0.25, 0.0), ("I J J", 0.25, 0.75), ("I J J W W", 0.2, 0.8), ("", 1.0, 0.0)],
)
def test_one_token_too_few_or_many_costs_one_edit_wherever_it_stands(answer, distance, before):
    columns = pa.array([answer]), pa.array(["I J J W"])

    assert sequences.token_edit_distance(*columns).tolist() == [distance]
    assert sequences.first_error(*columns).tolist() == [before]


@pytest.mark.parametrize(
    "name", ["exact_match", "token_accuracy", "token_edit_distance", "first_error", "prefix_length"]
)
def test_a_right_answer_scores_the_best_there_is(name):
    metric = metrics.named(name)

    for targets in (pa.array(["I J J", "", " ", "W"]), pa.array([[1, 2], [], [3]], pa.list_(pa.int64()))):
        assert metric.grade(targets, targets).tolist() == metric.best(targets).tolist()


def test_a_prefix_is_as_long_however_long_the_target_is():
    answers, targets = pa.array(["a b x", "a b", "a b c d", "x"]), pa.array(["a b c", "a b c d", "a b", ""])

    assert sequences.prefix_length(answers, targets).tolist() == [2, 2, 2, 0]
