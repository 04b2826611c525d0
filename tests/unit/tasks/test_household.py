"""Household: where things are by demonstrations and by the text, and what plans come to when they are carried out."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue, UnknownName

SMALL = {"things": 24, "unseen": 6, "sentences": 5}


@pytest.fixture(scope="module")
def household(task_module):
    return task_module("household")


@pytest.fixture(scope="module")
def executing(household):
    folder = Path(household.__file__).parent
    return {name: load_entry(folder, f"executing:{name}") for name in ("goal_reached", "reaches", "well_formed")}


def rooms_of(table):
    """The rooms of things and places that plans name, each once."""
    things, places = {}, {}
    for row in table.to_pylist():
        thing, place = re.fullmatch(r"put the (\w+) on the (\w+)", row["goal"]).groups()
        there, what, here, where = re.fullmatch(r"walk (\w+) grab (\w+) walk (\w+) put (\w+)", row["plan"]).groups()
        assert (what, where) == (thing, place)
        assert things.setdefault(thing, there) == there
        assert places.setdefault(place, here) == here
        assert there != here
    return things, places


@pytest.mark.parametrize("split", ["pairs", "objects"])
def test_plans_and_text_agree_about_where_each_thing_is(household, split):
    data = household.load(split, SMALL, 0)
    things, places = rooms_of(pa.concat_tables([data.train, data.questions["test"]]))
    told = {}
    for sentence in data.auxiliary["text"]["sentence"].to_pylist():
        first = re.search(r"(?:the|a) (\w+) (?:is|in|and|from)", sentence)[1]
        told.setdefault(first, []).append(re.search(rf"({'|'.join(household.ROOMS)})", sentence)[1])

    assert {thing: set(rooms) for thing, rooms in told.items()} == {thing: {room} for thing, room in things.items()}
    assert {thing: len(rooms) for thing, rooms in told.items()} == dict.fromkeys(things, 5)
    assert Counter(things.values()) == dict.fromkeys(household.ROOMS, 4)
    assert len(places) == 12


def test_pairs_asked_are_new_while_their_thing_and_place_are_not(household):
    data = household.load("pairs", SMALL, 0)
    shown, asked = (set(table["goal"].to_pylist()) for table in (data.train, data.questions["test"]))

    assert not shown & asked
    assert len(shown) == len(asked) == 120
    assert all(
        set(old) == set(new) for old, new in zip(rooms_of(data.train), rooms_of(data.questions["test"]), strict=True)
    )


def test_objects_asked_are_in_no_demonstration_and_are_asked_with_every_place(household):
    data = household.load("objects", SMALL, 0)
    shown, asked = rooms_of(data.train), rooms_of(data.questions["test"])

    assert len(asked[0]) == 6
    assert not shown[0].keys() & asked[0].keys()
    assert shown[1] == asked[1]
    assert data.questions["test"].num_rows == 60


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("walk kitchen grab cup walk study put shelf", 1),
        ("walk garage walk kitchen grab cup walk garage walk study put shelf", 1),  # a longer way
        ("walk kitchen grab cup walk study put shelf grab cup put shelf", 1),  # taken up again and put back
        ("walk kitchen grab cup walk study put shelf grab cup", 0),  # and not put back
        ("walk garage grab cup walk study put shelf", 0),  # it is not there
        ("walk kitchen grab jug walk study put shelf", 0),
        ("walk kitchen grab cup put shelf", 0),  # the shelf is in another room
        ("walk study put shelf", 0),
        ("walk kitchen grab cup walk study put desk", 0),
        ("walk kitchen grab cup walk study put", 0),
        ("fly kitchen grab cup walk study put shelf", 0),
        ("", 0),
        (None, 0),
        ("walk kitchen grab cup walk study put shelf " * 30, 0),  # longer than is carried out
    ],
)
def test_a_plan_counts_by_where_the_thing_ends(executing, answer, wanted):
    target = pa.array(["walk kitchen grab cup walk study put shelf"])

    marks = executing["goal_reached"](pa.array([answer], pa.string()), target, pa.table({"goal": ["put"]}))

    assert marks.dtype == np.float64
    assert marks.tolist() == [wanted]


def test_well_formed_is_actions_and_what_they_are_done_to(executing):
    given = ["walk a", "walk a put b", "", "walk", "walk walk", "a walk"]
    assert [executing["well_formed"](one) for one in given] == [True, True, False, False, True, False]


def test_the_rooms_of_things_are_the_same_in_both_splits_and_others_by_another_seed(household):
    pairs, objects, other = (
        household.load(*one).auxiliary["text"]
        for one in (("pairs", SMALL, 0), ("objects", SMALL, 0), ("pairs", SMALL, 1))
    )

    assert pairs.equals(objects)
    assert not pairs.equals(other)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"things": 61}, "'things' is 61; it must be a whole number from 12 to 60"),
        ({"unseen": 13}, "'unseen' is 13; at most half of the 24 'things'"),
        ({"sentences": 0}, "'sentences' is 0"),
        ({"things": 24.0}, "'things' is 24.0"),
    ],
)
def test_a_parameter_that_makes_no_household_is_refused(household, given, words):
    with pytest.raises(BadValue, match="household: parameter") as told:
        household.load("objects", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(household):
    with pytest.raises(UnknownName, match="no split 'pair'; did you mean 'pairs'"):
        household.load("pair", SMALL, 0)
