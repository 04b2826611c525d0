from __future__ import annotations

import numpy as np
import pytest
import torch
from datasets import Dataset

P = 11
PAIRS = np.random.default_rng(0).permutation([(a, b) for a in range(P) for b in range(P)])
INPUTS = {"a": "int64", "b": "int64"}
SMALL = {"dim": 16, "steps": 60}


def table(pairs):
    return Dataset.from_dict({"a": pairs[:, 0], "b": pairs[:, 1], "answer": pairs.sum(1) % P})


TRAIN, REST = table(PAIRS[:80]), table(PAIRS[80:])


@pytest.fixture
def trained(baseline, context):
    def train(given=SMALL, rows=TRAIN, seed=1):
        told = context("modular_transformer", INPUTS, "int64", seed=seed, given=given)
        model = baseline("modular_transformer").ModularTransformer(told)
        return model, list(model.fit(rows, None))

    return train


def plain(network, values):
    """The same network with every token carried through every layer, head by head."""
    stream = network.words[values] + network.places[:, 0]
    query, key, value = (stream @ network.project).chunk(3, -1)
    part = network.dim // network.heads
    heads = []
    for head in range(network.heads):
        own = slice(head * part, (head + 1) * part)
        weights = (query[..., own] @ key[..., own].transpose(1, 2) / part).softmax(-1)
        heads.append(weights @ value[..., own])
    stream = stream + torch.cat(heads, -1) @ network.join
    stream = stream + (stream @ network.wide).relu() @ network.narrow
    return (stream @ network.out / network.dim)[:, -1]


@pytest.mark.parametrize("inputs", [2, 3])
def test_only_the_last_token_is_carried_on_and_nothing_else_differs(baseline, inputs):
    network = baseline("modular_transformer").Network(inputs, P, 16, 4, torch.Generator().manual_seed(1))
    values = torch.from_numpy(np.random.default_rng(0).integers(P, size=(30, inputs)))

    scores = network(values)

    torch.testing.assert_close(scores, plain(network, values))


def test_training_pairs_are_learned(trained):
    model, _ = trained({**SMALL, "steps": 200})

    assert np.mean(np.array(model.predict(TRAIN)) == TRAIN.data.column("answer").to_numpy()) > 0.95


def test_equal_seeds_give_equal_answers_and_others_other_weights(trained):
    (one, _), (other, _), (third, _) = trained(), trained(), trained(seed=2)

    assert one.predict(REST) == other.predict(REST)
    assert torch.equal(one.network.words, other.network.words)
    assert not torch.equal(one.network.words, third.network.words)


def test_counts_and_diagnostics_are_told_at_each_point(baseline, context):
    told = context("modular_transformer", INPUTS, "int64", given={**SMALL, "steps": 7})
    model = baseline("modular_transformer").ModularTransformer(told)

    seen = [(step, model.examples_seen, model.training_flops, model.diagnostics()) for step in model.fit(TRAIN, None)]

    each = 6 * (80 * (16 * 16 + 8 * 16 * 16 + 16 * P) + 2 * P * 3 * 16 * 16)
    assert [one[:3] for one in seen] == [(step, 80 * step, step * each) for step in (1, 2, 3, 4, 5, 6, 7)]
    ratios = {"ipr", "ipr_low", "ipr_high", "dead"}
    told = ratios | {"softmax_collapse", "zero_losses", "loss", "weight_norm", "m_coherence"}
    assert all(one[3].keys() == told for one in seen)


def test_heads_that_do_not_divide_the_width_are_refused(trained):
    with pytest.raises(ValueError, match="dim is 16 and heads 3; both must be at least 1, and heads divide dim"):
        trained({**SMALL, "heads": 3})


def test_negative_values_are_refused_by_name_of_the_fault(trained):
    with pytest.raises(ValueError, match="inputs and target must be integers from 0 on"):
        trained(rows=Dataset.from_dict({"a": [1, -1], "b": [0, 0], "answer": [1, 2]}))


def test_coherence_is_that_of_the_gradients_of_single_rows(trained, baseline, monkeypatch):
    module = baseline("modular_transformer")
    monkeypatch.setattr(module, "PROBED", 10)
    monkeypatch.setattr(module, "AT_ONCE", 4)  # the last part is smaller
    model, _ = trained(SMALL | {"steps": 5})
    single = []
    for row in model.probed:
        loss = torch.nn.functional.cross_entropy(model.network(model.rows[row, None]), model.wanted[row, None])
        parts = torch.autograd.grad(loss, list(model.network.parameters()))
        single.append(torch.cat([part.flatten() for part in parts]).double())
    rows = torch.stack(single)

    assert len(rows) == 10
    assert model.coherence() == pytest.approx(
        10 * float(rows.mean(0).square().sum() / rows.square().sum(1).mean()), rel=1e-4
    )
    assert model.diagnostics()["m_coherence"] == model.coherence()
