from __future__ import annotations

import numpy as np
import pytest
import torch
from datasets import Dataset

P = 13
PAIRS = np.random.default_rng(0).permutation([(a, b) for a in range(P) for b in range(P)])
INPUTS = {"a": "int64", "b": "int64"}


def table(pairs):
    return Dataset.from_dict({"a": pairs[:, 0], "b": pairs[:, 1], "answer": pairs.sum(1) % P})


TRAIN, REST = table(PAIRS[:130]), table(PAIRS[130:])
SMALL = {"hidden": 128, "steps": 300}


@pytest.fixture
def trained(baseline, context):
    def train(given=SMALL, rows=TRAIN, inputs=INPUTS, seed=1):
        mlp = baseline("mlp").Mlp(context("mlp", inputs, "int64", seed=seed, given=given))
        return mlp, list(mlp.fit(rows, None))

    return train


def share_right(mlp, questions):
    return np.mean(np.array(mlp.predict(questions)) == questions.data.column("answer").to_numpy())


def test_pairs_held_out_are_answered_by_the_rule(trained):
    mlp, _ = trained()

    assert share_right(mlp, TRAIN) == 1.0
    assert share_right(mlp, REST) >= 0.9


def test_equal_seeds_give_equal_weights_and_answers(trained):
    (one, _), (other, _) = trained(), trained()

    assert torch.equal(one.network.first, other.network.first)
    assert torch.equal(one.network.second, other.network.second)
    assert one.predict(REST) == other.predict(REST)


def test_other_seeds_give_other_weights(trained):
    (one, _), (other, _) = trained(), trained(seed=2)

    assert not torch.equal(one.network.first, other.network.first)


def test_fit_yields_at_the_steps_of_the_curve_it_reaches(trained):
    _, steps = trained({**SMALL, "steps": 120})

    assert steps == [10, 20, 50, 100]


def one_hot(values):
    hot = torch.zeros(len(values), values.shape[1] * P)
    for column in range(values.shape[1]):
        hot[torch.arange(len(values)), column * P + torch.from_numpy(values[:, column])] = 1
    return hot


@pytest.mark.parametrize("dropout", [False, True])
@pytest.mark.parametrize("inputs", [2, 3])
def test_written_gradients_are_those_that_autograd_finds(baseline, inputs, dropout):
    draw = np.random.default_rng(0)
    values, target = draw.integers(P, size=(40, inputs)), torch.from_numpy(draw.integers(P, size=40))
    network = baseline("mlp").Network(inputs, P, 32, torch.Generator().manual_seed(1))
    kept = torch.rand(40, 32, generator=torch.Generator().manual_seed(2)).gt(0.5) * 2.0 if dropout else None
    first, second = network.first.clone().requires_grad_(), network.second.clone().requires_grad_()
    scores = (one_hot(values) @ first * (1.0 if kept is None else kept)) ** 2 @ second
    torch.nn.functional.mse_loss(scores, torch.nn.functional.one_hot(target, P).float()).backward()

    by_first, by_second = network.gradients(network.rows(values), target, kept)

    torch.testing.assert_close(by_first, first.grad)
    torch.testing.assert_close(by_second, second.grad)


def test_steps_are_those_of_the_library_s_adamw(baseline):
    generator = torch.Generator().manual_seed(1)
    weights = torch.randn(4, 5, generator=generator)
    theirs = torch.nn.Parameter(weights.clone())
    ours = baseline("mlp").AdamW(weights, 0.01, 5.0)
    library = torch.optim.AdamW([theirs], lr=0.01, betas=(0.9, 0.98), eps=1e-8, weight_decay=5.0)

    for _ in range(20):
        theirs.grad = torch.randn(4, 5, generator=generator)
        ours.step(theirs.grad)
        library.step()

    torch.testing.assert_close(weights, theirs.data)


def test_weights_start_with_the_paper_s_deviation(baseline):
    network = baseline("mlp").Network(2, 97, 500, torch.Generator().manual_seed(1))

    assert network.first.std().item() == pytest.approx((16 * 500) ** (-1 / 3), rel=0.01)
    assert network.second.std().item() == pytest.approx((16 * 500) ** (-1 / 3), rel=0.01)


def test_much_decay_refuses_wrong_labels_and_none_learns_them(trained):
    pairs = np.array([(a, b) for a in range(29) for b in range(29)])
    pairs = np.random.default_rng(0).permutation(pairs)[:600]
    labels = pairs.sum(1) % 29
    labels[:120] = np.random.default_rng(1).integers(29, size=120)
    rows = Dataset.from_dict({"a": pairs[:, 0], "b": pairs[:, 1], "answer": labels})
    wrong = rows.select(range(120)).flatten_indices()

    (free, _), (decayed, _) = (
        trained({"hidden": 200, "steps": 300, "weight_decay": decay}, rows) for decay in (0.0, 15.0)
    )

    assert share_right(free, rows) == 1.0
    assert share_right(decayed, wrong) < 0.4
    assert share_right(decayed, rows.select(range(120, 600)).flatten_indices()) > 0.95


def test_dropout_trains_and_stays_out_of_prediction(trained):
    mlp, _ = trained({**SMALL, "weight_decay": 0.0, "dropout": 0.3})

    assert share_right(mlp, TRAIN) == 1.0
    assert mlp.predict(REST) == mlp.predict(REST)


def test_a_value_not_seen_in_training_counts_as_an_absent_input(trained):
    mlp, _ = trained({**SMALL, "steps": 1})
    known = list(range(P))
    alone = (mlp.network.first[:P].square() @ mlp.network.second).argmax(1).tolist()

    for strange in (P, -1):
        assert mlp.predict(Dataset.from_dict({"a": known, "b": [strange] * P})) == alone


def test_negative_values_are_refused_by_name_of_the_fault(trained):
    rows = Dataset.from_dict({"a": [1, -1], "b": [0, 0], "answer": [1, 2]})

    with pytest.raises(ValueError, match="inputs and target must be integers from 0 on"):
        trained(rows=rows)


def test_parameters_and_operations_are_counted(trained):
    mlp, _ = trained({"hidden": 10, "steps": 2})

    assert mlp.parameters == 3 * P * 10
    assert mlp.training_flops == 2 * 3 * 2 * 130 * 10 * P
