"""Metrics by name: their bounds and ceilings, and those that a card may name."""

import math
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genbench import cards
from genbench.cards.columns import answer_column
from genbench.data import answer_sets, tables
from genbench.errors import BadCard, UnknownName
from genbench.scoring import grading, metrics

CARD = cards.read(Path(__file__).parents[2] / "toys" / "echo", "task")

# Few tokens, so that answers agree in part; whitespace of many kinds, so that tokens are what str.split says.
spaces = st.sampled_from(["", " ", "  ", "\n", "\t", "\u00a0", "\u2003", "\x1c", "\u3000"])
texts = st.lists(st.one_of(st.sampled_from(["a", "b", "é", "\u200b"]), spaces), max_size=6).map("".join)
numbers = st.integers(-2, 2)
values = {
    "string": st.one_of(texts, st.text(max_size=3)),
    "int64": st.one_of(numbers, st.integers(-(2**63), 2**63 - 1)),
    "float64": st.one_of(st.sampled_from([0.0, -0.0, 1.5]), st.floats(allow_nan=False)),
    "bool": st.booleans(),
    "list<int64>": st.lists(numbers, max_size=3),
    "list<string>": st.lists(st.sampled_from(["a", "b", ""]), max_size=3),
    "list<float64>": st.lists(st.floats(allow_nan=False), max_size=3),
    "list<list<int64>>": st.lists(st.lists(st.integers(-9, 9), max_size=2), max_size=2),
    "list<list<string>>": st.lists(st.lists(st.text(max_size=1), max_size=2), max_size=2),
    "vector(2)": st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2),
    "list<vector(2)>": st.lists(st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2), max_size=2),
}


@st.composite
def graded(draw, kinds):
    """A type, and as many answers as targets of it."""
    kind = draw(st.sampled_from(kinds))
    pairs = draw(st.lists(st.tuples(values[kind], values[kind]), min_size=1, max_size=8))
    return kind, [one for one, _ in pairs], [other for _, other in pairs]


def arrays(kind, *columns):
    return [pa.array(column, tables.ARROW[kind]) for column in columns]


@given(graded(metrics.METRICS["token_accuracy"].kinds), st.integers(0, 8), st.integers(0, 8))
def test_a_slice_is_graded_as_what_it_shows(pairs, start, length):
    kind, answers, targets = pairs
    whole = arrays(kind, answers, targets)

    for name, metric in metrics.METRICS.items():
        if kind not in metric.kinds or metric.reduce:
            continue
        cut = metric.grade(*(array.slice(start, length) for array in whole))

        assert cut.tolist() == metric.grade(*whole).tolist()[start : start + length], name


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name, metric in metrics.METRICS.items() for kind in metric.kinds]
)
def test_a_metric_gives_every_right_answer_its_ceiling_and_stays_within_its_bounds(name, kind):
    metric = metrics.METRICS[name]
    answer = {"ranking": "ranking", "set": "set"}.get(kind.partition("<")[0], "target")
    kind = {"ranking": "int64", "ranking<set>": "list<int64>"}.get(kind, answer_column(kind))
    kind = kind.replace("vector", "vector(2)")
    least = 1 if answer == "ranking" and kind == "list<int64>" else 0  # a ranking without a right label has no mark

    @settings(max_examples=30)  # of each of fifty pairs
    @given(st.lists(values[kind].filter(lambda one: not least or one), min_size=2, max_size=6))
    def holds(targets):
        right, turned = arrays(kind, targets, targets[1:] + targets[:1])
        if least:
            right, turned = answer_sets.canonical(right), answer_sets.canonical(turned)
        given, wrong = (grading.as_answers(one, replace(CARD, answer=answer)) for one in (right, turned))

        if name == "auc" and len(set(targets)) == 1:
            assert metrics.over(name, metric.grade(given, right)) is None, "there is no other class to tell it from"
            return
        assert not metric.reduce or metrics.over(name, metric.grade(given, right)) == metric.perfect
        assert metric.low <= metrics.over(name, metric.grade(wrong, right)) <= metric.high
        assert metric.reduce or metric.grade(given, right).tolist() == metric.best(right).tolist()
        assert metric.reduce or all(metric.low <= mark <= metric.high for mark in metric.grade(wrong, right))

    holds()


def test_an_unknown_metric_gets_a_hint():
    with pytest.raises(UnknownName, match="^there is no metric 'exact_mach'; did you mean 'exact_match'\\?$"):
        metrics.named("exact_mach")


def test_all_metrics_of_a_card_that_will_not_do_are_said_at_once(tmp_path):
    (tmp_path / "card.toml").write_text(
        'kind = "task"\nname = "t"\ntitle = "t"\nentry = "t:l"\nabout = "t"\nlicense = "x"\ninputs = { a = "string" }\n'
        'target = { b = "bool" }\nmetrics = ["exact_match", "token_acuracy", "token_accuracy"]\n'
        f'[splits.s]\nabout = "s"\nchance = 0\ntrain = 1\nfingerprint = "sha256:{"0" * 64}"\n'
        '[splits.s.questions.q]\nkind = "ood"\nrows = 1\n'
    )

    with pytest.raises(BadCard) as caught:
        metrics.of_card(cards.read(tmp_path, "task"))

    assert caught.value.faults == (
        "key 'metrics' names 'token_acuracy', which is no metric; did you mean 'token_accuracy'?",
        "metric 'token_accuracy' cannot grade a target of type bool",
    )


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_a_mean_is_a_plain_float_near_the_exact_one(marks):
    found = metrics.mean(marks)

    assert type(found) is float
    assert math.isclose(found, math.fsum(marks) / len(marks), rel_tol=1e-9, abs_tol=1e-6)
