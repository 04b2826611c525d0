"""Every baseline made of a model of the kit, in every variant: it learns, repeats itself, and answers anything."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

import pytest
import torch
from datasets import Dataset

from genbench import cards
from genbench.errors import BadValue

BASELINES = Path(__file__).parents[3] / "baselines"
NAMES = ("transformer", "lstm", "decoder_only")
WORDS = {"walk": "W", "run": "R", "jump": "J", "look": "L", "turn": "T"}
TIMES = {"": 1, "twice": 2, "thrice": 3}
PHRASES = [(f"{word} {times}".strip(), [act] * n) for word, act in WORDS.items() for times, n in TIMES.items()]
TOY = [
    (f"{one} and {other}", " ".join(left + right))
    for (one, left), (other, right) in itertools.product(PHRASES, PHRASES)
][::10][:20]
TRAIN = Dataset.from_dict({"text": [text for text, _ in TOY], "answer": [answer for _, answer in TOY]})
SMALL = {"steps": 10, "dim": 32, "hidden": 64}


VARIANTS = [
    pytest.param(name, variant, id=f"{name}@{variant}" if variant else name)
    for name in NAMES
    for variant in ("", *cards.read(BASELINES / name, "submission").variants)
]


@pytest.fixture(scope="session")
def trained(baseline, context):
    """Gives `trained("lstm", "gru", {"steps": 5})`: the learner and the steps that its fit yielded."""

    def train(name, variant="", given=SMALL, seed=1):
        card = cards.read(BASELINES / name, "submission")
        params = {**(card.variants[variant].params if variant else {}), **given}
        made = context(name, {"text": "string"}, "string", seed, params)
        entry = getattr(baseline(name), card.entry.partition(":")[2])
        learner = entry(made)
        return learner, list(learner.fit(TRAIN, TRAIN))

    return train


@pytest.fixture(scope="module")
def small(trained):
    """Gives the learner of a small training by name and variant, for tests that change nothing of it: trained once."""
    return functools.cache(lambda name, variant="": trained(name, variant)[0])


@pytest.mark.parametrize("name", NAMES)
def test_twenty_pairs_are_learned_by_heart(trained, name):
    learner, _ = trained(name, given={**SMALL, "steps": 250, "learning_rate": 4e-3})

    assert learner.predict(TRAIN) == [answer for _, answer in TOY]


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_equal_seeds_give_equal_weights_and_answers_and_another_seed_others(small, trained, name, variant):
    torch.manual_seed(1)
    one = small(name, variant)
    torch.manual_seed(2)  # the global generator is not drawn from
    same, _ = trained(name, variant)
    other, _ = trained(name, variant, seed=2)

    for left, right in zip(one.model.parameters(), same.model.parameters(), strict=True):
        assert torch.equal(left, right)
    assert one.predict(TRAIN) == same.predict(TRAIN)
    assert any(
        not torch.equal(left, right)
        for left, right in zip(one.model.parameters(), other.model.parameters(), strict=True)
    )


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_tokens_never_seen_and_long_questions_are_answered(small, name, variant):
    learner = small(name, variant)

    answers = learner.predict(Dataset.from_dict({"text": ["fly", "", "walk and " * 40]}))

    assert [type(answer) for answer in answers] == [str, str, str]


@pytest.mark.parametrize(("name", "variant"), [one for one in VARIANTS if one.values[1]])
def test_a_variant_is_another_model_or_another_training(small, name, variant):
    plain, varied = small(name), small(name, variant)

    assert (varied.parameters, varied.training_flops, varied.predict(TRAIN), varied.recipe) != (
        plain.parameters,
        plain.training_flops,
        plain.predict(TRAIN),
        plain.recipe,
    )


@pytest.mark.parametrize("name", [*NAMES, "pointer", "recombination"])
def test_the_card_takes_what_the_recipe_reads_for_averaging_and_jitter_and_old_names_hold(name):
    card = cards.read(BASELINES / name, "submission")

    taken = {"ema": 0.0} if "heads" not in card.params else {"ema": 0.0, "jitter": 1.0}
    assert taken.items() <= card.params.items()
    assert name == "transformer" or taken.items() <= card.neutral.items()  # it had ema from the first


def test_copying_is_more_than_its_positions(small):
    copying, rotary = small("decoder_only", "copy"), small("decoder_only", "rotary")

    assert copying.parameters > rotary.parameters


@pytest.mark.parametrize("name", NAMES)
def test_fit_yields_its_curve_and_counts_what_it_took(trained, name):
    learner, steps = trained(name, given={**SMALL, "steps": 6, "curve": 3})

    assert steps == [2, 4, 6]
    assert learner.parameters > 1000
    assert learner.training_flops > 1e6
    assert learner.examples_seen > 0
    assert learner.tokens_seen > learner.examples_seen


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("transformer", {"positions": "shaaw"}, "positions = 'shaaw' is not known; did you mean 'shaw'"),
        ("transformer", {"norm": "after"}, "norm = 'after' is not known"),
        ("lstm", {"cell": "rnn"}, "cell = 'rnn' is not known"),
        ("lstm", {"attention": "self"}, "attention = 'self' is not known"),
        ("decoder_only", {"steps": 0}, "steps is 0; it must be a whole number above 0"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(trained, name, given, said):
    with pytest.raises(BadValue, match=said):
        trained(name, given={**SMALL, **given})
