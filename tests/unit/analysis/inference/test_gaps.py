"""The generalization gap of the same seeds."""

import numpy as np
import pytest

from genbench.analysis.inference import gap, layout


def test_what_makes_a_seed_better_on_both_sets_is_not_in_the_gap(drawn):
    skill = np.array([0.2, 0.5, 0.8])[:, None]
    inside, outside = np.repeat(skill + 0.1, 40, axis=1), np.repeat(skill, 40, axis=1)

    found = gap([layout(inside)], layout(outside))

    assert [found.value, found.low, found.high] == pytest.approx([0.1, 0.1, 0.1])


def test_seeds_that_generalize_differently_make_most_of_a_gaps_variance(drawn):
    found = gap([layout(drawn(4, 2000, 3, 0.0))], layout(drawn(4, 2000, 0, 1.0, 7)))

    assert found.of_seeds > 0.9
    assert found.low < found.value < found.high


def test_one_seed_has_a_gap_whose_interval_is_over_questions_alone(drawn):
    inside, outside = drawn(1, 100, 3), drawn(1, 100, 0, seed=2)

    found = gap([layout(inside)], layout(outside))

    welch = np.sqrt(inside.var(ddof=1) / 100 + outside.var(ddof=1) / 100)
    assert (found.high - found.low) / 2 == pytest.approx(1.984 * welch, rel=1e-3)  # t of 99
    assert found.of_seeds is None
