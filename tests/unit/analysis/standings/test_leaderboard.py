"""All that a leaderboard shows."""

from datetime import UTC, datetime, timedelta

from genbench.analysis.standings import Headline, board
from genbench.rows import schema

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
EXACT = {"toy/echo": Headline("exact_match", chance={"test": 0.25}, kinds={"test": "ood"}, axes=("length",))}


def test_a_board_says_what_it_rests_on(a_cell, seeds_of, failure):
    rows = [*seeds_of("mlp", [0.5]), failure("mlp", 1, started=NOON + timedelta(hours=2))]
    older = a_cell(cell="older", started=NOON - timedelta(1))
    cells = schema.to_table([older, *(cell for cell, _ in rows)], schema.CELLS)
    scores = schema.to_table([score for _, own in rows for score in own], schema.SCORES)

    found = board(cells, scores, schema.to_table([], schema.CURVES), EXACT)

    assert (found.cells, found.failed, found.superseded) == (2, 1, 1)
    assert (found.first, found.last) == (NOON, NOON + timedelta(hours=2))
    assert found.versions == (("genbench", ("0.1.0",)),)


def test_no_rows_make_an_empty_board():
    empty = [schema.to_table([], kind) for kind in (schema.CELLS, schema.SCORES, schema.CURVES)]

    found = board(*empty, {})

    assert (found.standings, found.slices, found.curves, found.cells, found.first) == ((), (), (), 0, None)


def test_versions_that_are_not_json_do_not_stop_a_leaderboard(a_cell):
    cells = schema.to_table([a_cell(versions="?")], schema.CELLS)

    found = board(cells, schema.to_table([], schema.SCORES), schema.to_table([], schema.CURVES), EXACT)

    assert found.versions == ()
