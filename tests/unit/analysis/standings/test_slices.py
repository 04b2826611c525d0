"""Standings along an axis."""

from dataclasses import replace

import pytest

from genbench.analysis.standings import Headline, by_slice, wilson
from genbench.rows import schema

EXACT = {"toy/echo": Headline("exact_match", chance={"test": 0.25}, kinds={"test": "ood"}, axes=("length",))}


def test_slices_stand_apart_in_the_order_of_their_numbers(a_cell, a_score):
    rows = []
    for seed, shift in enumerate((0.0, 0.2)):
        cell = a_cell(seed=seed)
        parts = [a_score(cell, 0.05 * length + shift, 10, axis="length", slice=str(length)) for length in (2, 1, 10)]
        rows.append((cell, [a_score(cell, 0.5), *parts]))
    cells = schema.to_table([cell for cell, _ in rows], schema.CELLS)
    scores = schema.to_table([score for _, own in rows for score in own], schema.SCORES)

    found = by_slice(cells, scores, EXACT)

    assert [(one.slice, round(one.mean, 6), one.seeds, one.questions) for one in found] == [
        ("1", 0.15, 2, 10),
        ("2", 0.2, 2, 10),
        ("10", 0.6, 2, 10),
    ]
    assert all(one.low < one.mean < one.high for one in found)


def test_a_slice_has_the_chance_that_the_card_gives_it_and_else_none(a_cell, a_score):
    cell = a_cell(seed=0)
    scores = [a_score(cell, 0.5), *(a_score(cell, 0.5, 10, axis="length", slice=part) for part in ("1", "2"))]
    headline = replace(EXACT["toy/echo"], chance_along={"length": {"2": 0.1}})

    found = by_slice(
        schema.to_table([cell], schema.CELLS), schema.to_table(scores, schema.SCORES), {"toy/echo": headline}
    )

    assert [(one.slice, one.chance) for one in found] == [("1", None), ("2", 0.1)]


def test_a_slice_says_which_of_the_submissions_cells_failed_and_has_the_floor_of_its_own(a_cell, a_score, failure):
    good, constant = a_cell(seed=0), a_cell("majority")
    parts = [a_score(one, value, 10, axis="length", slice="1") for one, value in ((good, 0.5), (constant, 0.2))]
    cells = schema.to_table([good, constant, failure("mlp", 1)[0]], schema.CELLS)

    majority, mlp = sorted(
        by_slice(cells, schema.to_table(parts, schema.SCORES), EXACT), key=lambda one: one.submission
    )

    assert (mlp.failed, mlp.floor) == ((("timeout", 1),), 0.2)
    assert (majority.failed, majority.floor) == ((), 0.2)


def test_the_interval_of_a_slice_is_of_its_own_questions(a_cell, a_score, evidence):
    cells = [a_cell(seed=seed) for seed in range(3)]
    marks = {cell["cell"]: [1.0, 1, 1, 0, 1, 0, 0, 0] for cell in cells}
    lengths = [1, 1, 1, 1, 2, 2, 2, 2]
    scores = [
        a_score(cell, value, 4, axis="length", slice=part)
        for cell in cells
        for part, value in (("1", 0.75), ("2", 0.25))
    ]
    known = evidence(marks, {"length": [str(one) for one in lengths]})

    found = by_slice(schema.to_table(cells, schema.CELLS), schema.to_table(scores, schema.SCORES), EXACT, known)

    assert [(one.low, one.high) for one in found] == [pytest.approx(wilson(share, 4)) for share in (0.75, 0.25)]
