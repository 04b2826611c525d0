"""What recombination makes of training pairs, and that its network learns from it."""

from __future__ import annotations

import pyarrow as pa
import pytest
import torch
from datasets import Dataset

from genbench.errors import BadValue

ACTS = {"walk": "W", "look": "L", "run": "R", "jump": "J"}
SIDES = {"left": "TL", "right": "TR"}


def commands(words, sides=SIDES):
    """A small language: `walk`, `walk left`, `walk twice`, and two of these with `and`."""
    single = [((word,), (ACTS[word],)) for word in words]
    single += [((word, side), (SIDES[side], ACTS[word])) for word in words for side in sides]
    single += [((*source, "twice"), (*target, *target)) for source, target in single]
    return single + [((*one, "and", *two), (*left, *right)) for one, left in single for two, right in single]


WITHOUT_JUMP = [*commands(["walk", "look", "run"]), (("jump",), ("J",))]
EVERYTHING = dict(commands(ACTS))


@pytest.fixture(scope="module")
def recombine(baseline):
    return baseline("recombination", "recombine")


def drawn(recombine, pairs, share=1.0, seed=1):
    return recombine.recombined(pairs, share, torch.Generator().manual_seed(seed))


def test_a_word_that_stood_alone_is_put_wherever_its_like_stood(recombine):
    new = drawn(recombine, WITHOUT_JUMP)

    assert len(new) > 100
    assert all("jump" in source for source, _ in new)
    assert all(EVERYTHING[source] == target for source, target in new)


def test_new_pairs_are_distinct_and_none_answers_a_training_source(recombine):
    new = drawn(recombine, WITHOUT_JUMP)

    sources = [source for source, _ in new]
    assert len(set(sources)) == len(sources)
    assert set(sources).isdisjoint(source for source, _ in WITHOUT_JUMP)


def test_the_share_is_how_many_there_are_and_none_asks_for_none(recombine):
    assert len(drawn(recombine, WITHOUT_JUMP, 0.1)) == round(0.1 * len(WITHOUT_JUMP))
    assert drawn(recombine, WITHOUT_JUMP, 0.0) == []


def test_equal_seeds_make_equal_pairs_and_other_seeds_others(recombine):
    assert drawn(recombine, WITHOUT_JUMP, 0.1) == drawn(recombine, WITHOUT_JUMP, 0.1)
    assert drawn(recombine, WITHOUT_JUMP, 0.1) != drawn(recombine, WITHOUT_JUMP, 0.1, seed=2)


def test_a_word_that_goes_with_one_side_only_does_not_take_the_sides_partner(recombine):
    turns = [((word, "around", "left"), ("TL", ACTS[word]) * 2) for word in ACTS]
    pairs = [*commands(ACTS), *turns]

    partners = recombine.aligned(pairs)
    new = drawn(recombine, pairs)

    assert "around" not in partners
    assert partners["left"] == "TL"
    assert (("walk", "around", "right"), ("TR", "W", "TR", "W")) in new


def test_words_whose_answers_stand_differently_are_not_exchanged(recombine):
    pairs = [(("a", verb), (verb, "agent")) for verb in ("slept", "ran")]
    pairs += [(("a", verb), (verb, "theme")) for verb in ("froze", "fell")]

    classes = recombine.interchangeable(pairs, {verb: verb for (_, verb), _ in pairs})

    assert classes == {"slept": ["ran"], "ran": ["slept"], "froze": ["fell"], "fell": ["froze"]}


def test_pairs_without_anything_to_exchange_give_nothing(recombine):
    assert drawn(recombine, [(("a",), ("b",)), (("c", "d"), ("e", "f"))]) == []


def test_the_network_trains_on_them(baseline, context, capsys):
    columns = {name: [" ".join(pair[side]) for pair in WITHOUT_JUMP] for side, name in enumerate(("q", "answer"))}
    train = Dataset.from_dict(columns)
    small = {"steps": 20, "dim": 16, "hidden": 16, "curve": 0}
    learner = baseline("recombination").recombination(context("recombination", {"q": "string"}, "string", 1, small))

    list(learner.fit(train, None))

    assert "new pairs beside" in capsys.readouterr().err
    assert len(learner.predict(Dataset(pa.table({"q": ["jump twice"]})))) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [({"share": -0.5}, "share is -0.5; it must be 0 or more"), ({"model": "tree"}, "model is 'tree'; it must be lstm")],
)
def test_a_setting_that_means_nothing_is_refused(baseline, context, given, said):
    train = Dataset.from_dict({"q": ["a"], "answer": ["b"]})

    with pytest.raises(BadValue, match=said):
        list(
            baseline("recombination")
            .recombination(context("recombination", {"q": "string"}, "string", 1, given))
            .fit(train, None)
        )
