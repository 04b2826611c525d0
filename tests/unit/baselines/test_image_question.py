"""Answers to a word about an image: what both together tell and either alone does not, and what is refused."""

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

INPUTS = {"x": "vector(6)", "word": "string"}
FEATURES = Features({"x": List(Value("float32"), length=6), "word": Value("string"), "answer": Value("int64")})
SMALL = {"width": 16, "steps": 300, "batch": 32, "learning_rate": 0.01}


def two_words(rows, seed=0):
    """`first` asks for the sign of the first number, `last` for that of the last."""
    draw = np.random.default_rng(seed)
    signs = draw.integers(0, 2, (rows, 2))
    x = draw.normal(0, 0.3, (rows, 6)) + 5
    x[:, [0, -1]] += 2 * signs - 1
    asked = draw.integers(0, 2, rows)
    answer = signs[np.arange(rows), asked]
    words = np.array(["first", "last"])[asked].tolist()
    return Dataset.from_dict({"x": x.tolist(), "word": words, "answer": answer}, features=FEATURES)


@pytest.fixture
def fitted(baseline, context):
    def fit(train=None, seed=1, inputs=None, **given):
        told = context("image_question", inputs or INPUTS, "int64", seed, {**SMALL, **given})
        one = baseline("image_question").ImageQuestion(told)
        one.fit(two_words(400) if train is None else train, None)
        return one

    return fit


def share_right(one, asked):
    return (one.predict(asked) == np.array(asked["answer"][:])).mean()


def test_both_together_answer_and_either_alone_does_not(fitted):
    asked = two_words(300, 1)

    assert share_right(fitted(), asked) > 0.95
    assert 0.6 < share_right(fitted(sees="image"), asked) < 0.85
    assert 0.35 < share_right(fitted(sees="question"), asked) < 0.65


def test_means_are_of_each_word_and_of_all_rows_for_a_word_never_seen(fitted):
    one = fitted(method="class_mean")
    asked = two_words(300, 1)
    known, means = one.means["first"]

    assert share_right(one, asked) > 0.95
    assert known.tolist() == [0, 1]
    rows = two_words(400).with_format("numpy")[:]
    own = (np.array(rows["word"]) == "first") & (rows["answer"] == 1)
    assert means[1] == pytest.approx(rows["x"][own].mean(0), abs=1e-5)
    unknown = asked.map(lambda row: {"word": "middle"})
    rows = unknown.with_format("numpy")[:]["x"]
    of_all = one.means[None][1]
    assert one.predict(unknown).tolist() == ((rows[:, None] - of_all) ** 2).sum(2).argmin(1).tolist()
    assert one.predict(unknown).tolist() != ((rows[:, None] - means) ** 2).sum(2).argmin(1).tolist()


def test_a_word_never_seen_is_no_input(fitted):
    one = fitted(steps=5)
    asked = two_words(4, 1).map(lambda row: {"word": "middle"})

    assert one.rows(two_words(4, 1))[:, 6:].sum(1).tolist() == [1.0] * 4
    assert one.rows(asked)[:, 6:].abs().sum() == 0
    assert len(one.predict(asked)) == 4


def test_the_same_seed_answers_alike_and_another_one_has_other_weights(fitted):
    first, again, other = (fitted(seed=seed, steps=5).model[0].weight for seed in (1, 1, 2))

    assert first.equal(again)
    assert not first.equal(other)


def test_what_it_cannot_learn_from_is_named(fitted):
    with pytest.raises(BadData, match="the inputs are x; one must be a string, the others vectors"):
        fitted(inputs={"x": "vector(6)"})
    with pytest.raises(BadData, match="the inputs are word; one must be a string"):
        fitted(inputs={"word": "string"})
    with pytest.raises(BadData, match="column 'answer' must hold labels from 0 on, and some"):
        fitted(two_words(1).select([]))
    with pytest.raises(BadValue, match="sees is nothing; it must be one of both, image, question"):
        fitted(sees="nothing")
    with pytest.raises(BadValue, match="method is means; it must be one of network, class_mean"):
        fitted(method="means")
