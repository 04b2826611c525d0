"""Local teachers: their covariance is that of a torus's chords, and their rules are sums over windows."""

import itertools

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

PARAMS = {"rows": 20, "questions": 10, "draw": 0}


@pytest.fixture(scope="module")
def teachers(task_module):
    return task_module("local_teacher")


def rows_of(table):
    return table["x"].combine_chunks().flatten().to_numpy().reshape(-1, 4).astype(float), table["y"].to_numpy()


def chords(x, size):
    """The covariance by an independent rule: points on circles in the plane, and distances between these."""
    on_circles = np.exp(2j * np.pi * x) / 2
    found = 0
    for first in range(4):
        own = on_circles[:, [(first + step) % 4 for step in range(size)]]
        found = found + np.exp(-np.linalg.norm(own[:, None] - own[None, :], axis=2)) / 4
    return found


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_covariance_over_rules_is_that_of_chords(teachers, size, monkeypatch):
    monkeypatch.setitem(vars(teachers), "WAVES", 64)
    x = np.random.default_rng(5).random((8, 4))
    x[1] = (x[0] + 1e-3) % 1  # two that are near, and two that are so across the seam
    x[2], x[3] = 0.999, 0.001
    drawn = np.array([teachers.teacher(np.random.default_rng(seed), size)(x) for seed in range(4000)])

    np.testing.assert_allclose(drawn.mean(0), 0, atol=0.07)
    np.testing.assert_allclose(drawn.T @ drawn / len(drawn), chords(x, size), atol=0.1)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_rule_is_a_sum_over_windows_and_over_no_smaller_ones(teachers, size):
    """What one of two changes does rests on the other only where a window has both numbers."""
    rule = teachers.teacher(np.random.default_rng(0), size)
    draw = np.random.default_rng(1)
    for one, other in itertools.combinations(range(4), 2):
        x = np.tile(draw.random((20, 1, 4)), (1, 4, 1))
        x[:, [1, 3], one] = draw.random((20, 1))
        x[:, [2, 3], other] = draw.random((20, 1))
        neither, first, second, both = (rule(x[:, place]) for place in range(4))
        together = np.abs(both - first - second + neither).max()
        beside = size == 4 or (size == 2 and (other - one) % 4 in {1, 3})
        assert (together > 0.05) if beside else (together < 1e-12), (one, other, together)


def test_points_are_uniform_and_answers_are_the_rules_in_whole_steps(teachers):
    data = teachers.load("local2", {"rows": 1500, "questions": 10, "draw": 0}, 0)
    x, y = rows_of(data.train)

    assert x.min() >= 0
    assert x.max() < 1
    assert x.mean(0) == pytest.approx(0.5, abs=0.03)
    assert np.corrcoef(x.T) == pytest.approx(np.eye(4), abs=0.08)
    assert (y * 2**16 == np.round(y * 2**16)).all()
    asked, answers = rows_of(data.questions["test"])
    again = teachers.load("local2", {"rows": 1, "questions": 10, "draw": 0}, 0)
    assert (rows_of(again.questions["test"])[1] == answers).all()
    assert len(np.unique(np.concatenate([x, asked]), axis=0)) == 1510


def test_fewer_rows_are_the_first_of_more_and_draws_are_others(teachers):
    few, many = (teachers.load("local1", PARAMS | {"rows": rows}, 3) for rows in (300, 600))

    assert many.train.slice(0, 300).equals(few.train)
    assert many.questions["test"].equals(few.questions["test"])
    other = teachers.load("local1", PARAMS | {"rows": 300, "draw": 1}, 3)
    assert not other.train.equals(few.train)
    assert not teachers.load("local1", PARAMS | {"rows": 300}, 4).train.equals(few.train)


@pytest.mark.parametrize(("name", "value"), [("rows", 0), ("rows", 100_001), ("questions", 2.0), ("draw", -1)])
def test_what_is_no_number_of_them_is_named(teachers, name, value):
    with pytest.raises(BadValue, match=f"parameter '{name}' is {value!r}; it must be a whole number from"):
        teachers.load("local1", PARAMS | {name: value}, 0)


def test_a_split_that_is_not_here_is_named(teachers):
    with pytest.raises(UnknownName, match="no split 'local3'"):
        teachers.load("local3", PARAMS, 0)
