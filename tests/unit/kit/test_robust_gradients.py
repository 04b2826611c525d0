"""Estimates of a mean gradient: against sorting by hand, and against gradients of one row at a time."""

import numpy as np
import pytest
import torch

from genbench.errors import BadValue
from genbench.kit import robust_gradients


def test_by_row_gives_the_gradients_that_each_row_has_alone():
    draw = torch.Generator().manual_seed(0)
    layer = torch.nn.Linear(3, 2)
    given = torch.randn(4, 3, generator=draw)
    pull = torch.randn(4, 2, generator=draw)
    weights, biases = robust_gradients.by_row(given, pull)

    for at in range(4):
        alone = torch.autograd.grad((layer(given[at : at + 1]) * pull[at]).sum(), [layer.weight, layer.bias])
        assert torch.allclose(weights[at], alone[0])
        assert torch.allclose(biases[at], alone[1])


@pytest.mark.parametrize("clipped", [0, 1, 3])
def test_a_winsorized_mean_is_that_of_sorted_columns_whose_ends_are_pulled_in(clipped):
    values = np.random.default_rng(1).normal(size=(9, 2, 3)).astype(np.float32)
    expected = np.empty((2, 3))
    for place in np.ndindex(2, 3):
        column = sorted(values[:, *place])
        inner = column[clipped : len(column) - clipped]
        expected[place] = np.mean([inner[0]] * clipped + inner + [inner[-1]] * clipped)

    found = robust_gradients.winsorized(torch.from_numpy(values.copy()), clipped)
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-6)


def test_of_fewer_rows_than_are_clipped_the_median_is_left_and_rows_stay_as_they_were():
    odd, even = torch.tensor([[9.0], [1.0], [2.0]]), torch.tensor([[9.0], [1.0], [2.0], [3.0]])

    assert robust_gradients.winsorized(odd, 5).tolist() == [2.0]
    assert robust_gradients.winsorized(even, 5).tolist() == [2.5]
    assert robust_gradients.winsorized(odd[:1], 5).tolist() == [9.0]
    assert odd.tolist() == [[9.0], [1.0], [2.0]]


def test_to_clip_a_number_of_rows_below_0_is_refused():
    with pytest.raises(BadValue, match="clipped is -1; it must be a number of rows, 0 or more"):
        robust_gradients.winsorized(torch.ones(3, 1), -1)


def test_the_middle_one_is_taken_in_each_coordinate_and_before_there_are_three_the_last():
    three = [torch.tensor(one) for one in ([1.0, 9.0], [2.0, 8.0], [7.0, 0.0])]

    assert robust_gradients.middle(three).tolist() == [2.0, 8.0]
    assert robust_gradients.middle(three[:2]).tolist() == [2.0, 8.0]
    assert robust_gradients.middle(three[:1]).tolist() == [1.0, 9.0]


def test_a_number_carries_the_gradient_it_is_given():
    weights = [torch.tensor([0.3, -2.0], requires_grad=True), torch.tensor([[1e6]], requires_grad=True)]
    gradients = [torch.tensor([5.0, 0.5]), torch.tensor([[-3.0]])]
    value = robust_gradients.carrying(torch.tensor(0.7), weights, gradients)
    value.backward()

    assert value.item() == torch.tensor(0.7).item()
    for weight, gradient in zip(weights, gradients, strict=True):
        assert torch.equal(weight.grad, gradient)
