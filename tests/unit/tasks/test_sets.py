"""Functions of multisets: the rules by the reference, and which rows are asked."""

import json
from collections import Counter

import pytest

from genbench.errors import BadValue

SMALL = {"values": 5, "longest": 8, "rows": 3000, "questions": 60}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("sets")


@pytest.fixture(scope="module")
def small(task):
    return task.load("sum_mod_5", SMALL, 0)


def rows_of(table):
    return [tuple(row) for row in table["values"].to_pylist()]


@pytest.mark.parametrize(
    ("split", "name"),
    [
        ("second_minimum", "second_minimum"),
        ("sum_mod_2", "sum_mod_2"),
        ("sum_mod_5", "sum_mod_5"),
        ("mode", "mode_smallest"),
    ],
)
def test_answers_are_those_of_independent_code(task, reference, split, name):
    import numpy as np

    known = json.loads((reference / "seeds_tasks" / "set_targets.json").read_text())

    assert len(known) >= 30
    assert [task.RULES[split](np.array(one["values"], np.int16)) for one in known] == [one[name] for one in known]


@pytest.mark.parametrize("split", ["second_minimum", "sum_mod_2", "sum_mod_5", "mode"])
def test_answers_follow_another_way_of_finding_them(task, split):
    def slowly(values):
        if split == "second_minimum":
            rest = list(values)
            if len(rest) > 1:
                rest.remove(min(rest))
            return min(rest)
        if split == "mode":
            return min(values, key=lambda one: (-list(values).count(one), one))
        return sum(values) % int(split[-1])

    data = task.load(split, {**SMALL, "values": 9, "rows": 200}, 1)

    for table in (data.train, *data.questions.values()):
        assert table["answer"].to_pylist() == [slowly(row) for row in rows_of(table)]


def test_what_is_asked_is_not_shown_and_asked_once(small):
    shown = set(rows_of(small.train))

    for table in small.questions.values():
        assert len(set(rows_of(table))) == table.num_rows
        assert shown.isdisjoint(rows_of(table))
        assert table["size"].to_pylist() == [len(row) for row in rows_of(table)]


def test_training_has_all_sizes_alike_and_questions_a_tenth_of_a_size_at_most(small):
    sizes = Counter(map(len, rows_of(small.train)))
    assert set(sizes) == set(range(1, 9))
    assert max(sizes.values()) < 1.4 * min(sizes.values())

    asked = Counter(map(len, rows_of(small.questions["id"])))
    assert all(count <= 5**size // 10 for size, count in asked.items())
    assert 1 not in asked
    assert small.questions["id"].num_rows == 60


def test_the_same_multisets_are_asked_in_another_order(small):
    first, other = rows_of(small.questions["id"]), rows_of(small.questions["shuffled"])

    assert set(first).isdisjoint(other)
    assert not Counter(tuple(sorted(row)) for row in other) - Counter(tuple(sorted(row)) for row in first)
    assert len(other) > 0.7 * len(first)


def test_larger_sets_are_as_large_as_they_are_called(small):
    for size in (32, 64, 128):
        assert {len(row) for row in rows_of(small.questions[f"size_{size}"])} == {size}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"values": 1}, "'values' is 1; it must be a whole number from 2 to 32,000"),
        ({"longest": 32}, "'longest' is 32; it must be a whole number from 1 to 31"),
        ({"rows": True}, "'rows' is True"),
        ({"questions": 10**9}, "'questions' is 1000000000"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(task, given, words):
    with pytest.raises(BadValue, match="sets") as told:
        task.load("mode", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_few_sequences_make_few_questions_and_never_wait_for_more(task):
    data = task.load("sum_mod_2", {"values": 2, "longest": 5, "rows": 100, "questions": 1000}, 0)

    assert [len(row) for row in rows_of(data.questions["id"])] == [4, 5, 5, 5]
    assert data.questions["size_32"].num_rows == 1000
