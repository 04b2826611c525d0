from __future__ import annotations

import math
from functools import partial

import pytest
import torch
from torch import nn

from genbench.errors import BadValue
from genbench.kit.optimization import Adam, Descent, schedule


def network():
    made = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in made.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator))
    return made


def losses(count):
    generator = torch.Generator().manual_seed(1)
    for _ in range(count):
        given = torch.randn(5, 3, generator=generator)
        yield lambda model, given=given: model(given).square().sum()


@pytest.mark.parametrize(
    ("ours", "peer"),
    [
        (partial(Adam, betas=(0.9, 0.98), epsilon=1e-8), partial(torch.optim.AdamW, betas=(0.9, 0.98))),
        (partial(Adam, betas=(0.9, 0.98), epsilon=1e-8, decoupled=False), partial(torch.optim.Adam, betas=(0.9, 0.98))),
        (Descent, torch.optim.SGD),
        (partial(Descent, momentum=0.9), partial(torch.optim.SGD, momentum=0.9)),
    ],
    ids=["AdamW", "Adam", "descent", "momentum"],
)
def test_steps_are_those_of_torch(ours, peer):
    model, theirs = network(), network()
    optimizer = ours(model, decay=0.1)
    expected = peer(theirs.parameters(), lr=0.01, weight_decay=0.1, foreach=False)

    for loss in losses(20):
        loss(model).backward()
        optimizer.step(0.01)
        expected.zero_grad()
        loss(theirs).backward()
        expected.step()

    for left, right in zip(model.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(left, right)


def test_weights_that_are_not_trained_stay_as_they_are():
    model = network()
    model[0].weight.requires_grad_(requires_grad=False)
    before = model[0].weight.clone()

    optimizer = Adam(model)
    next(losses(1))(model).backward()
    optimizer.step(0.1)

    assert torch.equal(model[0].weight, before)
    assert optimizer.weights.numel() == 4 + 8 + 2


def test_a_gradient_is_no_longer_than_it_may_be():
    model, free = network(), network()
    clipped, unclipped = Adam(model, clip=0.5), Adam(free)
    next(losses(1))(model).backward()
    next(losses(1))(free).backward()
    length = float(torch.linalg.vector_norm(unclipped.gradient))
    expected = unclipped.gradient * 0.5 / length

    assert length > 0.5
    clipped.step(0.1)
    torch.testing.assert_close(clipped.mean, 0.1 * expected)


def test_a_short_gradient_is_left_alone():
    model = network()
    optimizer = Adam(model, clip=1e9)
    next(losses(1))(model).backward()
    gradient = optimizer.gradient.clone()

    optimizer.step(0.1)

    assert torch.equal(optimizer.mean, torch.zeros_like(gradient).lerp_(gradient, 1 - 0.9))


def test_averaged_weights_trail_the_weights_and_can_be_swapped_in_and_out():
    model = network()
    optimizer = Adam(model, average=0.5)
    average = optimizer.weights.clone()
    for taken, loss in enumerate(losses(5), 1):
        loss(model).backward()
        optimizer.step(0.1)
        decay = min(0.5, (1 + taken) / (10 + taken))
        average = decay * average + (1 - decay) * optimizer.weights
    weights = optimizer.weights.clone()

    optimizer.swap()
    torch.testing.assert_close(optimizer.weights, average)
    torch.testing.assert_close(model[0].weight.flatten(), average[:12])
    optimizer.swap()
    assert torch.equal(optimizer.weights, weights)


def test_an_optimizer_goes_on_where_its_state_was_taken():
    def trained(model, optimizer, some):
        for loss in some:
            loss(model).backward()
            optimizer.step(0.1)

    model, resumed = network(), network()
    optimizer, other = Adam(model, average=0.9, decay=0.1), Adam(resumed, average=0.9, decay=0.1)
    trained(model, optimizer, list(losses(6))[:3])
    other.restore({name: tensor.clone() for name, tensor in optimizer.state().items()})

    trained(model, optimizer, list(losses(6))[3:])
    trained(resumed, other, list(losses(6))[3:])

    for name, tensor in optimizer.state().items():
        assert torch.equal(tensor, other.state()[name]), name


def test_a_model_without_weights_or_with_mixed_ones_is_refused():
    with pytest.raises(BadValue, match="no weights to train"):
        Adam(nn.Tanh())
    with pytest.raises(BadValue, match="weights must share one type and device"):
        Adam(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2).double()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constant", [0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        ("linear", [0.5, 1, 8 / 9, 7 / 9, 6 / 9, 5 / 9, 4 / 9, 3 / 9, 2 / 9, 1 / 9]),
        ("cosine", [0.5, *(0.5 + 0.5 * math.cos(math.pi * step / 9) for step in range(9))]),
        ("noam", [0.5, *(math.sqrt(2 / step) for step in range(2, 11))]),
    ],
)
@pytest.mark.parametrize("warm_up", [0.2, 2])
def test_a_rate_rises_to_one_and_then_follows_its_schedule(name, expected, warm_up):
    factor = schedule(name, 10, warm_up)

    assert [factor(step) for step in range(1, 11)] == pytest.approx(expected)


@pytest.mark.parametrize("name", ["constant", "linear", "cosine", "noam"])
def test_without_warm_up_the_first_step_is_the_largest(name):
    assert schedule(name, 10, 0)(1) == 1


@pytest.mark.parametrize("name", ["constant", "linear", "cosine", "noam"])
def test_a_warm_up_as_long_as_the_budget_or_longer_only_rises(name):
    for warm_up in (10, 20):
        factor = schedule(name, 10, warm_up)

        assert [factor(step) for step in range(1, 11)] == pytest.approx([step / warm_up for step in range(1, 11)])


def test_an_unknown_schedule_is_refused_with_a_hint():
    with pytest.raises(BadValue, match="schedule is 'lineer'; did you mean 'linear'?"):
        schedule("lineer", 10, 0)
    with pytest.raises(BadValue, match="warm_up is -1"):
        schedule("linear", 10, -1)
