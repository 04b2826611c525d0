from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from datasets import Dataset
from torch.nn import functional

P = 11
PAIRS = np.random.default_rng(0).permutation([(a, b) for a in range(P) for b in range(P)])
INPUTS = {"a": "int64", "b": "int64"}
SMALL = {"hidden": 24, "steps": 30}


def table(pairs):
    return Dataset.from_dict({"a": pairs[:, 0], "b": pairs[:, 1], "answer": pairs.sum(1) % P})


TRAIN, REST = table(PAIRS[:80]), table(PAIRS[80:])


@pytest.fixture
def trained(baseline, context):
    def train(given=SMALL, rows=TRAIN, seed=1):
        mlp = baseline("softmax_mlp").SoftmaxMlp(context("softmax_mlp", INPUTS, "int64", seed=seed, given=given))
        return mlp, list(mlp.fit(rows, None))

    return train


def share_right(mlp, questions):
    return np.mean(np.array(mlp.predict(questions)) == questions.data.column("answer").to_numpy())


def one_hot(values):
    return torch.cat([functional.one_hot(column, P) for column in values.T], 1).float()


def test_a_row_of_a_table_is_a_product_with_a_one_hot_vector(baseline):
    network = baseline("softmax_mlp").Network(2, P, [16, 12], torch.Generator().manual_seed(1))
    first, second, third = network.layers
    plain = ((one_hot(torch.from_numpy(PAIRS)) @ first).relu() @ second).relu() @ third

    scores = network(network.rows(PAIRS))

    torch.testing.assert_close(scores, plain)


def test_weights_start_as_torch_draws_those_of_a_linear_layer(baseline):
    network = baseline("softmax_mlp").Network(2, 113, [200, 200], torch.Generator().manual_seed(1))

    bounds = [layer.abs().max().item() for layer in network.layers]
    assert bounds == pytest.approx([226**-0.5, 200**-0.5, 200**-0.5], rel=0.01)


def test_stablemax_is_what_its_formula_says(baseline):
    scores = torch.tensor([[2.0, 0.0, -1.0]])

    loss = baseline("softmax_mlp").stablemax(scores, torch.tensor([2]))

    assert loss.item() == pytest.approx(-math.log(0.5 / (3 + 1 + 0.5)))


def test_stablemax_has_a_finite_gradient_where_softmax_has_none(baseline):
    scores = torch.tensor([[1000.0, -1000.0]], requires_grad=True)

    baseline("softmax_mlp").stablemax(scores, torch.tensor([0])).sum().backward()

    assert scores.grad.isfinite().all()
    assert scores.grad[0, 0] < 0


def test_an_orthogonal_gradient_has_no_part_along_the_weights_and_its_old_length(baseline):
    generator = torch.Generator().manual_seed(1)
    weight, gradient = (torch.randn(30, 20, generator=generator) for _ in range(2))
    before = gradient.clone()

    baseline("softmax_mlp").orthogonalize(weight, gradient)

    assert (weight * gradient).sum().item() == pytest.approx(0, abs=1e-3)
    assert gradient.norm().item() == pytest.approx(before.norm().item(), rel=1e-5)
    left = before - gradient * (before * gradient).sum() / gradient.square().sum()
    assert torch.corrcoef(torch.stack([left.flatten(), weight.flatten()]))[0, 1].abs().item() == pytest.approx(1)


@pytest.mark.parametrize("given", [{}, {"orthogonal": True}, {"loss": "stablemax"}])
def test_training_pairs_are_learned(trained, given):
    mlp, _ = trained({"hidden": 64, "steps": 200, **given})

    assert share_right(mlp, TRAIN) > 0.95


@pytest.mark.parametrize("loss", ["cross_entropy", "stablemax"])
def test_m_coherence_is_that_of_gradients_taken_one_by_one(trained, loss):
    rows = TRAIN.select(range(20)).flatten_indices()
    mlp, _ = trained({**SMALL, "loss": loss}, rows)
    weights = list(mlp.network.layers)
    each = []
    for row in range(20):
        own = mlp.loss(mlp.network(mlp.rows[:, row : row + 1]), mlp.wanted[row : row + 1]).sum()
        each.append(torch.cat([one.flatten() for one in torch.autograd.grad(own, weights)]).double())
    each = torch.stack(each)

    found = mlp.diagnostics()["m_coherence"]

    assert found == pytest.approx((20 * each.mean(0).square().sum() / each.square().sum(1).mean()).item(), rel=1e-3)


def test_the_collapse_rate_counts_rows_whose_loss_is_rounded_to_0(trained):
    mlp, _ = trained({**SMALL, "steps": 200})
    before = mlp.diagnostics()["softmax_collapse"]

    with torch.no_grad():
        mlp.network.layers[-1] *= 1e4

    assert (before, mlp.diagnostics()["softmax_collapse"]) == (0.0, 1.0)


def test_counts_grow_with_the_steps(baseline, context):
    mlp = baseline("softmax_mlp").SoftmaxMlp(context("softmax_mlp", INPUTS, "int64", given={**SMALL, "steps": 7}))

    seen = [(step, mlp.examples_seen, mlp.training_flops) for step in mlp.fit(TRAIN, None)]

    each = 80 * 6 * (24 * 24 + 24 * P)
    assert seen == [(step, 80 * step, step * each) for step in (1, 2, 3, 4, 5, 6, 7)]
    assert mlp.parameters == 2 * P * 24 + 24 * 24 + 24 * P


def test_equal_seeds_give_equal_answers_and_others_other_weights(trained):
    (one, _), (other, _), (third, _) = trained(), trained(), trained(seed=2)

    assert one.predict(REST) == other.predict(REST)
    assert torch.equal(one.network.layers[0], other.network.layers[0])
    assert not torch.equal(one.network.layers[0], third.network.layers[0])


def test_a_loss_that_is_not_known_is_refused(trained):
    with pytest.raises(ValueError, match="loss is 'softmax'; it must be one of cross_entropy, stablemax"):
        trained({**SMALL, "loss": "softmax"})


def test_negative_values_are_refused_by_name_of_the_fault(trained):
    with pytest.raises(ValueError, match="inputs and target must be integers from 0 on"):
        trained(rows=Dataset.from_dict({"a": [1, -1], "b": [0, 0], "answer": [1, 2]}))
