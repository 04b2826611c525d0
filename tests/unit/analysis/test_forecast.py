"""What cells are expected to take: medians of rows, ceilings where there are none, and many at a time."""

from types import SimpleNamespace

import pyarrow as pa
import pytest

from genbench.analysis.forecast import course, expectations

ROW = {
    "task": "scan",
    "split": "length",
    "submission": "lstm",
    "profile": "full",
    "seed": 0,
    "status": "ok",
    "device": "cpu",
    "cell_seconds": 10.0,
}


def a_cell(submission="lstm", seed=0, device="cpu", budget=100.0):
    card = SimpleNamespace(budget=lambda profile, variant: budget)
    split = SimpleNamespace(task=SimpleNamespace(name="scan"), label="length")
    chosen = SimpleNamespace(label=submission, card=card, variant="")
    return SimpleNamespace(split=split, submission=chosen, seed=seed, profile="full", device=device)


def rows(*changed):
    return pa.Table.from_pylist([ROW | one for one in changed])


@pytest.mark.parametrize(
    ("recorded", "seconds"),
    [
        ([{"cell_seconds": 10.0}, {"seed": 1, "cell_seconds": 30.0}, {"seed": 2, "cell_seconds": 12.0}], 12.0),
        ([{"status": "timeout", "cell_seconds": 60.0}], 60.0),
        ([{"status": "crashed", "cell_seconds": 1.0}], None),
        ([{"profile": "quick"}], None),
        ([{"split": "length:p=1"}], None),
        ([{"submission": "lstm:hidden=9"}], None),
        ([{"device": "cuda NVIDIA H100", "cell_seconds": 2.0}, {"cell_seconds": 11.0}], 11.0),
        ([{"device": "cuda NVIDIA H100", "cell_seconds": 2.0}], 2.0),
    ],
)
def test_a_cell_takes_the_median_of_its_own_rows_those_of_its_device_first_and_else_is_not_known(recorded, seconds):
    (one,) = expectations([a_cell(seed=7)], rows(*recorded))

    assert (one.seconds, one.at_most, one.done) == (seconds, 100.0, False)


def test_cells_start_where_one_has_ended_and_the_longest_is_what_more_at_a_time_do_not_shorten():
    names = {"a": 4.0, "b": 1.0, "c": 1.0, "d": 6.0}
    left = expectations(
        [a_cell(name) for name in names],
        rows(*({"submission": name, "cell_seconds": took} for name, took in names.items())),
    )

    two, many = course(left, 2), course(left, 64)

    assert (two.seconds, two.least) == (8.0, 6.0)  # a | b c d: the last starts after 2 of them
    assert (many.seconds, many.least) == (6.0, 6.0)
    assert two.longest.cell.submission.label == "d"


def test_untimed_cells_count_at_their_budgets_where_the_most_is_asked_and_else_not_at_all():
    left = expectations([a_cell("a"), a_cell("b")], rows({"submission": "a"}))

    assert course(left, 1).seconds == 10.0
    assert course(left, 1, at_most=True).seconds == 110.0
    assert course([], 3).longest is None
