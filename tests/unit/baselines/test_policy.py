"""A policy over words: words of the goal, vectors of a text by hand, and what each kind of vectors can know."""

import dataclasses

import numpy as np
import pytest
from datasets import Dataset

from genbench.errors import BadData, BadValue

ROOM = {"cup": "attic", "jug": "attic", "pan": "cellar", "lid": "cellar", "pin": "attic", "peg": "cellar"}
SENTENCES = [f"the {thing} is in the {room}" for thing, room in ROOM.items()]


def demonstrations(things):
    return Dataset.from_dict(
        {
            "goal": [f"put the {thing}" for thing in things],
            "answer": [f"walk {ROOM[thing]} grab {thing}" for thing in things],
        }
    )


@pytest.fixture
def policy(baseline, context):
    def make(sentences=SENTENCES, **given):
        told = context("policy", {"goal": "string"}, "string", 1, given)
        beside = {} if sentences is None else {"text": Dataset.from_dict({"sentence": sentences})}
        return baseline("policy").Policy(dataclasses.replace(told, auxiliary=beside))

    return make


def test_a_word_of_the_goal_stands_as_its_place_there(baseline):
    steps = baseline("policy").steps(["put", "the", "cup"], ["walk", "attic", "grab", "cup"])

    assert steps == [("walk", "attic"), ("grab", 2)]


def test_vectors_of_a_text_have_its_mutual_information_as_products(baseline):
    """`a` and `b` meet twice, `c` and `d` twice: of eight ordered pairs each word is in a quarter."""
    vectors = baseline("policy").embedded([["a", "b"], ["a", "b"], ["c", "d"], ["c", "d"]], 4)
    rows = np.array([vectors[word] for word in "abcd"])

    # log(1/4 / (1/4 * 1/4)) for words that meet, and none for those that never do.
    information = np.log(4) * np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    left, size, _ = np.linalg.svd(information)
    assert rows @ rows.T == pytest.approx(left @ np.diag(size) @ left.T)
    assert rows @ rows.T == pytest.approx(np.log(4) * np.eye(4))
    assert set(vectors) == set("abcd")


def test_a_thing_never_demonstrated_is_fetched_from_where_the_text_says(policy):
    plans = {}
    for kind in ("text", "own", "random"):
        one = policy(vectors=kind)
        one.fit(demonstrations(["cup", "jug", "pan", "lid"]), None)
        plans[kind] = one.predict(demonstrations(["pin", "peg"]))
        assert one.predict(demonstrations(["cup", "lid"])) == ["walk attic grab cup", "walk cellar grab lid"]

    assert plans["text"] == ["walk attic grab pin", "walk cellar grab peg"]
    assert plans["own"][0].split()[1] == plans["own"][1].split()[1]  # nothing tells one from the other
    assert [plan.split()[3] for plan in plans["own"]] == ["pin", "peg"]


def test_a_plan_ends_where_demonstrations_did(policy):
    one = policy(vectors="own")
    one.fit(
        Dataset.from_dict({"goal": ["go now", "go twice"], "answer": ["walk attic", "walk attic walk cellar"]}), None
    )

    assert one.predict(Dataset.from_dict({"goal": ["go now", "go twice"]})) == ["walk attic", "walk attic walk cellar"]
    assert one.parameters == 3 * 3 + (2 * 3 + 1) * (1 + 2 + 1)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"goal": [], "answer": []}, "no demonstrations to learn from"),
        (
            {"goal": ["a", "a b"], "answer": ["walk c", "walk c"]},
            "goals are of 1 to 2 words; they must be of one length",
        ),
        ({"goal": ["a"], "answer": ["walk c put"]}, "the plan 'walk c put' is not actions"),
    ],
)
def test_demonstrations_that_it_cannot_learn_from_are_named(policy, rows, words):
    with pytest.raises(BadData, match=words):
        policy().fit(Dataset.from_dict(rows), None)


def test_what_it_cannot_do_without_is_named(policy):
    with pytest.raises(BadData, match="toy/toy has no auxiliary table 'text'"):
        policy(None).fit(demonstrations(["cup"]), None)
    with pytest.raises(BadValue, match="vectors is pretrained; it must be one of own, random, text"):
        policy(vectors="pretrained")
    one = policy()
    one.fit(demonstrations(["cup", "pan"]), None)
    with pytest.raises(BadData, match="the goal 'put it' is not of 3 words"):
        one.predict(Dataset.from_dict({"goal": ["put it"]}))
