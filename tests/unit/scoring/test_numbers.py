"""Errors of numbers and vectors, and what is near enough."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.cards import Tolerance
from genbench.data import tables
from genbench.scoring import metrics, numbers

finite = st.floats(-1e6, 1e6)
pairs = st.lists(st.tuples(finite, finite), max_size=6)


def columns_of(pairs, kind):
    return [pa.array([pair[place] for pair in pairs], tables.ARROW[kind]) for place in (0, 1)]


@given(pairs)
def test_errors_of_numbers_are_their_slow_definitions(pairs):
    given = columns_of(pairs, "float64")

    assert numbers.squared_error(*given).tolist() == [(one - other) * (one - other) for one, other in pairs]
    assert numbers.absolute_error(*given).tolist() == [abs(one - other) for one, other in pairs]


@pytest.mark.parametrize("name", ["squared_error", "absolute_error"])
def test_the_error_of_a_vector_is_the_mean_over_its_components(name):
    grade = metrics.METRICS[name].grade
    flat = grade(*(pa.array(values) for values in ([1.0, 2.0, 3.0, 4.0], [1.0, 4.0, 0.0, 4.0])))

    whole = grade(*columns_of([([1, 2], [1, 4]), ([3, 4], [0, 4])], "vector(2)"))

    assert whole.tolist() == [flat[:2].mean(), flat[2:].mean()]


@pytest.mark.parametrize("name", ["squared_error", "absolute_error"])
def test_the_error_of_a_list_is_that_of_a_vector_and_without_end_where_lengths_differ(name):
    grade = metrics.METRICS[name].grade
    rows = [([1, 2], [1, 4]), ([3, 4], [0, 4])]
    odd = [([], []), ([1, 2, 3], [1, 2]), ([], [1])]

    found = grade(*columns_of([*rows, *odd], "list<float64>")).tolist()

    assert found == [*grade(*columns_of(rows, "vector(2)")).tolist(), 0.0, math.inf, math.inf]


def test_an_error_beyond_what_a_float_holds_is_infinite_and_no_warning():
    given = columns_of([(1e300, -1e300), (math.inf, 1.0), (math.inf, math.inf)], "float64")

    assert numbers.squared_error(*given).tolist() == [math.inf, math.inf, 0.0]


@given(pairs, st.floats(0, 10), st.floats(0, 1))
def test_within_is_numpys_isclose(pairs, absolute, relative):
    given = columns_of(pairs, "float64")

    found = numbers.within(Tolerance(absolute, relative))(*given)

    assert found.tolist() == [float(np.isclose(one, other, relative, absolute)) for one, other in pairs]


@pytest.mark.parametrize(
    ("kind", "answer", "target", "mark"),
    [
        ("vector(2)", [1.0, 2.0], [1.05, 2.0], 1.0),
        ("vector(2)", [1.0, 2.0], [1.05, 2.2], 0.0),
        ("list<float64>", [1.0, 2.0], [1.05, 2.0], 1.0),
        ("list<float64>", [1.0, 2.0], [1.05, 2.2], 0.0),
        ("list<float64>", [1.0], [1.0, 2.0], 0.0),
        ("list<float64>", [], [], 1.0),
        ("int64", 10, 10, 1.0),
        ("int64", 10, 11, 0.0),
    ],
)
def test_every_number_of_an_answer_must_be_near(kind, answer, target, mark):
    found = numbers.within(Tolerance(abs=0.1))(*columns_of([(answer, target), (target, target)], kind))

    assert found.tolist() == [mark, 1.0]
