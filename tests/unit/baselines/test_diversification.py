"""Diversification: both terms by the reference, what they make of two cues, and how an answer is chosen."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

SMALL = {"width": 16, "steps": 150, "batch": 64}


def dataset(rows, labels=None):
    features, given = {"x": List(Value("float32"), length=2)}, {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


def two_signs(rows, agreement, seed=0):
    """Labels that the second number's sign tells; the first one, five times as large, says so in a share of rows."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 2, rows)
    first = np.where(draw.random(rows) < agreement, labels, 1 - labels)
    return np.stack([5 * (2 * first - 1), 2 * labels - 1], 1) * draw.uniform(0.5, 1, (rows, 2)), labels


@pytest.fixture
def module(baseline):
    return baseline("diversification")


@pytest.fixture
def submission(module, context):
    def make(unlabelled=None, seed=1, **given):
        told = context("diversification", {"x": "vector(2)"}, "int64", seed, {**SMALL, **given})
        beside = {} if unlabelled is None else {"unlabelled": dataset(unlabelled)}
        return module.Diversification(dataclasses.replace(told, auxiliary=beside))

    return make


@pytest.fixture
def fitted(submission):
    def fit(agreement, seed=1, **given):
        one = submission(two_signs(500, agreement, 1)[0], seed, **given)
        one.fit(dataset(*two_signs(500, 1.0, 2)), dataset(*two_signs(40, 0.5, 3)))
        return one

    return fit


def share_right(one):
    asked, labels = two_signs(400, 0.5, 4)
    return (one.predict(dataset(asked)).argmax(1) == labels).mean()


def test_both_terms_are_those_of_independent_code(module, reference):
    known = json.loads((reference / "seeds_tasks" / "diversity_losses.json").read_text())

    assert len(known) == 6
    for case in known:
        first = torch.tensor(case["head_probabilities"], dtype=torch.float64)  # row, head: of one of two classes
        said = torch.stack([first, 1 - first], 2)
        assert float(module.mutual_information(said)) == pytest.approx(case["mutual_information_nats"], abs=1e-9)
        # Of two classes the term is the same by either: the reference writes it for the first.
        assert float(module.agreement(said[:, 0], said[:, 1])) == pytest.approx(case["dbat_term"], abs=1e-9)


def test_terms_are_least_where_answers_disagree_or_are_independent(module):
    sure = torch.eye(2)
    assert float(module.agreement(sure, sure.flip(1))) == pytest.approx(0, abs=1e-5)
    assert float(module.agreement(sure, sure)) == pytest.approx(-np.log(1e-7), abs=1e-3)
    first, second = torch.eye(2)[[0, 0, 1, 1]], torch.eye(2)[[0, 1, 0, 1]]
    assert float(module.mutual_information(torch.stack([first, second], 1))) == pytest.approx(0, abs=1e-6)
    assert float(module.mutual_information(torch.stack([first, 1 - first], 1))) == pytest.approx(np.log(2), abs=1e-6)
    assert float(module.mutual_information(first[:, None])) == 0


def test_networks_that_are_to_disagree_find_the_other_cue_and_ordinary_ones_do_not(fitted):
    assert share_right(fitted(0.0)) > 0.95
    assert share_right(fitted(0.0, weight=0.0)) < 0.7
    assert share_right(fitted(1.0)) < 0.7


def test_heads_that_are_to_be_independent_find_the_other_cue_where_cues_are(fitted):
    one = fitted(0.5, method="divdis", weight=10.0, learning_rate=0.02)

    assert len(one.networks) == 1
    assert share_right(one) > 0.9


def test_the_answer_that_is_right_where_answers_lie_furthest_apart_is_chosen(submission):
    one = submission(queried=2)
    labels = torch.tensor([0, 0, 1])
    said = np.array([[[0.9, 0.1], [0.1, 0.9], [0.2, 0.8]], [[0.1, 0.9], [0.9, 0.1], [0.1, 0.9]]])
    said[0, 0] = [0.6, 0.4]  # the middle row is where they lie furthest apart, then the first

    assert one.choose(said, labels) == 0  # of equals the earliest: each is right once
    one.params = {**one.params, "queried": 1}
    assert one.choose(said, labels) == 1


def test_three_networks_are_trained_in_turn_and_counted(fitted):
    one = fitted(0.0, answers=3, steps=5)

    assert len(one.networks) == 3
    assert one.tally.steps == 15
    assert one.parameters == 3 * (2 * 16 + 16 + 16 * 16 + 16 + 16 * 2 + 2)


def test_the_same_seed_gives_the_same_answers_and_another_one_others(fitted):
    asked = dataset(two_signs(50, 0.5)[0])
    first, again, other = (fitted(0.0, seed, steps=20).predict(asked) for seed in (1, 1, 2))

    assert (first == again).all()
    assert not (first == other).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [({"method": "dbatt"}, "method is dbatt; it must be one of dbat, divdis"), ({"weight": -1.0}, "weight is -1.0")],
)
def test_a_parameter_out_of_its_range_is_refused(submission, given, words):
    with pytest.raises(BadValue, match=words):
        submission(**given)


def test_what_it_cannot_do_without_is_named(submission):
    rows, labels = two_signs(10, 1.0)
    some = dataset(rows, labels)
    with pytest.raises(BadData, match="toy/toy has no auxiliary table 'unlabelled'"):
        submission().fit(some, some)
    with pytest.raises(BadData, match="no validation rows to choose between answers by"):
        submission(rows).fit(some, None)
    with pytest.raises(BadData, match="must hold labels from 0 on"):
        submission(rows).fit(dataset(rows, labels - 1), some)
