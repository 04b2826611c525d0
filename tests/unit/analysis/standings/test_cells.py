"""Which cells stand."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def test_the_newest_cell_counts_also_where_it_failed(a_cell, a_score, stand, failure):
    old = a_cell(cell="old", submission_fingerprint="sha256:before")

    (one,) = stand([(old, [a_score(old, 0.9)]), failure(cell="new", started=NOON + timedelta(hours=1))])

    assert (one.mean, one.failed, one.superseded) == (None, (("timeout", 1),), 1)


def test_a_cell_read_from_two_folders_is_one_cell(a_cell, a_score, stand):
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 0.9)]), (cell, [a_score(cell, 0.9)])])

    assert (one.seeds, one.superseded) == (1, 0)


def test_seeds_of_different_code_are_said_to_differ(a_cell, a_score, stand, seeds_of):
    new = a_cell(seed=1, submission_fingerprint="sha256:later")

    (one,) = stand([*seeds_of("mlp", [0.5]), (new, [a_score(new, 0.5)])])

    assert one.editions == 2
