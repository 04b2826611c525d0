"""Match3: answers are those of three nested loops, and nothing that cannot be asked is."""

import json

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

PARAMS = {"modulus": 17, "length": 6, "rows": 40, "questions": 30}


@pytest.fixture(scope="module")
def match3(task_module):
    return task_module("match3")


def in_loops(row, modulus):
    return [int(any((one + two + three) % modulus == 0 for two in row for three in row)) for one in row]


def rows_of(table, column="values"):
    return table[column].to_pylist()


@pytest.mark.parametrize(
    ("split", "modulus", "length"), [("m17", 17, 6), ("m37", 37, 6), ("m17", 5, 4), ("m37", 40, 1)]
)
def test_answers_are_those_of_three_nested_loops(match3, split, modulus, length):
    given = {"modulus": modulus, "length": length, "questions": 4}
    data = match3.load(split, PARAMS | given, 0)

    for table, size in (
        (data.train, length),
        (data.questions["id"], length),
        (data.questions["length_8"], 8),
        (data.questions["length_10"], 10),
    ):
        for row, answers in zip(rows_of(table), rows_of(table, "answers"), strict=True):
            assert len(row) == size
            assert set(row) <= set(range(modulus))
            assert answers == in_loops(row, modulus)
    assert set(data.questions["length_8"]["length"].to_pylist()) == {8}


def test_answers_are_those_of_the_reference(match3, reference):
    known = json.loads((reference / "seeds_theory" / "match3.json").read_text())

    assert match3.match3(np.array(known["x"]), known["M"]).tolist() == known["match3"]


def test_answers_follow_their_numbers_into_another_order(match3):
    draw = np.random.default_rng(4)
    values = draw.integers(0, 17, (50, 6))
    order = draw.permutation(6)

    assert (match3.match3(values[:, order], 17) == match3.match3(values, 17)[:, order]).all()


def test_the_example_of_the_docstring_is_right(match3):
    assert match3.match3(np.array([[8, 6, 4, 1, 10, 11]]), 17).tolist() == [[1, 1, 0, 1, 1, 0]]


def test_nothing_is_asked_twice_or_shown(match3):
    data = match3.load("m17", {"modulus": 3, "length": 5, "rows": 400, "questions": 24}, 0)
    asked = [tuple(row) for row in rows_of(data.questions["id"])]

    assert len(set(asked)) == 24
    assert not set(asked) & {tuple(row) for row in rows_of(data.train)}
    assert len(data.train) == 400


def test_fewer_rows_are_the_first_of_more(match3):
    few, many = (match3.load("m17", PARAMS | {"rows": rows}, 3) for rows in (40, 90))

    assert many.train.slice(0, 40).equals(few.train)
    assert many.questions["id"].equals(few.questions["id"])
    assert not match3.load("m17", PARAMS, 4).train.equals(few.train)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("modulus", 1),
        ("modulus", 1001),
        ("modulus", 17.0),
        ("length", 0),
        ("length", 8),
        ("rows", 0),
        ("questions", True),
    ],
)
def test_what_is_no_number_of_them_is_named(match3, name, value):
    with pytest.raises(BadValue, match=f"parameter {name!r} is {value!r}; it must be a whole number from"):
        match3.load("m17", PARAMS | {name: value}, 0)


def test_what_cannot_be_asked_is_named(match3):
    with pytest.raises(BadValue, match="'questions' is 30, above 1, a tenth of the 17 sequences of 'length' 1"):
        match3.load("m17", PARAMS | {"length": 1}, 0)
    with pytest.raises(UnknownName, match="match3 has no split 'm18'; did you mean 'm17'"):
        match3.load("m18", PARAMS, 0)


@pytest.mark.parametrize("value", [-1, 17])
def test_numbers_outside_and_moduli_of_nothing_are_named(match3, value):
    with pytest.raises(BadValue, match=f"number 2 of row 1 is {value}; modulo 17 numbers are 0 to 16"):
        match3.match3(np.array([[1, 2], [3, value]]), 17)
    with pytest.raises(BadValue, match="the modulus is 1; it must be 2 or more"):
        match3.match3(np.array([[0]]), 1)
