"""Standings along an axis."""

from dataclasses import replace

from genbench.analysis.standings import Headline, by_slice
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
    assert all(one.chance == 0.25 and one.low < one.mean < one.high for one in found)


def test_a_slice_has_the_chance_that_the_card_gives_it_and_else_that_of_its_question_set(a_cell, a_score):
    cell = a_cell(seed=0)
    scores = [a_score(cell, 0.5), *(a_score(cell, 0.5, 10, axis="length", slice=part) for part in ("1", "2"))]
    headline = replace(EXACT["toy/echo"], chance_along={"length": {"2": 0.1}})

    found = by_slice(
        schema.to_table([cell], schema.CELLS), schema.to_table(scores, schema.SCORES), {"toy/echo": headline}
    )

    assert [(one.slice, one.chance) for one in found] == [("1", 0.25), ("2", 0.1)]
