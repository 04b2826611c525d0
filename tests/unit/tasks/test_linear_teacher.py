"""The linear teacher: its rows are drawn as told, and its closed form is that of independent quadrature."""

import csv
import doctest
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue, UnknownName

FOLDER = Path(__file__).parents[3] / "tasks" / "linear_teacher"
PARAMS = {"dimension": 400, "rows": 800, "noise": 0.5, "questions": 500, "draw": 0}


@pytest.fixture(scope="module")
def teacher(task_module):
    return task_module("linear_teacher")


@pytest.fixture(scope="module")
def dynamics():
    return sys.modules[load_entry(FOLDER, "dynamics:errors").__module__]


def rows_of(table):
    return table["x"].combine_chunks().flatten().to_numpy().reshape(-1, 400).astype(float), table["y"].to_numpy()


def test_every_error_is_that_of_independent_quadrature(dynamics, reference):
    with (reference / "seeds_theory" / "linear_dynamics.csv").open() as lines:
        rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(lines)]

    assert len(rows) == 330
    for row in rows:
        found = dynamics.errors(row["alpha"], row["se2"] ** 0.5, row["s02"] ** 0.5, row["t"], row["sw2"] ** 0.5)
        wanted = (row["generalization_error"], row["training_error"], row["weight_norm2_over_N"])
        assert (found.generalization, found.training, found.squared_weights) == pytest.approx(wanted, rel=1e-8, abs=0)


@pytest.mark.parametrize("ratio", [0.3, 0.5, 1.5, 2.0, 10.0])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_end_of_training_is_what_long_training_comes_to(dynamics, ratio, noise):
    end, late = (dynamics.errors(ratio, noise, 0.3, time, 1.2) for time in (math.inf, 1e6))

    for name in ("generalization", "training", "squared_weights"):
        assert getattr(end, name) == pytest.approx(getattr(late, name), rel=1e-9, abs=1e-12)


def test_at_a_ratio_of_one_finite_times_have_errors_that_grow_and_the_end_has_none(dynamics):
    late = [dynamics.errors(1, 0.5, 0.0, time).generalization for time in (1e2, 1e4, 1e6)]

    # Eigenvalues down to 1 / t count, and near 0 their density is that of an inverse root: it grows as sqrt(t).
    assert late[2] / late[1] == pytest.approx(10, rel=0.05)
    with pytest.raises(BadValue, match="at a ratio of exactly 1 the error of training to the end has no bound"):
        dynamics.errors(1, 0.5, 0.0, math.inf)
    assert dynamics.errors(1, 0.0, 0.5, math.inf).generalization == 0


def test_the_example_of_the_closed_form_is_right(dynamics):
    found = doctest.testmod(dynamics)

    assert (found.attempted, found.failed) == (1, 0)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
def test_the_best_that_can_be_had_is_ridge_regressions_and_below_any_time_of_descent(dynamics, teacher, ratio):
    told = dynamics.least_error(ratio, 0.5)

    found = []
    for draw in range(8):
        data = teacher.load("linear_over", PARAMS | {"dimension": 100, "rows": int(100 * ratio), "draw": draw}, 0)
        (x, y), (asked, right) = ((x[:, :100], y) for x, y in map(rows_of, (data.train, data.questions["test"])))
        weights = np.linalg.solve(x.T @ x + 0.25 * np.eye(100), x.T @ y)
        found.append(((asked @ weights - right) ** 2).mean())
    assert np.mean(found) == pytest.approx(told, abs=4 * np.std(found, ddof=1) / 8**0.5)
    assert told < min(dynamics.errors(ratio, 0.5, 0.0, time).generalization for time in np.geomspace(0.1, 100, 40))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ratio": 0.0}, "the ratio of rows to numbers is 0; it must be above 0"),
        ({"ratio": math.nan}, "the ratio of rows to numbers is nan"),
        ({"noise": -1.0}, "noise is -1; it must be 0 or more, and finite"),
        ({"initial": math.inf}, "initial is inf; it must be 0 or more, and finite"),
        ({"time": -1.0}, "time is -1; it must be 0 or more$"),
        ({"time": 1e7}, r"time is 1e\+07; it must be at most 1e\+06, or infinite"),
        ({"signal": 0.0}, "signal is 0; it must be above 0"),
    ],
)
def test_what_the_closed_form_has_no_value_for_is_named(dynamics, given, words):
    with pytest.raises(BadValue, match=words):
        dynamics.errors(**{"ratio": 2.0, "noise": 0.5, "initial": 0.0, "time": 1.0} | given)


def test_rows_are_the_teachers_and_noise_of_the_size_that_is_told(teacher):
    data = teacher.load("linear_over", PARAMS | {"dimension": 50, "rows": 2000, "questions": 2000}, 0)
    (x, y), (asked, right) = rows_of(data.train), rows_of(data.questions["test"])
    weights, *_ = np.linalg.lstsq(np.concatenate([x, asked]), np.concatenate([y, right]), rcond=None)

    assert (x[:, :50].mean(), x[:, :50].var() * 50) == pytest.approx((0, 1), abs=0.02)
    assert (weights @ weights) / 50 == pytest.approx(1, abs=0.05)
    assert y.var() == pytest.approx(1.25, abs=0.15)
    assert ((asked @ weights - right) ** 2).mean() == pytest.approx(0.25, abs=0.03)


def test_without_noise_answers_are_the_teachers_to_the_last_bit(teacher):
    data = teacher.load("linear_over", PARAMS | {"noise": 0.0, "dimension": 20, "rows": 60}, 0)
    (x, y), (asked, right) = rows_of(data.train), rows_of(data.questions["test"])

    weights = np.round(np.linalg.lstsq(x[:, :20], y, rcond=None)[0] * 1024) / 1024
    assert (x[:, :20] @ weights == y).all()
    assert (asked[:, :20] @ weights == right).all()
    assert not asked[:, 20:].any()


def test_all_splits_have_one_teacher_and_fewer_rows_are_the_first_of_more(teacher):
    few = teacher.load("linear_under", PARAMS | {"rows": 30}, 3)
    many = teacher.load("linear_critical", PARAMS | {"rows": 60}, 3)

    assert many.train.slice(0, 30).equals(few.train)
    assert many.questions["test"].equals(few.questions["test"])
    for other in (
        teacher.load("linear_under", PARAMS | {"rows": 30, "draw": 1}, 3),
        teacher.load("linear_under", PARAMS | {"rows": 30}, 4),
    ):
        assert not other.questions["test"].equals(few.questions["test"])


@pytest.mark.parametrize(
    ("name", "value", "least"),
    [("rows", 0, 1), ("rows", 2.0, 1), ("rows", True, 1), ("dimension", 401, 2), ("dimension", 1, 2), ("draw", -1, 0)],
)
def test_what_is_no_number_of_them_is_named(teacher, name, value, least):
    with pytest.raises(BadValue, match=f"parameter '{name}' is {value!r}; it must be a whole number from {least} to"):
        teacher.load("linear_over", PARAMS | {name: value}, 0)


@pytest.mark.parametrize("value", [-0.5, math.nan, math.inf, True, "loud"])
def test_noise_out_of_range_is_named(teacher, value):
    with pytest.raises(BadValue, match=f"parameter 'noise' is {value!r}; it must be a number from 0 to 1000"):
        teacher.load("linear_over", PARAMS | {"noise": value}, 0)


def test_a_split_that_is_not_here_is_named(teacher):
    with pytest.raises(UnknownName, match="no split 'linear_ovr'; did you mean 'linear_over'"):
        teacher.load("linear_ovr", PARAMS, 0)
