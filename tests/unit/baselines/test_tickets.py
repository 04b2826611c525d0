"""Grokking tickets: masks by sorting, where weights are put back to, and which of them move."""

import numpy as np
import pytest
import torch
from datasets import Dataset
from torch.nn import functional

from genbench.errors import BadValue

SMALL = {"width": 12, "units": 8, "steps": 3, "dense_steps": 20, "memorised_steps": 4}
P = 7
PAIRS = [(a, b) for a in range(P) for b in range(a, P)]
TRAIN = Dataset.from_dict(
    {"a": [a for a, _ in PAIRS], "b": [b for _, b in PAIRS], "answer": [(a + b) % P for a, b in PAIRS]}
)


@pytest.fixture
def module(baseline):
    return baseline("tickets")


@pytest.fixture
def fitted(module, context):
    def fit(seed=1, **given):
        one = module.Tickets(context("tickets", {"a": "int64", "b": "int64"}, "int64", seed, {**SMALL, **given}))
        one.points = list(one.fit(TRAIN, None))
        return one

    return fit


@pytest.fixture
def began(module):
    """The weights that seed 1 begins with."""
    from genbench.kit import seeding

    return [weight.detach() for weight in module.Network(P, 12, 8, seeding.Generators(1)["weights"]).weights]


def test_a_mask_leaves_the_largest_over_all_matrices(module):
    scores = [torch.tensor([[5.0, 1.0], [2.0, 9.0]]), torch.tensor([[3.0], [8.0]])]

    assert [mask.int().tolist() for mask in module.largest(scores, 0.5)] == [[[1, 0], [0, 1]], [[0], [1]]]
    assert all(mask.all() for mask in module.largest(scores, 1.0))
    assert sum(int(mask.sum()) for mask in module.largest(scores, 0.4)) == 3  # of six, int(3.6) are dropped


def test_scores_are_those_of_one_matrix_after_another(module):
    network = module.Network(P, 12, 8, torch.Generator().manual_seed(3))
    network.masks[1][:, 2] = 0
    embedding, inwards, outwards, scoring = (weight.detach().double() for weight in network.weights)
    inwards[:, 2] = 0
    rows = torch.tensor(PAIRS)

    hidden = ((embedding[rows[:, 0]] + embedding[rows[:, 1]]) @ inwards).relu()
    assert torch.allclose(network(rows).double(), hidden @ outwards @ scoring, atol=1e-6)


def test_a_ticket_is_the_largest_weights_of_the_dense_network_where_these_began(module, fitted, began):
    dense = fitted(kind="dense", steps=20)
    ticket = fitted(kind="ticket", steps=1, learning_rate=1e-3)
    wanted = module.largest([weight.detach().abs() for weight in dense.network.weights], 0.4)

    assert all(bool((mask == own).all()) for mask, own in zip(wanted, ticket.network.masks, strict=True))
    for weight, first in zip(ticket.network.kept(), began, strict=True):
        kept = weight.detach()[weight != 0]
        assert torch.allclose(kept, first[weight != 0], atol=1.1e-3)  # one step of Adam away from where it began
        assert not torch.equal(kept, first[weight != 0])
    assert ticket.parameters == sum(int(mask.sum()) for mask in wanted)


def test_what_is_masked_answers_nothing_and_decay_is_the_dense_networks_alone(fitted):
    one = fitted(kind="ticket", steps=30)

    for kept, mask in zip(one.network.kept(), one.network.masks, strict=True):
        assert not kept[mask == 0].any()
    sizes = {
        kind: fitted(kind=kind, steps=60, dense_decay=20.0, dense_steps=1).diagnostics()["weight_norm"]
        for kind in ("dense", "random")
    }
    assert sizes["dense"] < 0.6 * fitted(kind="dense", steps=60, dense_decay=0.0).diagnostics()["weight_norm"]
    assert sizes["random"] == fitted(kind="random", steps=60, dense_decay=0.0).diagnostics()["weight_norm"]


def test_controls_have_as_many_weights_or_the_tickets_size(fitted, began):
    ticket, random, memorised = (fitted(kind=kind, learning_rate=1e-9) for kind in ("ticket", "random", "memorised"))
    scaled = fitted(kind="scaled", learning_rate=1e-9, dense_steps=1)
    same = fitted(kind="ticket", learning_rate=1e-9, dense_steps=1)

    assert ticket.parameters == random.parameters == memorised.parameters
    assert not all(torch.equal(*pair) for pair in zip(ticket.network.masks, random.network.masks, strict=True))
    assert scaled.parameters == sum(weight.numel() for weight in began)
    assert scaled.diagnostics()["absolute_weights"] == pytest.approx(same.diagnostics()["absolute_weights"], rel=1e-5)


def test_steps_are_the_answering_networks_and_operations_all(fitted):
    dense, ticket = fitted(kind="dense", steps=8), fitted(kind="ticket", steps=8)

    assert dense.points == ticket.points == [1, 2, 3, 4, 5, 6, 8]
    assert (dense.tally.steps, ticket.tally.steps) == (8, 28)
    assert ticket.tally.flops / dense.tally.flops == 3.5


def test_it_learns_its_rows_and_says_its_loss(fitted):
    one = fitted(kind="ticket", kept=0.8, units=32, steps=400, learning_rate=0.01)
    wanted = torch.tensor(TRAIN["answer"][:])

    assert one.predict(TRAIN) == TRAIN["answer"][:]
    scores = one.network(torch.tensor(PAIRS)).double()
    assert one.diagnostics()["loss"] == pytest.approx(float(functional.cross_entropy(scores, wanted).detach()))
    assert one.predict(Dataset.from_dict({"a": [P + 3], "b": [0]})) == one.predict(
        Dataset.from_dict({"a": [0], "b": [0]})
    )


def test_the_same_seed_gives_the_same_weights_and_another_one_others(fitted):
    first, again, other = (fitted(seed).network.weights[0].detach().numpy() for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "tickets"}, "kind is tickets; it must be one of dense, ticket, memorised, random, scaled"),
        ({"kept": 0.0}, "kept is 0.0; it must be above 0, and at most 1"),
        ({"dense_steps": 0}, "dense_steps is 0; it must be 1 or more"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(fitted, given, words):
    with pytest.raises(BadValue, match=words):
        fitted(**given)
