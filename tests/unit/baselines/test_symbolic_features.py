"""Symbolic features: what programs say, how a set becomes numbers, and what a network makes of either."""

import numpy as np
import pytest
from datasets import Dataset

from genbench.errors import BadData, BadValue

SMALL = {"width": 16, "depth": 1, "steps": 150, "batch": 32, "learning_rate": 0.01}


def parities(sets):
    return Dataset.from_dict({"values": sets, "answer": [sum(own) % 2 for own in sets]})


def drawn(count, size, seed):
    """Bits of sets of 1 to `size` elements."""
    draw = np.random.default_rng(seed)
    return [draw.integers(0, 2, draw.integers(1, size + 1)).tolist() for _ in range(count)]


@pytest.fixture
def made(baseline, context):
    def make(seed=1, **given):
        told = context("symbolic_features", {"values": "list<int64>"}, "int64", seed, SMALL | given)
        return baseline("symbolic_features").SymbolicFeatures(told)

    return make


def right(one, sets):
    return np.mean([said == sum(own) % 2 for said, own in zip(one.predict(parities(sets)), sets, strict=True)])


def test_elements_stand_by_their_places_and_programs_behind_them(made):
    one = made(features="useless", modulus=3, steps=1)
    one.fit(parities([[7, 2], [2, 2, 7], [2]]), None)

    (row,) = one.rows([[2, 7, 9, 7]]).tolist()
    assert row == [
        *(1, 0),  # of 2 and 7, the values of training, at the first place
        *(0, 1),
        *(0, 0),  # 9 is none of them; a fourth place is none of training
        *(0, 1, 0),  # the size, 4, by 3
        *(0, 0, 1),  # the first element, 2
        *(0, 1, 0),  # the last, 7
    ]


def test_a_hash_is_the_same_for_equal_sequences_and_another_for_others(baseline):
    programs = baseline("symbolic_features").programs("hash", 5)
    told = [[program(own) for program in programs] for own in ([1, 0], [1, 0], [0, 1], [1, 0, 0])]

    assert told[0] == told[1]
    assert len({number for one in told for number in one}) == 15


def test_the_remainder_of_the_sum_answers_larger_sets_and_what_tells_rows_apart_does_not(made):
    shown, asked = drawn(200, 8, 0), drawn(200, 30, 1)
    found = {}
    for features in ("useful", "hash"):
        one = made(features=features)
        one.fit(parities(shown), None)
        found[features] = right(one, asked), right(one, shown)

    assert found["useful"] == (1.0, 1.0)
    assert found["hash"][0] < 0.65
    assert found["hash"][1] > 0.95  # learned by heart


def test_without_features_there_are_the_elements_alone(made):
    one = made(features="none", steps=1)
    one.fit(parities([[1, 0], [0]]), None)

    assert one.rows([[1, 0]]).tolist() == [[0, 1, 1, 0]]


def test_the_same_seed_gives_the_same_answers(made):
    answers = []
    for seed in (1, 1, 2):
        one = made(seed, features="hash", steps=20)
        one.fit(parities(drawn(60, 6, 0)), None)
        answers.append(one.predict(parities(drawn(80, 6, 3))))

    assert answers[0] == answers[1] != answers[2]


def test_an_empty_set_and_no_rows_are_refused(made):
    with pytest.raises(BadData, match="^row 1 is an empty set$"):
        made().fit(parities([[1], []]), None)
    with pytest.raises(BadData, match="column 'answer' must hold labels from 0 on, and some"):
        made().fit(parities([[1]]).select([]), None)


@pytest.mark.parametrize(("given", "words"), [({"features": "all"}, "none, useful"), ({"modulus": 1}, "2 or more")])
def test_a_parameter_out_of_range_is_refused(made, given, words):
    with pytest.raises(BadValue, match=words):
        made(**given)
