"""Directions without answers: they are the principal ones, and with them few labelled rows are enough."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from datasets import Dataset

from genbench.errors import BadData, BadValue


def dataset(rows, answers=None):
    x = pa.FixedSizeListArray.from_arrays(pa.array(rows.astype(np.float32).ravel()), rows.shape[1])
    return Dataset(pa.table({"x": x} | ({} if answers is None else {"answer": pa.array(answers, pa.float64())})))


@pytest.fixture
def student(baseline, context):
    def make(numbers, unlabelled=None, **given):
        told = context("factor_regression", {"x": f"vector({numbers})"}, "float64", 1, given)
        beside = {} if unlabelled is None else {"unlabelled": unlabelled}
        return baseline("factor_regression").FactorRegression(dataclasses.replace(told, auxiliary=beside))

    return make


def cloud(rows, numbers=8, seed=0):
    draw = np.random.default_rng(seed)
    x = (draw.standard_normal((rows, numbers)) * np.linspace(3, 1, numbers)).astype(np.float32).astype(float)
    return x, draw.standard_normal(rows)


@pytest.mark.parametrize("count", [6, 200])  # fewer rows than numbers, and more: two ways to the same directions
def test_weights_are_those_of_least_squares_along_principal_directions(student, count):
    (x, y), (others, _) = cloud(30), cloud(count, seed=1)
    one = student(8, dataset(others), rank=3)
    one.fit(dataset(x, y), None)

    directions = np.linalg.svd(others)[2][:3].T
    expected = directions @ np.linalg.solve(directions.T @ x.T @ x @ directions, directions.T @ x.T @ y)
    np.testing.assert_allclose(one.weights, expected, atol=1e-9)
    np.testing.assert_allclose(one.predict(dataset(x)), x @ expected, atol=1e-8)


def test_with_all_directions_or_without_pretraining_it_is_least_squares(student):
    x, y = cloud(30)
    expected = np.linalg.lstsq(x, y, rcond=None)[0]

    for given in ({"pretraining": "labelled", "rank": 8}, {"pretraining": "none"}):
        one = student(8, **given)
        one.fit(dataset(x, y), None)
        np.testing.assert_allclose(one.weights, expected, atol=1e-9)


def test_without_pretraining_few_rows_are_fitted_by_the_shortest_weights(student):
    x, y = cloud(5)
    one = student(8, pretraining="none")
    one.fit(dataset(x, y), None)

    np.testing.assert_allclose(one.weights, np.linalg.pinv(x) @ y, atol=1e-9)


def test_unlabelled_rows_halve_what_labelled_ones_leave(student, task_module):
    params = {"dimension": 200, "rank": 5, "rows": 40, "unlabelled": 1000, "noise": 0.5, "questions": 400}
    above = {}
    for draw in range(12):
        data = task_module("factor_teacher").load("factor", params | {"draw": draw}, 0)
        train = Dataset(data.train.rename_columns(["x", "answer"]))
        asked, right = Dataset(data.questions["test"].select(["x"])), data.questions["test"]["y"].to_numpy()
        for name, rows, given in (
            ("many", 1000, {}),
            ("few", 50, {}),
            ("labelled", 1000, {"pretraining": "labelled"}),
            ("none", 1000, {"pretraining": "none"}),
        ):
            one = student(200, Dataset(data.auxiliary["unlabelled"].slice(0, rows)), **given)
            one.fit(train, None)
            above.setdefault(name, []).append(((one.predict(asked) - right) ** 2).mean() - 0.35)

    mean = {name: np.mean(values) for name, values in above.items()}
    assert 0 < mean["many"] < 0.5 * min(mean["none"], mean["labelled"])
    assert mean["many"] < mean["few"]
    assert max(mean.values()) < 0.9


def test_what_it_cannot_learn_from_is_named(student):
    x, y = cloud(4)
    for numbers, beside, rows, given, words in (
        (8, None, 4, {}, "toy/toy has no auxiliary table 'unlabelled'"),
        (8, dataset(x[:2]), 4, {"rank": 3}, "'rank' is 3; 2 rows of 8 numbers have at most 2 directions"),
        (8, dataset(cloud(50)[0]), 4, {"rank": 9}, "'rank' is 9; 50 rows of 8 numbers have at most 8 directions"),
        (8, dataset(x), 0, {}, "toy/toy has no training rows to learn from"),
    ):
        with pytest.raises(BadData, match=words):
            student(numbers, beside, **given).fit(dataset(x[:rows], y[:rows]), None)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"rank": 0}, "rank is 0; it must be 1 or more"), ({"pretraining": "all"}, "must be one of unlabelled, labelled")],
)
def test_parameters_out_of_range_are_named(student, given, words):
    with pytest.raises(BadValue, match=words):
        student(8, **given)
