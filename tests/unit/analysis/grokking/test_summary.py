"""Courses over seeds."""

import pytest

from genbench.analysis import grokking


def test_diagnostics_at_the_last_point_are_averaged_over_seeds(cell, curve, told, course):
    cells = [cell("a"), cell("b", seed=1)]
    curves = [
        *curve(
            [1, 10], "a", trained=[0, 1], test=[0, 1], counts={"diagnostic.ipr": [0.1, 0.4], "examples_seen": [1, 2]}
        ),
        *curve([1, 10], "b", trained=[0, 1], test=[0, 1], counts={"diagnostic.ipr": [0.1, 0.6]}),
    ]

    (one,) = grokking.summaries(told(cells, curves)[0])

    assert one.courses[0].diagnostics == {"ipr": (0.1, 0.4)}
    assert one.diagnostics == {"ipr": 0.5}
    assert grokking.summaries([course([0, 1, 1], [0, 1, 1])])[0].diagnostics == {}


def test_seeds_are_put_together(cell, curve, told):
    cells = [cell("a"), cell("b", seed=1), cell("c", seed=2)]
    curves = [
        *curve([1, 10, 100], "a", trained=[0, 1, 1], test=[0, 0, 1]),
        *({**row, "seed": 1} for row in curve([1, 10, 100], "b", trained=[1, 1, 1], test=[0, 1, 1])),
        *({**row, "seed": 2} for row in curve([1, 10, 100], "c", trained=[0, 1, 1], test=[0, 0, 0.1])),
    ]

    (one,) = grokking.summaries(told(cells, curves)[0])

    assert (one.train, one.test, one.phase) == (1.0, pytest.approx(0.7), "memorization")
    assert dict(one.phases) == {"coexistence": 2, "memorization": 1}
    delay = one.medians["delay", "steps"]
    assert (delay.median, delay.happened, delay.seeds) == (90, 2, 3)
