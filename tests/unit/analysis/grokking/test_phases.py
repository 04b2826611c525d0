"""The phases of the paper."""

import pytest

from genbench.analysis import grokking


@pytest.mark.parametrize(
    ("train", "test", "corruption", "phase"),
    [
        (0.9, 0.9, 0.35, "coexistence"),
        (0.979, 0.979, 0.35, "coexistence"),
        (0.770, 1.0, 0.35, "partial inversion"),
        (0.70, 1.0, 0.35, "partial inversion"),
        (0.699, 1.0, 0.35, "full inversion"),
        (0.653, 1.0, 0.35, "full inversion"),
        (0.8043, 1.0, 0.2, "full inversion"),
        (0.899, 0.9, 0.1, "full inversion"),
        (0.95, 0.899, 0.35, "memorization"),
        (0.0091, 0.0108, 0.35, "confusion"),
    ],
)
def test_phases_follow_the_papers_thresholds(train, test, corruption, phase):
    assert grokking.phase(train, test, corruption) == phase


def test_what_was_learned_and_lost_again_is_forgotten(course):
    lost, never = course([0.1, 0.99, 0.02], [0.1, 0.9, 0.01]), course([0.1, 0.8, 0.02], [0.1, 0.89, 0.01])

    assert (lost.phase, never.phase) == ("forgetting", "confusion")
    assert [one.phase for one in grokking.summaries([lost])] == ["forgetting"]
    assert course([0.1, 0.99, 1.0], [0.1, 0.9, 0.01]).phase == "memorization"
