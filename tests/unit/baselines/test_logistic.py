"""Logistic regression on counts of tokens."""

import numpy as np
import pytest
from datasets import Dataset
from scipy.special import softmax


@pytest.fixture
def fitted(baseline, context):
    def fit(train, inputs, target_type, **given):
        one = baseline("logistic").Logistic(context("logistic", inputs, target_type, 1, given))
        one.fit(Dataset.from_dict(train), None)
        return one

    return fit


def test_it_counts_which_token_is_commonest(fitted):
    train = {"text": ["a a b", "b b a", "a", "b", "b a b", "a b a"], "answer": ["A", "B", "A", "B", "B", "A"]}
    one = fitted(train, {"text": "string"}, "string")

    assert one.predict(Dataset.from_dict({"text": ["a b a b a", "b b b a a", "z b"]})) == ["A", "B", "B"]


def test_a_token_in_another_column_is_another_one(fitted):
    train = {"left": [1, 2, 1, 2], "right": [[2, 2], [2, 2], [1], [1]], "answer": [7, 8, 7, 8]}
    one = fitted(train, {"left": "int64", "right": "list<int64>"}, "int64")

    assert one.predict(Dataset.from_dict({"left": [2, 1], "right": [[1, 1, 1], [2, 2, 2]]})) == [8, 7]


def test_at_the_end_the_slope_of_the_loss_is_0(fitted):
    train = {"text": ["a b", "b c", "c a", "a", "b", "c"] * 3, "answer": ["x", "y", "z", "x", "x", "z"] * 3}
    one = fitted(train, {"text": "string"}, "string", decay=0.01, steps=1000)
    counts = np.array([[*(text.split().count(token) for token in "abc"), 1] for text in train["text"]])
    right = np.array([[answer == one for one in "xyz"] for answer in train["answer"]])

    shares = softmax(counts @ one.weights, 1)

    decayed = 0.01 * one.weights * [[1], [1], [1], [0]]
    assert one.answers == ["x", "y", "z"]
    assert np.abs(counts.T @ (shares - right) / 18 + decayed).max() < 1e-4


def test_one_answer_in_training_is_the_answer(fitted):
    one = fitted({"text": ["a", "b"], "answer": [True, True]}, {"text": "string"}, "bool")

    assert one.predict(Dataset.from_dict({"text": ["c", ""]})) == [True, True]
