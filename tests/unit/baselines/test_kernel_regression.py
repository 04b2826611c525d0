"""Kernel regression over windows: it interpolates, its kernel is that of chords, and windows cost rows."""

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
    def make(numbers=4, **given):
        told = context("kernel_regression", {"x": f"vector({numbers})"}, "float64", 1, given)
        return baseline("kernel_regression").KernelRegression(told)

    return make


def cloud(rows, seed=0):
    draw = np.random.default_rng(seed)
    x = draw.random((rows, 4)).astype(np.float32).astype(float)
    return x, np.cos(2 * np.pi * x[:, 0]) + x[:, 2]


def chords(a, b, size):
    """The kernel by an independent rule: points on circles in the plane, and distances between these."""
    found = np.zeros((len(a), len(b)))
    for first in range(4):
        own = [(first + step) % 4 for step in range(size)]
        left, right = (np.exp(2j * np.pi * x[:, own]) / 2 for x in (a, b))
        found += np.exp(-np.linalg.norm(left[:, None] - right[None, :], axis=2)) / 4
    return found


@pytest.mark.parametrize(("windows", "sizes"), [("1", [1]), ("2", [2]), ("3", [3]), ("4", [4]), ("1+2+4", [1, 2, 4])])
def test_answers_are_those_of_the_kernel_of_chords(student, windows, sizes):
    (x, y), (asked, _) = cloud(60), cloud(25, seed=1)
    one = student(windows=windows)
    one.fit(dataset(x, y), None)

    kernel, across = (sum(chords(a, x, size) for size in sizes) / len(sizes) for a in (x, asked))
    np.testing.assert_allclose(one.predict(dataset(asked)), across @ np.linalg.solve(kernel, y), atol=1e-5)
    np.testing.assert_allclose(one.predict(dataset(x)), y, atol=1e-6)
    assert one.parameters == 60


def test_a_ridge_holds_the_weights_back(student):
    x, y = cloud(60)
    one = student(windows="4", ridge=0.5)
    one.fit(dataset(x, y), None)

    expected = np.linalg.solve(chords(x, x, 4) + 0.5 * np.eye(60), y)
    np.testing.assert_allclose(one.weights, expected, atol=1e-5)


def test_questions_are_answered_alike_however_many_at_once(student, monkeypatch):
    x, y = cloud(50)
    one, asked = student(), dataset(cloud(40, seed=1)[0])
    one.fit(dataset(x, y), None)
    whole = one.predict(asked)

    monkeypatch.setitem(type(one).predict.__globals__, "PAIRS", 120)
    np.testing.assert_allclose(one.predict(asked), whole, rtol=1e-12)


def test_on_a_rule_of_single_numbers_smaller_windows_need_fewer_rows(student, task_module):
    data = task_module("local_teacher").load("local1", {"rows": 200, "questions": 300, "draw": 0}, 1)
    y, asked = data.questions["test"]["y"].to_numpy(), Dataset(data.questions["test"].select(["x"]))
    error = {}
    for windows in ("1", "2", "4", "1+2+4"):
        for rows in (50, 200):
            one = student(windows=windows)
            one.fit(Dataset(data.train.slice(0, rows).rename_columns(["x", "answer"])), None)
            error[windows, rows] = ((one.predict(asked) - y) ** 2).mean()

    falls = {windows: error[windows, 50] / error[windows, 200] for windows in ("1", "2", "4", "1+2+4")}
    assert falls["1"] > 3 > falls["1+2+4"] > falls["2"] > falls["4"] > 1
    assert error["1", 200] < error["1+2+4", 200] < error["2", 200] < error["4", 200] < y.var()


@pytest.mark.parametrize("windows", ["", "0", "1+", "2,4", "local1", "1.5"])
def test_what_names_no_windows_is_refused(student, windows):
    with pytest.raises(BadValue, match=r"must be sizes of windows joined by \+, as 1\+2\+4"):
        student(windows=windows)


def test_data_that_it_cannot_learn_from_are_named(student):
    x, y = cloud(6)
    for given, rows, words in (
        ({}, 0, "training has 0 rows; kernel_regression solves for 1 to 8,192, as 'most_rows' says"),
        ({"most_rows": 5}, 6, "training has 6 rows; kernel_regression solves for 1 to 5"),
        ({"windows": "1+5"}, 6, "windows of 5 numbers, as 'windows' says, do not fit rows of 4"),
    ):
        with pytest.raises(BadData, match=words):
            student(**given).fit(dataset(x[:rows], y[:rows]), None)
    x[1] = x[0]
    with pytest.raises(BadData, match="two rows are the same to it; say a ridge above 0"):
        student().fit(dataset(x, y), None)
    student(ridge=0.1).fit(dataset(x, y), None)
