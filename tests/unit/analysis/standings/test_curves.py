"""Learning curves: means by step."""

from genbench.analysis.standings import Headline, learning_curves
from genbench.rows import schema

EXACT = {"toy/echo": Headline("exact_match", chance={"test": 0.25}, kinds={"test": "ood"}, axes=("length",))}


def test_a_learning_curve_is_the_mean_of_the_seeds_that_reached_a_step(a_cell, a_point):
    cells = [a_cell(seed=0), a_cell(seed=1, status="timeout")]
    points = [(0, 10, 0.2), (1, 10, 0.4), (0, 100, 0.9)]
    rows = [a_point(cells[which], value) | {"step": step, "fit_seconds": step / 10} for which, step, value in points]

    found = learning_curves(schema.to_table(cells, schema.CELLS), schema.to_table(rows, schema.CURVES), EXACT)

    assert [(one.step, round(one.mean, 6), one.least, one.most, one.seeds) for one in found] == [
        (10, 0.3, 0.2, 0.4, 2),
        (100, 0.9, 0.9, 0.9, 1),
    ]


def test_what_a_submission_said_of_itself_is_a_curve_of_its_own(a_cell, a_point):
    cells = [a_cell(seed=0), a_cell(seed=1)]
    told = {"question_set": "", "kind": "", "metric": "diagnostic.norm", "n": 0, "fit_seconds": 1.0}
    rows = [
        a_point(cell, value) | told | {"step": step}
        for cell, step, value in [(cells[0], 10, 3.0), (cells[1], 10, 5.0), (cells[0], 20, 7.0)]
    ]
    counted = a_point(cells[0], 400.0) | told | {"metric": "examples_seen", "step": 10}

    found = learning_curves(
        schema.to_table(cells, schema.CELLS), schema.to_table([*rows, counted], schema.CURVES), EXACT
    )

    assert [(one.metric, one.question_set, one.step, one.mean, one.least, one.most) for one in found] == [
        ("diagnostic.norm", "", 10, 4.0, 3.0, 5.0),
        ("diagnostic.norm", "", 20, 7.0, 7.0, 7.0),
    ]
