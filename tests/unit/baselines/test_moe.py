"""A mixture of experts: only the chosen ones answer, the last token is all that is read, and its pathways are told."""

import numpy as np
import pytest
import torch
from datasets import Dataset

from genbench.errors import BadValue
from genbench.kit import counting, pathways

SMALL = {"dim": 16, "heads": 2, "hidden": 8, "steps": 4, "batch": 16, "probed": 12}
P = 7
PAIRS = [(a, b) for a in range(P) for b in range(a, P)]
TRAIN = Dataset.from_dict(
    {"a": [a for a, _ in PAIRS], "b": [b for _, b in PAIRS], "answer": [(a + b) % P for a, b in PAIRS]}
)


@pytest.fixture
def module(baseline):
    return baseline("moe")


@pytest.fixture
def student(module, context):
    def make(seed=1, **given):
        return module.Moe(context("moe", {"a": "int64", "b": "int64"}, "int64", seed, {**SMALL, **given}))

    return make


@pytest.fixture
def fitted(student):
    def fit(seed=1, **given):
        one = student(seed, **given)
        one.points = list(one.fit(TRAIN, None))
        return one

    return fit


@pytest.fixture
def net(module):
    params = {"layers": 2, "experts": 4, "chosen": 2, **SMALL}
    return module.Network(2, P, params, torch.Generator().manual_seed(3)).double()


def test_a_row_is_the_sum_of_its_chosen_experts_answers_times_their_weights(module):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        experts = module.Experts(dim=6, hidden=5, experts=4, chosen=2).double()
        rows = torch.randn(3, 6, dtype=torch.float64)
    weights = (rows @ experts.router.weight.T).softmax(-1)
    said = []
    for row, own in zip(rows, weights, strict=True):
        answers = []
        for expert in sorted(range(4), key=lambda one: -own[one])[:2]:
            part = slice(5 * expert, 5 * expert + 5)
            hidden = (experts.rise.weight[part] @ row + experts.rise.bias[part]).relu()
            answers.append(own[expert] * (experts.fall.weight[:, part] @ hidden))
        said.append(sum(answers))

    torch.testing.assert_close(experts(rows), torch.stack(said))
    torch.testing.assert_close(experts.routed(rows), weights)


def test_the_last_layer_says_of_the_last_token_what_it_would_say_of_all(net):
    rows = torch.tensor(PAIRS)
    short, routing = net(rows), net.routing(rows)
    net.layers[-1].last = False

    torch.testing.assert_close(net(rows), short)
    torch.testing.assert_close(net.routing(rows), routing)
    assert routing.shape == (len(PAIRS), 2, 4)
    torch.testing.assert_close(routing.sum(-1), torch.ones(len(PAIRS), 2, dtype=torch.float64))


def test_what_is_told_of_routing_is_what_experts_do(net):
    rows, given = torch.tensor(PAIRS), []
    for layer in net.layers:
        layer.experts.register_forward_hook(lambda experts, stream, _: given.append(experts.routed(stream[0][:, -1])))
    net(rows)

    torch.testing.assert_close(net.routing(rows), torch.stack(given[:2], 1))


def test_places_are_told_apart(net):
    assert not torch.allclose(net(torch.tensor([[1, 2]])), net(torch.tensor([[2, 1]])))


def test_it_tells_the_pathways_of_rows_drawn_once_and_answers_what_it_learned(fitted):
    one = fitted(steps=200, learning_rate=0.01, weight_decay=0.1)
    told = one.diagnostics()

    assert one.predict(TRAIN) == TRAIN["answer"][:]
    assert one.probe.shape == (12, 2)
    found = pathways.pathways(one.network.routing(one.probe))
    assert told["distinct"] == len(set(found)) > 1
    assert told["edit_distance"] == pathways.edit_distance(found)
    assert -1 <= told["consistency"] <= 1
    assert told["loss"] < 0.1
    unknown = Dataset.from_dict({"a": [0], "b": [P + 3]})
    assert one.predict(unknown) == one.predict(Dataset.from_dict({"a": [0], "b": [0]}))


def test_steps_are_counted_as_torch_counts_them(fitted):
    one = fitted(steps=9)

    assert one.points == [1, 2, 3, 4, 5, 6, 8, 9]
    each = counting.operations(lambda: one.network(one.rows[:16]).sum().backward()) / 16
    # Batches of 16 of 28 rows, and what is left of them, 12.
    assert one.tally.flops == pytest.approx(each * (5 * 16 + 4 * 12))
    assert one.tally.examples == 5 * 16 + 4 * 12
    assert one.parameters == sum(weight.numel() for weight in one.network.parameters())


def test_one_seed_gives_the_same_weights_and_another_one_others(fitted):
    first, again, other = (fitted(seed).network.words.detach().numpy() for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"heads": 3}, "heads is 3; it must divide dim, which is 16"),
        ({"chosen": 5}, "chosen is 5; it must be at most experts, 4"),
        ({"probed": 0}, "probed is 0; it must be 1 or more"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(student, given, words):
    with pytest.raises(BadValue, match=words):
        student(**given)


def test_negative_values_are_refused(student):
    rows = Dataset.from_dict({"a": [-1], "b": [0], "answer": [0]})
    with pytest.raises(ValueError, match="integers from 0 on"):
        list(student().fit(rows, None))
