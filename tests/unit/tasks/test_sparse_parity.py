"""Sparse parity: every target against what elimination finds of training, and rows that are fair and never repeated."""

from pathlib import Path

import numpy as np
import pytest

from genbench import load_entry
from genbench.errors import BadValue

FOLDER = Path(__file__).parents[3] / "tasks" / "sparse_parity"
PARAMS = {"relevant": 3, "rows": 1000, "questions": 1000}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("sparse_parity")


@pytest.fixture(scope="module")
def mattering():
    return load_entry(FOLDER, "solve:mattering")


@pytest.fixture(scope="module")
def answer():
    return load_entry(FOLDER, "solve:answer")


def rows_of(table):
    x = table["x"].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1)
    return x, table["y"].to_numpy()


@pytest.mark.parametrize(("split", "relevant"), [("three", 3), ("two", 2), ("three", 40)])
@pytest.mark.parametrize("seed", [0, 7])
def test_elimination_finds_the_rule_in_training_and_answers_every_question(
    task, mattering, answer, split, relevant, seed
):
    data = task.load(split, PARAMS | {"relevant": relevant}, seed)
    x, y = rows_of(data.train)
    asked, right = rows_of(data.questions["test"])

    places = mattering(x.tolist(), y.tolist())

    assert len(places) == relevant
    assert places == task.mattering(relevant, seed).tolist()
    assert [answer(row, places) for row in asked.tolist()] == right.tolist()
    assert data.questions["trained"].equals(data.train)


def test_rows_are_signs_fair_in_each_bit_and_never_twice(task):
    data = task.load("three", PARAMS, 0)
    x = np.concatenate([rows_of(data.train)[0], rows_of(data.questions["test"])[0]])

    assert set(np.unique(x)) == {-1.0, 1.0}
    assert len(np.unique(x, axis=0)) == 2000
    assert np.abs(x.mean(0)).max() < 0.1
    assert rows_of(data.train)[1].mean() == pytest.approx(0.5, abs=0.05)


def test_bits_that_matter_differ_by_seed_and_those_of_two_are_among_three(task):
    drawn = {seed: set(task.mattering(3, seed).tolist()) for seed in range(5)}

    assert len({frozenset(one) for one in drawn.values()}) == 5
    assert all(set(task.mattering(2, seed).tolist()) < one for seed, one in drawn.items())


def test_words_that_are_drawn_twice_are_drawn_anew(task, monkeypatch):
    monkeypatch.setattr(task, "BITS", 4)

    found = task.distinct(np.random.default_rng(0), 16)

    assert sorted(found.tolist()) == list(range(16))


def test_rows_that_leave_the_rule_open_or_have_none_are_told(mattering):
    with pytest.raises(ValueError, match="1 independent rows of 2 bits leave open which of them matter"):
        mattering([[1, -1]], [0])
    with pytest.raises(ValueError, match="the rows contradict each other"):
        mattering([[1, -1], [1, -1]], [0, 1])


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"relevant": 41}, "parameter 'relevant' is 41; it must be an integer from 1 to 40"),
        ({"rows": 0}, "parameter 'rows' is 0; it must be an integer from 1 to 1,000,000"),
        ({"questions": True}, "parameter 'questions' is True; it must be an integer from 1"),
    ],
)
def test_a_parameter_outside_its_range_is_told(task, params, says):
    with pytest.raises(BadValue, match=says):
        task.load("three", PARAMS | params, 0)
