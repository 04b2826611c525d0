"""Gradient flow: its closed solution is where small steps go, and over draws its error is the theory's."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from datasets import Dataset

from genbench.cards.entries import load_entry
from genbench.errors import BadData, BadValue

TASK = Path(__file__).parents[3] / "tasks" / "linear_teacher"


def dataset(rows, answers=None):
    x = pa.FixedSizeListArray.from_arrays(pa.array(rows.astype(np.float32).ravel()), rows.shape[1])
    return Dataset(pa.table({"x": x} | ({} if answers is None else {"answer": pa.array(answers, pa.float64())})))


@pytest.fixture
def student(baseline, context):
    def make(numbers, seed=1, **given):
        return baseline("linear_gd").LinearGd(context("linear_gd", {"x": f"vector({numbers})"}, "float64", seed, given))

    return make


def drawn(rows, numbers, seed=0):
    draw = np.random.default_rng(seed)
    x = (draw.standard_normal((rows, numbers)) / numbers**0.5).astype(np.float32).astype(float)
    return x, x @ draw.standard_normal(numbers) + 0.5 * draw.standard_normal(rows)


@pytest.mark.parametrize("rows", [4, 12])
def test_it_is_where_small_steps_of_descent_go(student, rows):
    x, y = drawn(rows, 8)
    one = student(8, until=10)
    times = []
    weights = None

    for time in one.fit(dataset(x, y), None):
        times.append(time)
        if weights is None:
            weights, gone = one.start.copy(), 0
        for _ in range((time - gone) * 5_000):
            weights += x.T @ (y - x @ weights) / 5_000
        gone = time
        np.testing.assert_allclose(one.weights, weights, atol=3e-4)
        np.testing.assert_allclose(one.predict(dataset(x)), x @ weights, atol=1e-3)
        told = one.diagnostics()
        assert told["training_error"] == pytest.approx(((y - x @ weights) ** 2).mean(), abs=1e-3)
        assert told["squared_weights"] == pytest.approx((weights**2).mean(), abs=1e-3)
        assert told["frozen"] == max(0, 1 - rows / 8)
    assert times == [1, 3, 10]


def test_from_nothing_it_comes_to_the_shortest_weights_of_least_squares(student):
    for rows in (6, 40):
        x, y = drawn(rows, 10)
        one = student(10, initial=0.0, until=100_000_000)
        for _ in one.fit(dataset(x, y), None):
            pass

        np.testing.assert_allclose(one.weights, np.linalg.lstsq(x, y, rcond=None)[0], rtol=1e-6)


def test_directions_in_which_no_row_lies_stay_as_they_began(student):
    x, y = drawn(5, 12)
    one = student(12, initial=0.7)
    list(one.fit(dataset(x, y), None))

    across = np.linalg.svd(x)[2][5:]
    np.testing.assert_allclose(across @ one.weights, across @ one.start, atol=1e-9)
    other = student(12, seed=2, initial=0.7)
    list(other.fit(dataset(x, y), None))
    assert np.abs(across @ (one.weights - other.weights)).max() > 0.1


def test_columns_that_are_never_told_count_for_no_direction(student):
    x, y = drawn(20, 6)
    one = student(9)
    list(one.fit(dataset(np.c_[x, np.zeros((20, 3))], y), None))

    assert one.diagnostics()["frozen"] == 0.0
    assert one.diagnostics()["squared_weights"] == pytest.approx((one.weights[:6] ** 2).mean())


@pytest.mark.parametrize("rows", [40, 80, 160])
def test_over_draws_its_errors_are_those_of_the_closed_form(student, task_module, rows):
    errors = load_entry(TASK, "dynamics:errors")

    def told(table):  # without the columns that are 0
        return table["x"].combine_chunks().flatten().to_numpy().reshape(-1, 400)[:, :80], table["y"].to_numpy()

    params = {"dimension": 80, "rows": rows, "noise": 0.5, "questions": 300}
    found = {}
    for draw in range(12):
        data = task_module("linear_teacher").load("linear_over", params | {"draw": draw}, 0)
        train, test = (told(table) for table in (data.train, data.questions["test"]))
        one = student(80, seed=draw, until=100)
        for time in one.fit(dataset(*train), None):
            error = ((one.predict(dataset(test[0])) - test[1]) ** 2).mean()
            values = (error, one.diagnostics()["training_error"], one.diagnostics()["squared_weights"])
            found.setdefault(time, []).append(values)

    assert list(found) == [1, 3, 10, 30, 100]
    for time, values in found.items():
        theory = errors(rows / 80, 0.5, 0.5, time)
        wanted = np.array([theory.generalization, theory.training, theory.squared_weights])
        sure = (
            4 * np.std(values, axis=0, ddof=1) / len(values) ** 0.5 + 0.02 * wanted
        )  # for the theory is of many numbers
        assert (np.abs(np.mean(values, axis=0) - wanted) < sure).all(), (time, np.mean(values, axis=0), wanted)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"initial": -1.0}, "initial is -1.0; it must be 0 or more"), ({"until": 0}, "until is 0; it must be from 1 to")],
)
def test_parameters_out_of_range_are_named(student, given, words):
    with pytest.raises(BadValue, match=words):
        student(3, **given)


def test_no_rows_and_answers_that_are_not_finite_are_refused(student):
    for rows, answers in ((0, []), (2, [1.0, np.inf])):
        with pytest.raises(BadData, match="column 'answer' must hold finite numbers, and some"):
            list(student(3).fit(dataset(np.zeros((rows, 3)), answers), None))
