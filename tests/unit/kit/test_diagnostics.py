from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from genbench.kit import diagnostics

P = 97


def wave(frequency, shift=0.3):
    return torch.cos(2 * torch.pi * frequency * torch.arange(P) / P + shift)


def ratio(vector):
    """The inverse participation ratio by the definition, from a transform written out as sums."""
    numbers = vector.tolist()
    power = []
    for k in range(len(numbers) // 2 + 1):
        angles = [2 * math.pi * k * place / len(numbers) for place in range(len(numbers))]
        real = math.fsum(x * math.cos(angle) for x, angle in zip(numbers, angles, strict=True))
        imaginary = math.fsum(x * math.sin(angle) for x, angle in zip(numbers, angles, strict=True))
        power.append(real**2 + imaginary**2)
    return math.fsum(one**2 for one in power) / math.fsum(power) ** 2


def test_the_ratio_is_that_of_the_one_sided_transform():
    vectors = torch.stack([wave(5), wave(5) + wave(9), torch.randn(P, generator=torch.Generator().manual_seed(1))])

    ratios, _ = diagnostics.participation(vectors[None])

    assert ratios.tolist() == pytest.approx([ratio(vector) for vector in vectors], rel=1e-6)
    assert ratios.tolist() == pytest.approx([1, 0.5, 0.04], abs=0.02)


def test_a_unit_s_ratio_is_the_mean_over_its_vectors():
    noise = torch.randn(P, generator=torch.Generator().manual_seed(1))

    ratios, _ = diagnostics.participation(torch.stack([wave(5), noise])[:, None])

    assert ratios.item() == pytest.approx((1 + ratio(noise)) / 2, rel=1e-6)


def test_units_without_a_spectrum_are_counted_apart():
    nothing, noise = torch.zeros(P), torch.randn(P, generator=torch.Generator().manual_seed(1))
    vectors = torch.stack(
        [torch.stack([wave(5), noise, wave(5), nothing]), torch.stack([wave(3), noise, nothing, noise])]
    )

    found = diagnostics.periodicity(vectors)

    assert found == pytest.approx(
        {"ipr": (1 + ratio(noise)) / 2, "ipr_low": 0.25, "ipr_high": 0.25, "dead": 0.5}, rel=1e-5
    )


def test_a_network_of_dead_units_has_finite_numbers():
    assert diagnostics.periodicity(torch.zeros(2, 3, P)) == {"ipr": 0, "ipr_low": 0, "ipr_high": 0, "dead": 1}


def test_collapse_counts_rows_of_one_score_and_zero_losses_those_of_them_that_are_right():
    scores = torch.tensor([[0.0, 1.0], [0.0, 20.0], [0.0, 200.0], [200.0, 0.0]])

    losses = functional.cross_entropy(scores, torch.ones(4, dtype=torch.int64), reduction="none")

    # e^-20 is lost beside 1 in float32, and e^-1 is not; of the last row the answer is wrong.
    assert (diagnostics.collapse(scores), diagnostics.zero_losses(losses)) == (0.75, 0.5)
    assert diagnostics.collapse(scores.double()) == 0.5


@pytest.mark.parametrize(
    ("gradients", "coherence"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], 1),
        ([[3.0, 4.0]] * 5, 5),
        ([[1.0, 0.0], [-1.0, 0.0]], 0),
        ([[0.0, 0.0]] * 3, 0),
    ],
)
def test_coherence_is_1_for_orthogonal_gradients_and_their_number_for_equal_ones(gradients, coherence):
    each = torch.tensor(gradients)

    found = diagnostics.coherence(each.square().sum(1), float(each.mean(0).square().sum()))

    assert found == pytest.approx(coherence)
