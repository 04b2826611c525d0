"""Average accuracy, forgetting and backward transfer."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from genbench.analysis.standings import Headline
from genbench.analysis.streams import memory, streamed
from genbench.errors import BadValue


def test_the_three_figures_are_those_of_the_reference_vectors(reference):
    cases = json.loads((reference / "seeds_tasks" / "continual.json").read_text())

    found = [memory(np.array(case["accuracy"])) for case in cases]

    assert len(cases) == 4
    for one, case in zip(found, cases, strict=True):
        assert one.average == pytest.approx(case["average"], abs=1e-12)
        assert one.forgetting == pytest.approx(case["forgetting"], abs=1e-12)
        assert one.backward_transfer == pytest.approx(case["backward_transfer"], abs=1e-12)


def test_of_a_metric_of_which_less_is_better_the_signs_are_turned():
    right = np.array([[0.9, 0.1, 0.0], [0.5, 0.8, 0.2], [0.4, 0.6, 0.7]])

    told, turned = memory(right), memory(1 - right, "lower")

    assert (turned.forgetting, turned.backward_transfer) == pytest.approx((told.forgetting, told.backward_transfer))
    assert turned.average == pytest.approx(1 - told.average)


def test_one_stage_has_nothing_to_forget():
    assert memory(np.array([[0.25]])).forgetting is None


CELLS = ("task", "split", "submission", "profile", "seed", "cell", "status", "started")


def rows(matrices, steps=None):
    """CELLS and CURVES of one submission on one stream, a matrix for each seed."""
    begun = [datetime(2026, 1, 1, second=seed, tzinfo=UTC) for seed in range(len(matrices))]
    cells = [("seasons", "three", "mlp", "full", seed, f"c{seed}", "ok", when) for seed, when in enumerate(begun)]
    curves = [
        {
            "cell": f"c{seed}",
            "step": step,
            "axis": "stage",
            "slice": str(stage),
            "metric": "exact_match",
            "value": value,
        }
        for seed, matrix in enumerate(matrices)
        for step, row in enumerate(matrix)
        for stage, value in enumerate(row)
        if steps is None or step in steps
    ]
    return (
        pa.Table.from_pylist([dict(zip(CELLS, cell, strict=True)) for cell in cells]),
        pa.Table.from_pylist([{"task": "seasons", "split": "three", "question_set": "test", **row} for row in curves]),
    )


def told(matrices, axis="stage", steps=None):
    return streamed(*rows(matrices, steps), {"seasons/three": Headline("exact_match")}, lambda *_: True, axis)


def test_figures_over_seeds_have_an_interval_and_of_one_seed_none():
    one, other = [[1.0, 0.0], [0.5, 1.0]], [[1.0, 0.0], [0.7, 1.0]]

    ((both,), _), ((alone,), _) = told([one, other]), told([one])

    mean, low, high = both.figures["forgetting"]
    assert mean == pytest.approx(0.4)
    assert high - mean == pytest.approx(mean - low) == pytest.approx(12.706 * 0.1, rel=1e-3), "t of one degree"
    assert alone.figures["forgetting"] == (0.5, None, None)
    assert both.matrix == pytest.approx(np.array([[1.0, 0.0], [0.6, 1.0]]))


def test_curves_without_a_step_for_each_stage_are_left_out_and_said():
    with pytest.raises(BadValue, match="no stream along 'stage' .*\n  seasons/three test  mlp: its learning curve has"):
        told([[[1.0, 0.0], [0.5, 1.0]]], steps=[0])


def test_an_axis_that_no_curve_has_is_one_error():
    with pytest.raises(BadValue, match="^no stream along 'season' is in these results; a split is one where its card "):
        told([[[1.0]]], axis="season")
