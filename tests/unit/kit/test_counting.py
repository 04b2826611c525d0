from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from genbench.kit import counting
from genbench.kit.batching import Batch, sizes_of


class Attends(nn.Module):
    """A layer of everything that a step's operations come from."""

    def __init__(self, dim=8):
        super().__init__()
        self.mix = nn.Linear(dim, 3 * dim)
        self.table = nn.Linear(dim, dim)
        self.recurrent = nn.LSTM(dim, dim, batch_first=True)

    def forward(self, given, asked):
        query, key, value = self.mix(given).unflatten(-1, (3, 2, 4)).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        shared = self.table(torch.ones(given.shape[1], 8))  # of positions: the same for all rows
        stream, _ = self.recurrent(mixed + shared)
        return (asked @ stream.transpose(1, 2)).sum()


def batch(lengths):
    rows, widths = len(lengths[0]), [max(part) for part in lengths]
    return Batch(
        tuple(torch.ones(rows, width, 8) for width in widths), rows, 0, sizes_of(torch.tensor(lengths).numpy())
    )


def test_weights_count_once_however_often_they_are_used():
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    model[2].weight = model[0].weight
    model[2].bias.requires_grad_(requires_grad=False)

    assert counting.parameters(model) == 9 + 3


def test_operations_are_those_that_torch_counts():
    model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, dropout=0.0)
    given = torch.ones(2, 5, 8)
    with FlopCounterMode(display=False) as expected:
        model(given).sum().backward()

    found = counting.operations(lambda: model(given).sum().backward())

    assert found == expected.get_total_flops() > 0


def test_a_fused_recurrent_layer_is_counted():
    layer = nn.LSTM(3, 5, batch_first=True, bidirectional=True)

    found = counting.operations(lambda: layer(torch.ones(2, 7, 3))[0].sum().backward())

    assert found == 3 * 2 * (2 * 7) * 2 * 4 * 5 * (3 + 5)


def test_the_cost_of_any_batch_follows_from_a_few():
    model = Attends()
    generator = torch.Generator().manual_seed(0)
    batches = [
        batch(torch.randint(1, 12, (2, rows), generator=generator).tolist()) for rows in (1, 2, 3, 4) for _ in range(10)
    ]
    large = batch([list(range(1, 31)), list(range(30, 0, -1))])

    cost = counting.cost(lambda one: model(*one.parts).backward(), batches[::2])

    assert cost.misfit < 1e-9
    for one in (*batches[1::2], large):
        exact = counting.operations(lambda one=one: model(*one.parts).backward())
        assert cost(one.sizes) == pytest.approx(exact, rel=1e-6)


def test_what_multiplies_nothing_costs_nothing():
    weight = torch.ones(3, requires_grad=True)

    cost = counting.cost(lambda one: (weight * one.rows).sum().backward(), [batch([[1], [2]])])

    assert cost((5, 1, 2, 1, 2)) == 0


def test_batches_that_differ_most_are_chosen():
    sizes = [(4, 5, 5), (9, 5, 5), (1, 1, 10), (1, 10, 10), (1, 5, 6)]

    assert sorted(counting.spread(sizes, 3)) == [0, 2, 3]
    assert sorted(counting.spread(sizes, 9)) == [0, 2, 3, 4]
