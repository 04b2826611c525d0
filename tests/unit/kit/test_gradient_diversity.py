"""G-Vendi: the figure of the vendi-score package, and products of gradients that were never formed."""

import json

import pytest
import torch
from torch import nn

from genbench.errors import BadValue
from genbench.kit.gradient_diversity import gradient_diversity, gradient_products


def test_the_figure_is_that_of_the_vendi_score_package(reference):
    known = json.loads((reference / "seeds_theory" / "gradients.json").read_text())
    each = torch.tensor(known["gradients"], dtype=torch.float64)

    assert gradient_diversity(each @ each.T) == pytest.approx(known["g_vendi_by_vendi_score_package"], rel=1e-9)


@pytest.mark.parametrize(
    ("gradients", "count"),
    [
        (torch.eye(6), 6),
        (torch.ones(4, 3), 1),
        (torch.tensor([[1.0, 0.0], [5.0, 0.0], [0.0, 1.0], [0.0, 0.1]]), 2),  # lengths do not count
        (torch.tensor([[1.0, 0.0], [0.0, 0.0]]), 1),  # nor what has no direction
    ],
)
def test_equal_directions_count_once_and_orthogonal_ones_each(gradients, count):
    assert gradient_diversity(gradients @ gradients.T) == pytest.approx(count)


@pytest.mark.parametrize("bias", [True, False])
def test_products_are_those_of_each_row_s_gradient_by_all_weights(bias):
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(4, 5, bias=bias), nn.ReLU(), nn.Linear(5, 6, bias=bias), nn.ReLU(), nn.Linear(6, 3))
    rows, labels = torch.randn(7, 4), torch.randint(0, 3, (7,))
    each = []
    for row, label in zip(rows, labels, strict=True):
        loss = nn.functional.cross_entropy(model(row[None]), label[None])
        each.append(torch.cat([part.flatten() for part in torch.autograd.grad(loss, list(model.parameters()))]))

    with torch.no_grad():  # as `predict` and `diagnostics` may be
        found = gradient_products(model, rows, labels)

    torch.testing.assert_close(found.float(), torch.stack(each) @ torch.stack(each).T)


def test_gradients_that_have_no_directions_or_no_such_products_are_refused():
    with pytest.raises(BadValue, match="every gradient is 0"):
        gradient_diversity(torch.zeros(3, 3))
    with pytest.raises(BadValue, match=r"products of shape \(2, 3\); they must be a square of at most 2,000"):
        gradient_diversity(torch.ones(2, 3))
    with pytest.raises(BadValue, match="layer 1 is Tanh; Linear and ReLU must take turns, Linear last"):
        gradient_products(nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2)), torch.ones(1, 2), torch.ones(1))
    with pytest.raises(BadValue, match="layer 1 is ReLU"):
        gradient_products(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), torch.ones(1, 2), torch.ones(1))
