"""Which of several cells, and which edition of the questions, counts."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from genbench.analysis.newest import current_data, newest_rows

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
CONTEST = ("toy", "echo", "full")


def cells(*changes):
    cell = {"task": "toy", "split": "echo", "submission": "mlp", "profile": "full", "seed": 0, "status": "ok"}
    return pa.Table.from_pylist([cell | {"cell": "a", "started": NOON, "device": "cpu"} | own for own in changes])


def test_the_newest_counts_also_where_it_failed():
    later = {"cell": "b", "status": "timeout", "started": NOON + timedelta(hours=1)}

    (one,) = newest_rows(cells({}, later, {}), ["device"], lambda *_: True)

    assert (one["cell"], one["status"], one["device"]) == ("b", "timeout", "cpu")


def test_cells_of_other_seeds_and_profiles_stand_beside():
    found = newest_rows(cells({}, {"seed": 1}, {"profile": "quick"}), [], lambda *_: True)

    assert [(one["seed"], one["profile"]) for one in found] == [(0, "full"), (1, "full"), (0, "quick")]


def test_only_what_is_wanted_comes():
    found = newest_rows(cells({}, {"submission": "knn"}), [], lambda split, who: (split, who) == ("toy/echo", "knn"))

    assert [one["submission"] for one in found] == ["knn"]


def test_what_ran_without_the_wall_takes_the_place_of_nothing_that_did_not():
    walled, later = {"sealing": "process"}, {"cell": "b", "sealing": "none", "started": NOON + timedelta(hours=1)}

    (one,) = newest_rows(cells(walled, later), [], lambda *_: True)

    assert one["cell"] == "a"


def test_the_data_that_most_cells_had_are_current_and_of_as_many_the_newest():
    other = ("toy", "echo", "quick")
    answered = [(CONTEST, NOON + timedelta(1), "stale"), *[(CONTEST, NOON, "known")] * 2]
    even = [(other, NOON, "old"), (other, NOON + timedelta(1), "new")]

    assert current_data([*answered, *even]) == {CONTEST: "known", other: "new"}


def test_of_cells_that_started_together_the_order_of_rows_has_no_say():
    answered = [(CONTEST, NOON, "a"), (CONTEST, NOON, "b")]

    assert current_data(answered) == current_data(reversed(answered)) == {CONTEST: "b"}


def test_a_row_of_a_clock_that_is_years_ahead_supersedes_nothing():
    ahead = {"cell": "z", "started": datetime.now(UTC) + timedelta(days=4000)}
    (one,) = newest_rows(cells(ahead, {}), [], lambda *_: True)
    (alone,) = newest_rows(cells(ahead, {**ahead, "cell": "b"}), [], lambda *_: True)

    assert (one["cell"], alone["cell"]) == ("a", "z")
    answered = [(CONTEST, NOON, "known"), (CONTEST, ahead["started"], "of 2037")]
    assert current_data(answered) == {CONTEST: "known"}
