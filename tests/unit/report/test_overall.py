"""All splits together: what counts, what is missing, and where two orders disagree."""

import pytest

from genbench.analysis.standings.overall import overall
from genbench.report.filters import Filter
from genbench.report.forms import as_text
from genbench.report.overall import beside, overall_table
from genbench.report.summary import summary

SPLITS = [f"split{number}" for number in range(4)]


@pytest.fixture
def board(a_standing):
    """Gives `board(mlp=[...], knn=[...])`: means on four splits with chance .2, None where there is no row."""

    def made(**means):
        return [
            a_standing(name, split=split, mean=mean, chance=0.2, variance=1e-4)
            for name, own in means.items()
            for split, mean in zip(SPLITS, own, strict=True)
            if mean is not None
        ]

    return made


def test_a_missing_split_counts_as_the_floor_and_the_row_says_how_many_there_are(board):
    (mlp, knn), _ = overall(board(mlp=[1.0, 1.0, None, None], knn=[0.2, 0.2, 0.2, 0.2]))

    assert (mlp.mean, mlp.splits, mlp.of) == (0.5, 2, 4)
    assert (knn.mean, knn.splits) == (pytest.approx(0), 4)
    assert mlp.low < 0.5 < mlp.high


def test_what_is_below_the_floor_stays_below_0(board):
    (_, knn), _ = overall(board(mlp=[0.2] * 4, knn=[0.0] * 4))

    assert knn.mean == pytest.approx(-0.25)


def test_a_failed_cell_counts_as_the_floor_and_rows_without_the_wall_not_at_all(board, a_standing):
    failed = a_standing(
        "knn", split="split0", mean=None, chance=0.2, failed=(("timeout", 3),), unranked="3 of 3 failed"
    )
    unwalled = a_standing("file", split="split0", mean=1.0, unranked="ran without the wall")

    found, _ = overall([*board(mlp=[0.6] * 4), failed, unwalled])

    assert [(one.submission, one.mean, one.splits) for one in found] == [("mlp", pytest.approx(0.5), 4), ("knn", 0, 0)]


def test_where_one_wins_seldom_and_by_far_the_two_orders_are_said_to_disagree(board):
    often = {f"often{number}": [0.3 + number / 100] * 3 + [0.2] for number in range(3)}

    table = overall_table(board(seldom=[0.2, 0.2, 0.2, 1.0], **often), Filter())

    text = as_text([table])
    assert "by Borda 3 places lower" in next(line for line in text.splitlines() if line.startswith("seldom"))
    assert "4 of 4" in text


def test_tasks_that_order_submissions_alike_are_told(board, a_standing):
    other = [a_standing(name, task="other", mean=mean, chance=0.2) for name, mean in (("mlp", 0.9), ("knn", 0.3))]

    _, agreement = overall([*board(mlp=[0.8] * 4, knn=[0.4] * 4), *other])

    assert (agreement.tau, agreement.tasks) == (pytest.approx(1), 2)


def test_one_submission_and_the_quick_profile_have_no_overall(board, a_standing):
    assert overall_table(board(mlp=[0.5] * 4), Filter()) is None
    assert overall_table([a_standing(name, profile="quick") for name in ("mlp", "knn")], Filter()) is None


def test_beside_the_summary_stands_what_all_splits_together_say_of_the_full_profile(board, a_standing):
    rows = [*board(mlp=[0.6] * 4, knn=[0.4] * 4), a_standing("mlp", profile="quick")]
    whole = overall_table(rows, Filter())

    table = beside(summary(rows, Filter()), whole)

    found = {(row["submission"], row["profile"]): row for row in table.rows}
    assert found["mlp", "full"]["overall"] == pytest.approx(0.5)
    assert (found["knn", "full"]["overall_borda"], found["knn", "full"]["overall_of"]) == (0.0, 4)
    assert found["mlp", "quick"]["overall"] is None
    assert [row["overall"] for row in beside(summary(rows[:1], Filter()), None).rows] == [None]
