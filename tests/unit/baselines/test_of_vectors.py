"""Learners of vectors: a hyperplane, and a fully connected network that may be kept from using one."""

import numpy as np
import pytest
import torch
from datasets import ClassLabel, Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

SMALL = {"width": 16, "steps": 400, "batch": 32, "curve": 2, "learning_rate": 0.2}


def dataset(rows, labels=None, names=None):
    features = {"x": List(Value("float32"), length=rows.shape[1])}
    given = {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = ClassLabel(names=names) if names else Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


def two_cues(rows, seed=0):
    """A label that the first number's sign tells, and whether the second lies between -1/2 and 1/2."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 2, rows)
    first = (2 * labels - 1) * draw.uniform(0.3, 1, rows)
    second = np.where(
        labels == 1, draw.uniform(-0.4, 0.4, rows), draw.uniform(0.6, 1, rows) * draw.choice([-1, 1], rows)
    )
    return np.stack([first, second, draw.uniform(-1, 1, rows)], axis=1), labels


@pytest.fixture
def submission(baseline, context):
    def make(name, entry, seed=1, **given):
        told = context(name, {"x": "vector(3)"}, "int64", seed, given)
        return getattr(baseline(name), entry)(told)

    return make


@pytest.fixture
def network(submission):
    def fit(data, seed=1, **given):
        one = submission("vector_mlp", "VectorMlp", seed, **{**SMALL, **given})
        return one, list(one.fit(data, None))

    return fit


def test_a_hyperplane_is_that_of_least_squares(submission):
    rows, labels = two_cues(500)
    one = submission("linear", "Linear", decay=0.0)
    one.fit(dataset(rows, labels), None)
    expected, *_ = np.linalg.lstsq(np.c_[rows, np.ones(500)], np.eye(2)[labels], rcond=None)

    np.testing.assert_allclose(one.weights, expected[:3], atol=1e-6)
    asked, answers = two_cues(200, seed=1)
    said = one.predict(dataset(asked))
    assert (said.argmax(1) == answers).mean() == 1.0
    np.testing.assert_allclose(said.sum(1), 1.0)


def test_a_hyperplane_of_fewer_rows_than_numbers_solves_the_same_equations(submission):
    draw = np.random.default_rng(3)
    rows, labels = draw.normal(size=(6, 9)), np.array([0, 1, 1, 0, 2, 2])
    one = submission("linear", "Linear", decay=0.1)
    one.fit(dataset(rows, labels), None)
    centred = rows.astype(np.float32) - rows.astype(np.float32).astype(float).mean(0)
    square = centred.T @ centred
    wanted = centred.T @ (np.eye(3)[labels] - 1 / 3)

    expected = np.linalg.solve(square + 0.1 * np.trace(square) / 9 * np.eye(9), wanted)
    np.testing.assert_allclose(one.weights, expected, atol=1e-9)


def test_a_hyperplane_without_rows_or_with_labels_below_0_is_refused(submission):
    one = submission("linear", "Linear")
    for rows, labels in ((np.zeros((0, 3)), []), (np.zeros((1, 3)), [-1])):
        with pytest.raises(BadData, match="labels from 0 on"):
            one.fit(dataset(rows, labels), None)


def test_a_network_uses_the_sign_and_the_slab_where_the_sign_is_shuffled(network):
    rows, labels = two_cues(1000)
    asked, answers = two_cues(400, seed=1)
    mixed = asked.copy()
    mixed[:, 0] = np.random.default_rng(2).permutation(mixed[:, 0])

    plain, steps = network(dataset(rows, labels))
    other, _ = network(dataset(rows, labels), shuffled=1)

    assert steps == [200, 400]
    assert (plain.predict(dataset(asked)).argmax(1) == answers).mean() > 0.98
    assert (other.predict(dataset(mixed)).argmax(1) == answers).mean() > 0.9
    assert (plain.predict(dataset(mixed)).argmax(1) == answers).mean() < 0.9


def test_directions_are_those_of_least_squares_and_at_right_angles(baseline):
    rows, labels = (torch.from_numpy(one) for one in two_cues(1000))
    found = baseline("vector_mlp").linear_directions(rows.float(), labels, 2).double()

    centred = (rows - rows.mean(0)).numpy()
    expected, *_ = np.linalg.lstsq(centred, labels.numpy() - labels.double().mean().item(), rcond=None)
    np.testing.assert_allclose(found[0].numpy(), expected / np.linalg.norm(expected), atol=1e-4)
    np.testing.assert_allclose((found @ found.T).numpy(), np.eye(2), atol=1e-5)


def test_the_same_seed_gives_the_same_answers_and_another_one_others(network):
    rows, labels = two_cues(200)
    first, again, other = (network(dataset(rows, labels), seed, steps=20)[0] for seed in (1, 1, 2))
    asked = dataset(rows)

    assert (first.predict(asked) == again.predict(asked)).all()
    assert not (first.predict(asked) == other.predict(asked)).all()


def test_classes_that_have_names_are_all_answered_and_sums_are_counted(network):
    rows, labels = two_cues(64)
    one, _ = network(dataset(rows, labels, names=["a", "b", "c"]), steps=2, depth=1, curve=0)

    assert one.predict(dataset(rows)).shape == (64, 3)
    assert one.parameters == 3 * 16 + 16 + 16 * 3 + 3
    # Two rows of 32 a step: forward, gradient of weights; that of inputs but for the first layer.
    assert one.training_flops == 2 * 32 * 2 * (2 * 3 * 16 + 3 * 16 * 3)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"momentum": 1.0}, "momentum is 1.0; it must be from 0 to below 1"), ({"batch": 0}, "batch is 0")],
)
def test_a_parameter_out_of_its_range_is_refused(submission, given, words):
    with pytest.raises(BadValue, match=words):
        submission("vector_mlp", "VectorMlp", **given)


def test_a_network_without_rows_or_with_labels_below_0_is_refused(network):
    for rows, labels, words in ((np.zeros((0, 3)), [], "no training rows"), (np.zeros((1, 3)), [-1], "from 0 on")):
        with pytest.raises(BadData, match=words):
            network(dataset(rows, labels))
