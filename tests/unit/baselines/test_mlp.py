from __future__ import annotations

import numpy as np
import pytest
import torch
from datasets import Dataset

from genbench.kit.diagnostics import participation

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

    assert steps == [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 31, 40, 50, 63, 80, 100, 120]


def one_hot(values):
    hot = torch.zeros(len(values), values.shape[1] * P)
    for column in range(values.shape[1]):
        hot[torch.arange(len(values)), column * P + torch.from_numpy(values[:, column])] = 1
    return hot


def network_of(baseline, inputs=2, hidden=32, **given):
    """A small network and its optimizer, which gives each weight its `grad`."""
    module = baseline("mlp")
    network = module.Network(inputs, P, hidden, torch.Generator().manual_seed(1), **given)
    return network, module.Adam(network)


def drawn(inputs, count=40):
    draw = np.random.default_rng(0)
    return draw.integers(P, size=(count, inputs)), torch.from_numpy(draw.integers(P, size=count))


def recorded(network, values, norm=None, kept=1.0):
    """The mean squared error by one-hot products, with its gradients recorded: loss, by first, by second."""
    first, second = (weight.detach().clone().requires_grad_() for weight in (network.first, network.second))
    hidden = (one_hot(values[0]) @ first * kept) ** 2
    scores = (hidden if norm is None else norm(hidden)) @ second
    loss = torch.nn.functional.mse_loss(scores, torch.nn.functional.one_hot(values[1], P).float())
    loss.backward()
    return loss.item(), first.grad, second.grad


@pytest.mark.parametrize("chunk", [16, 40, 1000])
@pytest.mark.parametrize("inputs", [2, 3])
def test_written_gradients_are_those_that_autograd_finds(baseline, monkeypatch, inputs, chunk):
    monkeypatch.setattr(baseline("mlp"), "CHUNK", chunk)
    network, _ = network_of(baseline, inputs)
    values, target = drawn(inputs)

    with torch.no_grad():
        network.learn(network.rows(values), target)

    _, by_first, by_second = recorded(network, (values, target))
    torch.testing.assert_close(network.first.grad, by_first)
    torch.testing.assert_close(network.second.grad, by_second)


def test_written_gradients_with_dropout_are_those_that_autograd_finds(baseline):
    network, _ = network_of(baseline)
    values, target = drawn(2)

    with torch.no_grad():
        network.learn(network.rows(values), target, 0.5, torch.Generator().manual_seed(2))

    kept = baseline("mlp").kept_by(0.5, torch.empty(40, 32), torch.Generator().manual_seed(2))
    _, by_first, by_second = recorded(network, (values, target), kept=kept)
    torch.testing.assert_close(network.first.grad, by_first)
    torch.testing.assert_close(network.second.grad, by_second)


def test_batch_normalization_is_the_library_s_forward_backward_and_after_training(baseline):
    network, _ = network_of(baseline, batch_norm=True)
    theirs = torch.nn.BatchNorm1d(32)
    values, target = drawn(2)

    with torch.no_grad():
        network.learn(network.rows(values), target)
        scores = network.scores(network.summed(network.rows(values)))

    _, by_first, by_second = recorded(network, (values, target), theirs)
    torch.testing.assert_close(network.first.grad, by_first)
    torch.testing.assert_close(network.second.grad, by_second)
    torch.testing.assert_close(network.norm.gain.grad, theirs.weight.grad)
    torch.testing.assert_close(network.norm.shift.grad, theirs.bias.grad)
    hidden = (one_hot(values) @ network.first.detach()) ** 2
    torch.testing.assert_close(scores, theirs.eval()(hidden).detach() @ network.second.detach())


@pytest.mark.parametrize("rate", [0.1, 0.6])
def test_dropout_drops_its_share_and_keeps_the_mean(baseline, rate):
    kept = baseline("mlp").kept_by(rate, torch.empty(1001, 999), torch.Generator().manual_seed(1))

    assert (kept == 0).double().mean().item() == pytest.approx(rate, abs=0.002)
    assert kept.double().mean().item() == pytest.approx(1, abs=0.005)
    assert len(kept.unique()) == 2


def test_dropout_draws_each_unit_apart(baseline):
    kept = baseline("mlp").kept_by(0.5, torch.empty(4000, 64), torch.Generator().manual_seed(1)).double()

    alike = torch.corrcoef(kept.T) - torch.eye(64)
    assert alike.abs().max().item() < 0.1


@pytest.mark.parametrize("batch_norm", [False, True])
def test_m_coherence_is_that_of_gradients_taken_one_by_one(trained, batch_norm):
    mlp, _ = trained({"hidden": 16, "steps": 3, "batch_norm": batch_norm}, TRAIN.select(range(20)).flatten_indices())
    weights = [weight.detach().clone().requires_grad_() for weight in mlp.network.parameters()]
    values = np.stack([TRAIN[:20]["a"], TRAIN[:20]["b"]], 1)
    hot = one_hot(values)
    each = []
    for row, label in zip(hot, TRAIN[:20]["answer"], strict=True):
        active = (row @ weights[0]).square()
        if batch_norm:
            norm = mlp.network.norm
            active = (active - norm.mean) / (norm.variance + 1e-5).sqrt() * weights[2] + weights[3]
        wanted = torch.nn.functional.one_hot(torch.tensor(label), P).float()
        loss = torch.nn.functional.mse_loss(active @ weights[1], wanted)
        each.append(torch.cat([one.flatten() for one in torch.autograd.grad(loss, weights)]))
    each = torch.stack(each).double()

    found = mlp.diagnostics()["m_coherence"]

    wanted = 20 * each.mean(0).square().sum() / each.square().sum(1).mean()
    assert found == pytest.approx(wanted.item(), rel=1e-3)


