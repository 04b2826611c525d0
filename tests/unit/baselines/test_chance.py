from __future__ import annotations

from collections import Counter

from datasets import Dataset

TRAIN = Dataset.from_dict({"word": list("abcdef"), "answer": ["x", "y", "x", "z", "x", "x"]})
QUESTIONS = Dataset.from_dict({"word": ["?"] * 3_000})
INPUTS = {"word": "string"}


def answers(baseline, context, train=TRAIN, seed=1):
    chance = baseline("chance").Chance(context("chance", INPUTS, "string", seed=seed))
    chance.fit(train, None)
    return chance.predict(QUESTIONS)


def test_every_distinct_answer_is_as_likely_as_another(baseline, context):
    counted = Counter(answers(baseline, context))

    assert counted.keys() == {"x", "y", "z"}
    assert all(900 < count < 1_100 for count in counted.values())


def test_equal_seeds_draw_equal_answers(baseline, context):
    assert answers(baseline, context) == answers(baseline, context)


def test_other_seeds_draw_other_answers(baseline, context):
    assert answers(baseline, context) != answers(baseline, context, seed=2)


def test_asking_twice_changes_nothing(baseline, context):
    chance = baseline("chance").Chance(context("chance", INPUTS, "string"))
    chance.fit(TRAIN, None)

    first, second = chance.predict(QUESTIONS), chance.predict(QUESTIONS)

    assert first == second


def test_lists_are_answers_too(baseline, context):
    train = Dataset.from_dict({"word": list("abc"), "answer": [[1, 2], [3], [1, 2]]})

    drawn = answers(baseline, context, train)

    assert {tuple(answer) for answer in drawn} == {(1, 2), (3,)}
