"""The factor teacher: rows have the covariance that is told, and nobody does better than the best that is told."""

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

PARAMS = {"dimension": 200, "rank": 5, "rows": 40, "unlabelled": 20, "noise": 0.5, "questions": 30, "draw": 0}
SMALL = PARAMS | {"dimension": 12, "rows": 20_000, "unlabelled": 20_000, "questions": 20_000}


@pytest.fixture(scope="module")
def factors(task_module):
    return task_module("factor_teacher")


def numbers(table, columns=12):
    return table["x"].combine_chunks().flatten().to_numpy().reshape(-1, 200).astype(float)[:, :columns]


@pytest.fixture(scope="module", params=[2, 5, 12])
def drawn(request, factors):
    return request.param, factors.load("factor", SMALL | {"rank": request.param}, 0)


def test_rows_of_every_table_have_the_strengths_that_are_told(drawn):
    rank, data = drawn
    told = np.concatenate([1 + np.linspace(12, 6, rank), np.ones(12 - rank)])

    for table in (data.train, data.questions["test"], data.auxiliary["unlabelled"]):
        x = numbers(table)
        assert np.abs(x.mean(0)).max() < 0.12
        np.testing.assert_allclose(np.sort(np.linalg.eigvalsh(x.T @ x / len(x)))[::-1], told, rtol=0.06)
    assert data.auxiliary["unlabelled"].column_names == ["x"]


def test_the_best_rule_of_many_rows_has_the_error_that_the_card_calls_the_best(drawn):
    _, data = drawn
    y, right = (table["y"].to_numpy() for table in (data.train, data.questions["test"]))
    weights, *_ = np.linalg.lstsq(numbers(data.train), y, rcond=None)

    assert ((numbers(data.questions["test"]) @ weights - right) ** 2).mean() == pytest.approx(0.35, abs=0.02)
    assert y.var() == pytest.approx(1.25, abs=0.06)


def test_that_rule_is_the_one_of_the_docstring(factors):
    from genbench import seeds

    data = factors.load("factor", SMALL | {"noise": 0.0}, 7)
    loadings, weights = factors.teacher(
        np.random.default_rng(seeds.derive("factor_teacher", "teacher", "0", 7)), dimension=12, rank=5
    )
    told = loadings @ np.linalg.solve(np.eye(5) + loadings.T @ loadings, weights)
    found, *_ = np.linalg.lstsq(numbers(data.train), data.train["y"].to_numpy(), rcond=None)

    np.testing.assert_allclose(loadings.T @ loadings, np.diag([12, 10.5, 9, 7.5, 6]), atol=1e-3)
    np.testing.assert_allclose(found, told, atol=0.02)
    np.testing.assert_allclose(weights**2, np.array([13, 11.5, 10, 8.5, 7]) / 50, atol=1e-4)
    assert weights @ np.linalg.solve(np.eye(5) + loadings.T @ loadings, weights) == pytest.approx(0.1, abs=1e-4)


def test_fewer_rows_of_either_table_are_the_first_of_more(factors):
    few = factors.load("factor", PARAMS, 3)
    many = factors.load("factor", PARAMS | {"rows": 80, "unlabelled": 60}, 3)

    assert many.train.slice(0, 40).equals(few.train)
    assert many.auxiliary["unlabelled"].slice(0, 20).equals(few.auxiliary["unlabelled"])
    assert many.questions["test"].equals(few.questions["test"])
    assert not factors.load("factor", PARAMS | {"draw": 1}, 3).train.equals(few.train)
    assert not factors.load("factor", PARAMS, 4).train.equals(few.train)
    assert not numbers(factors.load("factor", PARAMS | {"dimension": 9}, 3).train, 200)[:, 9:].any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rows", 0),
        ("unlabelled", 0),
        ("questions", True),
        ("dimension", 201),
        ("dimension", 1),
        ("rank", 1),
        ("rank", 5.0),
    ],
)
def test_what_is_no_number_of_them_is_named(factors, name, value):
    with pytest.raises(BadValue, match=f"parameter '{name}' is {value!r}; it must be a whole number from"):
        factors.load("factor", PARAMS | {name: value}, 0)


def test_more_factors_than_numbers_and_noise_out_of_range_are_named(factors):
    with pytest.raises(BadValue, match="parameter 'rank' is 5, above 'dimension', which is 4"):
        factors.load("factor", PARAMS | {"dimension": 4}, 0)
    with pytest.raises(BadValue, match="parameter 'noise' is -1.0; it must be a number from 0 to 1000"):
        factors.load("factor", PARAMS | {"noise": -1.0}, 0)
    with pytest.raises(UnknownName, match="no split 'factors'; did you mean 'factor'"):
        factors.load("factors", PARAMS, 0)
