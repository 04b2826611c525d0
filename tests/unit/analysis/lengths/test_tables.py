"""The tables of lengths."""

import math

import pytest

from genbench.analysis import lengths
from genbench.rows import schema


def test_rows_are_of_their_schemas_and_say_what_was_found(reach):
    found = [reach([{10: 1.0, 20: 0.9, 50: 0.2}, {10: 1.0, 20: 0.8, 50: 0.0}])]

    accuracies, alone, whole = (
        schema.to_table(rows(found), kind).to_pylist()
        for rows, kind in (
            (lengths.accuracy_rows, lengths.ACCURACIES),
            (lengths.seed_rows, lengths.SEEDS),
            (lengths.reach_rows, lengths.REACHES),
        )
    )

    assert [(row["length"], row["accuracy"]) for row in accuracies] == [(10, 1), (20, pytest.approx(0.85)), (50, 0.1)]
    assert [(row["seed"], row["break_point"]) for row in alone] == [(0, 20), (1, 10)]
    (row,) = whole
    assert (row["break_point"], row["break_low"] <= 10, row["break_high"]) == (10, True, math.inf)
    assert (row["shortest"], row["longest"], row["familiar"], row["seeds"], row["failed"]) == (10, 50, None, 2, 0)
    assert row["questions"] == 300


def test_token_accuracy_and_prefix_length_are_told_beside_where_every_seed_has_them(cell, scores, told):
    cells = [cell(str(seed), seed=seed) for seed in (0, 1)]
    rows = [
        row
        for seed in (0, 1)
        for row in (
            *scores({10: 1.0, 50: 0.0}, str(seed), seed=seed),
            *scores({10: 10.0, 50: 20.0 + seed}, str(seed), metric="prefix_length", seed=seed),
        )
    ]
    rows += scores({10: 1.0, 50: 0.8}, "0", metric="token_accuracy")

    (found,), _ = told(cells, rows)

    accuracies = list(lengths.accuracy_rows([found]))
    assert [row["prefix_length"] for row in accuracies] == [10, 20.5]
    assert [row["token_accuracy"] for row in accuracies] == [None, None]
