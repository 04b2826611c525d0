"""A network trained in several ways: each against what it is defined to be, on few rows."""

import math

import numpy as np
import pytest
import torch
from datasets import ClassLabel, Dataset, Features, List, Value
from torch.nn import functional

from genbench.errors import BadData, BadValue
from genbench.kit.batching import Batch

SMALL = {"width": 6, "epochs": 3, "batch": 8, "curve": 2, "learning_rate": 0.2, "clipped": 2}


def dataset(rows, labels=None):
    features, given = {"x": List(Value("float32"), length=rows.shape[1])}, {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = ClassLabel(names=["a", "b", "c"]), labels
    return Dataset.from_dict(given, features=Features(features))


def bunches(rows, seed=0):
    labels = np.arange(rows) % 3
    return np.eye(3)[labels] + np.random.default_rng(seed).normal(0, 0.4, (rows, 3)), labels


@pytest.fixture
def submission(baseline, context):
    def make(seed=1, **given):
        told = context("vector_optimizers", {"x": "vector(3)"}, "int64", seed, {**SMALL, **given})
        return baseline("vector_optimizers").VectorOptimizers(told)

    return make


@pytest.fixture
def trained(submission):
    def fit(rows=24, seed=1, **given):
        one = submission(seed, **given)
        return one, list(one.fit(dataset(*bunches(rows)), None))

    return fit


def gradient(one, rows, labels, at=None):
    """What the submission would follow for these rows, by weight."""
    at = torch.arange(len(labels)) if at is None else at
    weights = list(one.model.parameters())
    batch = Batch(
        (torch.tensor(rows, dtype=torch.float32), torch.tensor(labels), at), len(rows), len(rows), (len(rows),)
    )
    return torch.autograd.grad(one.loss(one.model, batch), weights)


def alone(one, rows, labels):
    """The mean gradient of these rows, by torch alone."""
    weights = list(one.model.parameters())
    loss = functional.cross_entropy(one.model(torch.tensor(rows, dtype=torch.float32)), torch.tensor(labels))
    return torch.autograd.grad(loss, weights)


def same(found, expected):
    return all(torch.allclose(a, b, atol=1e-6) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_winsorized_gradients_are_those_of_each_row_clipped(trained, depth):
    one, _ = trained(gradient="winsorized", depth=depth)
    rows, labels = bunches(8, 5)
    each = [alone(one, rows[at : at + 1], labels[at : at + 1]) for at in range(8)]
    expected = []
    for of_one in zip(*each, strict=True):
        ordered = torch.stack(of_one).sort(0).values
        expected.append((ordered[2:6].sum(0) + 2 * ordered[2] + 2 * ordered[5]) / 8)

    assert same(gradient(one, rows, labels), expected)


def test_m3_is_the_middle_one_of_three_parts(trained):
    one, _ = trained(gradient="m3")
    rows, labels = bunches(8, 5)
    parts = [alone(one, rows[part], labels[part]) for part in (slice(0, 3), slice(3, 6), slice(6, 8))]

    expected = [torch.stack(of_one).sort(0).values[1] for of_one in zip(*parts, strict=True)]
    assert same(gradient(one, rows, labels), expected)
    assert same(gradient(one, rows[:2], labels[:2]), alone(one, rows[:2], labels[:2]))


def test_rm3_is_the_middle_one_of_three_steps(trained):
    one, _ = trained(gradient="rm3")
    batches = [bunches(8, seed) for seed in (5, 6, 7)]
    for batch in batches[:2]:
        gradient(one, *batch)

    steps = [alone(one, *batch) for batch in batches]
    expected = [torch.stack(of_one).sort(0).values[1] for of_one in zip(*steps, strict=True)]
    assert same(gradient(one, *batches[2]), expected)


def test_sam_is_the_gradient_a_step_up_the_loss_and_leaves_weights_as_they_were(trained):
    one, _ = trained(gradient="sam", rho=0.3)
    rows, labels = bunches(8, 5)
    before = [weight.detach().clone() for weight in one.model.parameters()]
    found = gradient(one, rows, labels)
    assert all(torch.equal(a, b) for a, b in zip(before, one.model.parameters(), strict=True))

    up = alone(one, rows, labels)
    norm = math.sqrt(sum(float((part**2).sum()) for part in up))
    with torch.no_grad():
        for weight, part in zip(one.model.parameters(), up, strict=True):
            weight.add_(0.3 * part / norm)
    assert same(found, alone(one, rows, labels))


def test_ghost_normalization_is_that_of_each_chunk_and_statistics_take_in_chunk_after_chunk(baseline):
    norm = baseline("vector_optimizers").Norm(4, 3)
    rows = torch.randn(7, 4, generator=torch.Generator().manual_seed(0))
    other = torch.nn.BatchNorm1d(4)
    expected = torch.cat([other(rows[:3]), other(rows[3:6])])
    found = norm.train()(rows)

    assert torch.allclose(found[:6], expected, atol=1e-6)
    assert torch.allclose(norm.mean, other.running_mean)
    assert torch.allclose(norm.variance, other.running_var)
    assert torch.allclose(found[6:], other.eval()(rows[6:]), atol=1e-6)  # one row has no variance
    assert torch.allclose(norm.eval()(rows), other(rows), atol=1e-6)


def test_batch_normalization_takes_all_rows_at_once(baseline):
    norm = baseline("vector_optimizers").Norm(4, 0)
    rows = torch.randn(7, 4, generator=torch.Generator().manual_seed(0))

    assert torch.allclose(norm.train()(rows), torch.nn.BatchNorm1d(4)(rows), atol=1e-6)


def test_targets_of_the_first_epoch_are_labels_and_later_ones_hold_what_was_said_before(submission):
    one, plain = submission(distillation=0.6), submission()
    rows, labels = bunches(24)
    for each in (one, plain):
        course = each.fit(dataset(rows, labels), None)
        next(course)  # at step 5 of 9: the first epoch ended with step 3
    scores, at = one.model(torch.tensor(rows[:2], dtype=torch.float32)), torch.tensor([3, 4])
    past = one.model.past[at].clone()
    found = one.losses(one.model, scores, torch.tensor(labels[:2]), at)

    assert one.tally.steps == 5
    share = 0.6 * 2 / 3
    wanted = (1 - share) * torch.eye(3)[labels[:2]] + share * past
    assert torch.allclose(found, -(wanted * scores.log_softmax(1)).sum(1), atol=1e-6)
    assert torch.allclose(one.model.past[at], scores.softmax(1), atol=1e-6)
    assert torch.allclose(past.sum(1), torch.ones(2), atol=1e-5)
    assert not torch.equal(past, torch.eye(3)[labels[3:5]])
    assert one.model.past.shape == (24, 3)


def test_the_first_epoch_with_distillation_is_one_without(trained):
    one, other = (trained(epochs=1, distillation=share)[0] for share in (0.0, 0.9))
    asked = dataset(bunches(9, 3)[0])

    assert np.allclose(one.predict(asked), other.predict(asked), atol=1e-6)
    assert torch.allclose(one.model.layers[0].weight, other.model.layers[0].weight, atol=1e-6)


def test_diagnostics_tell_how_far_weights_are_from_where_they_began(trained):
    one, steps = trained(rows=24)
    told = one.diagnostics()
    now = torch.cat([weight.detach().flatten() for weight in one.model.parameters()])
    first, _ = trained(rows=24, learning_rate=1e-12)
    began = torch.cat([weight.detach().flatten() for weight in first.model.parameters()])

    assert steps == [5, 9]
    assert told["distance"] == pytest.approx(float((now - began).norm()), rel=1e-5)
    assert set(told) == {"distance", "r2_log", "r2_sqrt", "r2_linear"}
    assert (one.model.travelled > 0).all()
    assert one.model.travelled[-1] == pytest.approx(told["distance"])


@pytest.mark.parametrize("given", [{"gradient": "winsorized"}, {"gradient": "rm3"}, {"norm": "ghost", "chunk": 4}, {}])
def test_each_way_learns_what_a_hyperplane_could_and_the_same_seed_gives_the_same(trained, given):
    one, again = (trained(rows=60, epochs=40, curve=1, **given)[0] for _ in range(2))
    rows, labels = bunches(90, 3)
    said = one.predict(dataset(rows))

    assert (said.argmax(1) == labels).mean() > 0.8
    assert np.allclose(said.sum(1), 1, atol=1e-5)
    assert (said == again.predict(dataset(rows))).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"gradient": "median"}, "gradient is median; it must be one of mean, winsorized, m3, rm3, sam"),
        ({"clipped": -1}, "clipped is -1; it must be 0 or more"),
        ({"chunk": 1}, "chunk is 1; it must be 2 or more, for one row has no variance"),
        ({"distillation": 1.5}, "distillation is 1.5; it must be from 0 to 1"),
        ({"gradient": "winsorized", "norm": "batch"}, "norm must be none"),
        ({"gradient": "sam", "distillation": 0.5}, "gradient must be mean"),
    ],
)
def test_parameters_that_are_wrong_alone_or_together_are_refused(submission, given, words):
    with pytest.raises(BadValue, match=words):
        submission(**given)


def test_training_without_rows_is_refused(submission):
    with pytest.raises(BadData, match="labels from 0 on, and some"):
        next(submission().fit(dataset(np.zeros((0, 3)), []), None))
