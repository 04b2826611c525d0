from __future__ import annotations

import pytest

from genbench.errors import BadValue
from genbench.kit.recipe import FORMS, Recipe

GOOD = {"steps": 5, "batch_tokens": 10, "learning_rate": 0.1}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("batch_tokens", 0),
        ("batch_tokens", 1.5),
        ("steps", True),
        ("steps", -1),
        ("learning_rate", "fast"),
        ("schedule", "lineer"),
        ("warm_up", -0.1),
        ("weight_decay", -1),
        ("betas", "0.9"),
        ("betas", "0.9 1.0"),
        ("clip", -1),
        ("ema", 1),
        ("jitter", 0.9),
        ("label_smoothing", 1.0),
        ("curve", -1),
        ("beam", 0),
        ("length_penalty", -1.0),
        ("amp", "fp16"),
        ("compile", "yes"),
        ("early_stopping", 0.5),
        ("look_every", 0),
        ("longest", 0),
        ("limit", "shortest"),
    ],
)
def test_a_bad_parameter_is_named_with_its_value_and_the_right_form(key, value):
    with pytest.raises(BadValue) as caught:
        Recipe.from_params({**GOOD, key: value})

    assert f"{key} is {value!r}; it must be {FORMS[key][1]}" in str(caught.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(BadValue) as caught:
        Recipe.from_params({"clip": -1, "dim": 3})

    for said in ("clip is -1", "no batch_tokens", "no learning_rate", "exactly one of steps, examples, flops"):
        assert said in str(caught.value)


def test_parameters_of_the_model_are_left_to_it():
    recipe = Recipe.from_params({**GOOD, "dim": 3, "betas": "0.9, 0.999"})

    assert recipe.betas == (0.9, 0.999)
