"""Fine-tuning: what stays of pretraining, what heads and a small network add to it, and averaged weights."""

import dataclasses

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

SMALL = {"width": 16, "small": 8, "pretraining_steps": 300, "tuning_steps": 200, "batch": 32, "learning_rate": 0.01,
         "own_rate": 0.01}  # fmt: skip


def cues(rows, tells, seed=0, label="answer"):
    """Labels 0 to 2 that the numbers `tells` of four tell, the others being drawn at random."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 3, rows)
    shown = np.eye(3)[np.stack([labels if at in tells else draw.integers(0, 3, rows) for at in range(4)], 1)]
    features = Features({"x": List(Value("float32"), length=12), label: Value("int64")})
    return Dataset.from_dict({"x": list(shown.reshape(rows, 12).astype(np.float32)), label: labels}, features=features)


BESIDE = cues(600, (0, 1), 1, "digit")


@pytest.fixture
def submission(baseline, context):
    def make(seed=1, beside=BESIDE, **given):
        told = context("fine_tuning", {"x": "vector(12)"}, "int64", seed, {**SMALL, **given})
        tables = {} if beside is None else {"pretraining": beside}
        return baseline("fine_tuning").FineTuning(dataclasses.replace(told, auxiliary=tables))

    return make


@pytest.fixture
def fitted(submission):
    def fit(method, **given):
        one = submission(method=method, **given)
        one.fit(cues(100, (2, 3), 2), None)
        return one

    return fit


def share_right(one, tells):
    asked = cues(300, tells, 3)
    return (one.predict(asked).argmax(1) == np.array(asked["answer"])).mean()


def test_what_each_method_knows_of_either_cues(fitted):
    tuned, small, both = (fitted(method) for method in ("fine_tuned", "small", "levi"))

    assert share_right(tuned, (2, 3)) > 0.9
    assert share_right(small, (2, 3)) > 0.9
    assert share_right(small, (0, 1)) < 0.5
    assert share_right(both, (2, 3)) > 0.9
    assert share_right(fitted("fine_tuned", tuning_steps=1), (0, 1)) > 0.9


def test_layers_and_a_small_network_answer_by_the_sum_of_their_log_probabilities(fitted):
    one, asked = fitted("levi"), cues(50, (2, 3), 3)
    rows = torch.tensor(np.array(asked["x"]), dtype=torch.float32)

    assert len(one.parts) == 3
    said = sum(part(rows).detach().log_softmax(1) for part in one.parts).softmax(1)
    np.testing.assert_allclose(one.predict(asked), said, atol=1e-6)


def test_heads_leave_the_network_as_pretraining_left_it(fitted):
    heads, untouched = fitted("heads"), fitted("fine_tuned", tuning_steps=1, learning_rate=1e-9)
    trained = fitted("heads", tuning_steps=1)

    assert len(heads.parts) == 2
    for part, other in zip(heads.parts, trained.parts, strict=True):
        assert torch.equal(part[0][0].weight, other[0][0].weight)
        assert not torch.equal(part[1][0].weight, other[1][0].weight)
    assert untouched.parts[0][0].weight.shape == heads.parts[0][0][0].weight.shape
    assert heads.parameters == 2 * (16 * 3 + 3)


def test_averaged_weights_lie_between_those_before_and_after(baseline):
    before, after = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    expected = 0.25 * after.weight + 0.75 * before.weight

    baseline("fine_tuning").averaged(after, before, 0.25)

    assert torch.allclose(after.weight, expected)


def test_all_of_the_weights_after_are_fine_tuning(fitted):
    asked = cues(50, (2, 3), 3)
    tuned, whole, none = (
        fitted("fine_tuned"),
        fitted("weight_average", share=1.0),
        fitted("weight_average", share=0.0),
    )

    np.testing.assert_allclose(tuned.predict(asked), whole.predict(asked), atol=1e-5)
    assert share_right(none, (0, 1)) > 0.9


def test_an_ordinary_ensemble_is_the_mean_of_probabilities(fitted):
    one, asked = fitted("outputs"), cues(50, (2, 3), 3)
    rows = torch.tensor(np.array(asked["x"]), dtype=torch.float32)

    np.testing.assert_allclose(
        one.predict(asked), sum(part(rows).detach().softmax(1) for part in one.parts) / 2, atol=1e-6
    )


def test_the_same_seed_gives_the_same_answers_and_another_one_others(fitted):
    asked = cues(50, (2, 3), 3)
    first, again, other = (fitted("levi", seed=seed, tuning_steps=20).predict(asked) for seed in (1, 1, 2))

    assert (first == again).all()
    assert not (first == other).all()


def test_what_it_cannot_do_without_is_named(submission):
    train = cues(20, (2, 3))
    with pytest.raises(BadData, match="toy/toy has no auxiliary table 'pretraining'"):
        submission(beside=None).fit(train, None)
    wrong = BESIDE.map(lambda row: {"digit": row["digit"] + 3})
    with pytest.raises(BadData, match="table 'pretraining' has the label 5; train has 3 classes"):
        submission(beside=wrong).fit(train, None)
    with pytest.raises(BadData, match="column 'answer' must hold labels from 0 on, and some"):
        submission().fit(train.map(lambda row: {"answer": row["answer"] - 1}), None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"method": "leevi"}, "method is leevi; it must be one of"),
        ({"share": 1.5}, "share is 1.5; it must be from 0 to 1"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(submission, given, words):
    with pytest.raises(BadValue, match=words):
        submission(**given)
