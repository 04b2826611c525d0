"""Operations on label sets: what networks and arithmetic find on toy features, and what is refused."""

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

INPUTS = {"a": "vector(4)", "b": "vector(4)", "operation": "string"}
FEATURES = Features({"a": List(Value("float32"), length=4), "b": List(Value("float32"), length=4),
                     "operation": Value("string"), "answer": List(Value("float32"), length=4)})  # fmt: skip
SMALL = {"width": 16, "steps": 400, "batch": 32, "learning_rate": 0.01}
OPERATIONS = {"union": np.logical_or, "intersection": np.logical_and, "subtraction": lambda a, b: a & ~b}


def toy(rows, seed=0, seen=4):
    """Features that are the labels, with noise; `itself` of four labels, operations on the first `seen`."""
    draw = np.random.default_rng(seed)
    given = {name: [] for name in FEATURES}
    for row in range(rows):
        operation = ["itself", *OPERATIONS][row % 4]
        a, b = draw.random((2, 4)) < 0.5
        if operation != "itself":
            a[seen:] = b[seen:] = False
        labels = OPERATIONS.get(operation, lambda a, b: a)(a, b)
        given["operation"].append(operation)
        given["answer"].append(labels.astype(float).tolist())
        for name, held in (("a", a), ("b", b)):
            given[name].append(np.maximum(held + draw.normal(0, 0.1, 4), 0).tolist())
    return Dataset.from_dict(given, features=FEATURES)


@pytest.fixture
def fitted(baseline, context):
    def fit(train=None, seed=1, **given):
        one = baseline("laso").Laso(context("laso", INPUTS, "vector(4)", seed, {**SMALL, **given}))
        one.fit(toy(400) if train is None else train, None)
        return one

    return fit


def share_right(one, asked):
    return ((one.predict(asked) >= 0.5) == (np.array(asked["answer"][:]) == 1)).mean()


@pytest.mark.parametrize("method", ["networks", "feature_arithmetic", "probability_arithmetic"])
def test_labels_are_found_by_each_method(fitted, method):
    assert share_right(fitted(method=method), toy(200, 1)) > 0.95


def test_labels_that_no_operation_was_trained_on_are_found_by_arithmetic_and_not_by_networks(fitted):
    train, asked = toy(400, seen=2), toy(200, 1).filter(lambda row: row["operation"] != "itself")

    assert share_right(fitted(train, method="probability_arithmetic"), asked) > 0.95
    assert share_right(fitted(train), asked) < 0.9


def test_probabilities_are_combined_as_if_independent(fitted):
    one = fitted(method="probability_arithmetic", steps=20)
    asked = toy(8, 1)
    a, b, operations = one.parts(asked)
    p, q = (one.likely(rows).numpy() for rows in (a, b))
    wanted = {"union": 1 - (1 - p) * (1 - q), "intersection": p * q, "subtraction": p - p * q, "itself": p}

    found = one.predict(asked)

    for row, operation in enumerate(operations):
        assert found[row] == pytest.approx(wanted[operation][row], abs=1e-6)


def test_the_classifier_stays_as_it_is_while_networks_are_trained(fitted):
    alone, beside = fitted(method="feature_arithmetic"), fitted()

    assert torch.equal(alone.classifier[0].weight, beside.classifier[0].weight)
    assert list(beside.networks) == list(OPERATIONS)
    assert beside.tally.steps == 4 * alone.tally.steps


def test_the_same_seed_answers_alike_and_another_one_does_not(fitted):
    first, again, other = (fitted(seed=seed, steps=5).predict(toy(8)).tolist() for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_what_it_cannot_learn_from_is_named(fitted):
    def changed(**columns):
        return Dataset.from_dict({**toy(8).to_dict(), **columns}, features=FEATURES)

    with pytest.raises(BadData, match="toy/toy: column 'answer' must hold 0 and 1 in training"):
        fitted(changed(answer=[[-1.0, 0, 0, 1]] * 8))
    with pytest.raises(BadData, match="row 0 has the operation 'unions'; did you mean 'union'"):
        fitted(changed(operation=["unions"] * 8))
    with pytest.raises(BadData, match="has no training rows of the operation 'itself'"):
        fitted(changed(operation=["union"] * 8))
    with pytest.raises(BadData, match="has no training rows of the operation 'union'"):
        fitted(changed(operation=["itself"] * 8))
    with pytest.raises(BadValue, match="method is network; it must be one of networks, feature_arithmetic"):
        fitted(method="network")