def test_norm_and_loss_are_those_of_all_weights_and_of_the_training_rows(trained):
    mlp, _ = trained({"hidden": 32, "steps": 20})
    values = np.stack([TRAIN["a"], TRAIN["b"]], 1)
    loss, _, _ = recorded(mlp.network, (values, torch.tensor(TRAIN["answer"])))

    found = mlp.diagnostics()

    assert found["weight_norm"] == pytest.approx(
        sum(weight.detach().square().sum().item() for weight in mlp.network.parameters()) ** 0.5, rel=1e-5
    )
    assert found["loss"] == pytest.approx(loss, rel=1e-4)


def test_asking_for_diagnostics_changes_nothing_in_training(baseline, context, trained):
    asked = baseline("mlp").Mlp(context("mlp", INPUTS, "int64", given={"hidden": 32, "steps": 20}))
    for _ in asked.fit(TRAIN, None):
        asked.diagnostics()
        asked.predict(REST)

    plain, _ = trained({"hidden": 32, "steps": 20})
    assert torch.equal(asked.network.first, plain.network.first)
    assert torch.equal(asked.network.second, plain.network.second)


def test_the_ipr_is_that_of_each_unit_s_rows_and_column(baseline):
    network = baseline("mlp").Network(2, 97, 3, torch.Generator().manual_seed(1))
    wave = torch.cos(2 * torch.pi * 5 * torch.arange(97) / 97 + 0.3)
    noise = torch.randn(3, 97, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        network.first.copy_(torch.stack([wave.repeat(2), noise[:2].flatten(), wave.repeat(2)], 1))
        network.second.copy_(torch.stack([wave, noise[2], torch.zeros(97)]))

    ratios, dead = participation(network.vectors().detach())

    assert ratios.tolist() == pytest.approx([1, 0.04, 0], abs=0.02)
    assert dead.tolist() == [False, False, True]


@pytest.mark.parametrize("prune", [{"prune_lowest": 0.25}, {"prune_highest": 0.25}])
def test_a_pruned_network_answers_as_if_those_units_were_not_there(trained, prune):
    whole, _ = trained({"hidden": 32, "steps": 50})
    pruned, _ = trained({"hidden": 32, "steps": 50, **prune})
    order = participation(whole.network.vectors().detach())[0].argsort()
    gone = order[:8] if "prune_lowest" in prune else order[-8:]

    answers = pruned.predict(REST)

    assert torch.equal(pruned.network.second, whole.network.second)  # asking changed nothing
    with torch.no_grad():
        whole.network.second[gone] = 0
    assert answers == whole.predict(REST)
    assert answers != pruned.__class__.predict(trained({"hidden": 32, "steps": 50})[0], REST)


def test_diagnostics_tell_what_training_rows_are_answered_by_a_pruned_network(trained):
    given = {"hidden": 32, "steps": 50, "weight_decay": 0.0}
    whole, _ = trained(given)

    found = whole.diagnostics()

    for name, prune in (("lowest", {"prune_lowest": 0.6}), ("highest", {"prune_highest": 0.2})):
        pruned, _ = trained({**given, **prune})
        assert found[f"train_{name}_pruned"] == pytest.approx(share_right(pruned, TRAIN))
        assert found[f"train_{name}_pruned"] < share_right(whole, TRAIN)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dropout": 1.0}, "dropout is 1; it must be at least 0 and below 1"),
        (
            {"prune_lowest": 0.7, "prune_highest": 0.4},
            ("prune_lowest is 0.7 and prune_highest 0.4; they must be shares of the hidden units, together at most 1"),
        ),
    ],
)
def test_shares_that_cannot_be_are_refused(trained, given, message):
    with pytest.raises(ValueError, match=message):
        trained({**SMALL, **given})


def test_batches_take_each_row_once_an_epoch_but_for_those_left_over(trained):
    mlp, _ = trained({"hidden": 8, "steps": 5, "batch": 32})

    drawn = mlp.batches(32, torch.Generator().manual_seed(1))
    epoch = torch.cat([next(drawn)[0] for _ in range(4)], 1).T.tolist()
    assert len({tuple(row) for row in epoch}) == 128
    assert {tuple(row) for row in epoch} <= {tuple(row) for row in mlp.rows.T.tolist()}
    assert mlp.examples_seen == 160


def test_batch_normalization_learns_from_batches(trained):
    mlp, _ = trained({**SMALL, "weight_decay": 0.0, "batch": 32, "batch_norm": True, "learning_rate": 0.005})

    assert share_right(mlp, TRAIN) > 0.9


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


def test_counts_grow_with_the_steps(baseline, context):
    mlp = baseline("mlp").Mlp(context("mlp", INPUTS, "int64", given={"hidden": 10, "steps": 4}))

    seen = [(step, mlp.examples_seen, mlp.training_flops) for step in mlp.fit(TRAIN, None)]

    assert seen == [(step, 130 * step, 2 * 3 * step * 130 * 10 * P) for step in (1, 2, 3, 4)]
